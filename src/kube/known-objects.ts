import { findField, stringField } from '../lib/json.ts'
import type { JsonObject } from '../lib/json.ts'
import type { KubeObject } from '../ports.ts'

/** What an observed object means, compared with what was known. */
export type Change =
  | { readonly kind: 'changed'; readonly object: KubeObject }
  | { readonly kind: 'deleted'; readonly object: KubeObject }

/**
 * Remembers which objects there are, without their contents: enough to see at a relist what was deleted meanwhile, and whom
 * it belonged to (its labels).
 */
export class KnownObjects {
  readonly #byKey = new Map<string, KubeObject>()

  /** An object was seen. One that is known in this very version is no change; one of another UID replaces a deleted one. */
  observe(object: KubeObject): Change[] {
    const key = keyOf(object)
    const old = this.#byKey.get(key)
    if (old !== undefined && sameField(old, object, 'uid') && sameField(old, object, 'resourceVersion'))
      return []
    this.#byKey.set(key, summarize(object))
    const changed: Change = { kind: 'changed', object }
    const replaced = old !== undefined && !sameField(old, object, 'uid')
    return replaced ? [{ kind: 'deleted', object: old }, changed] : [changed]
  }

  /** An object was reported as deleted. */
  remove(object: KubeObject): Change[] {
    this.#byKey.delete(keyOf(object))
    return [{ kind: 'deleted', object }]
  }

  /** Forgets all but `listed`, a complete list. The deleted ones come back with their metadata as last seen. */
  retain(listed: ReadonlySet<string>): Change[] {
    const gone = [...this.#byKey].filter(([key]) => !listed.has(key))
    for (const [key] of gone) this.#byKey.delete(key)
    return gone.map(([, object]) => ({ kind: 'deleted', object }))
  }
}

/** Names an object among those of its kind. */
export function keyOf(object: KubeObject): string {
  return `${stringField(object.metadata, 'namespace')}/${stringField(object.metadata, 'name')}`
}

function sameField(a: KubeObject, b: KubeObject, name: string): boolean {
  return findField(a.metadata, name) === findField(b.metadata, name)
}

function summarize(object: KubeObject): KubeObject {
  const metadata: JsonObject = {}
  for (const name of ['name', 'namespace', 'uid', 'resourceVersion', 'labels']) {
    const value = findField(object.metadata, name)
    if (value !== undefined) metadata[name] = value
  }
  return { apiVersion: object.apiVersion, kind: object.kind, metadata }
}
