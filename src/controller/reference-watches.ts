import { findField, mapField, stringField } from '../lib/json.ts'
import type { JsonValue } from '../lib/json.ts'
import { identityOf } from '../api/inventory.ts'
import { canonicalHash } from '../lib/canonical.ts'
import type { KubeObject, Logger, ObjectKey, ObjectWatcher, Watch } from '../ports.ts'

/** Watches of single Secrets and ConfigMaps; each is a connection. Beyond it, changes are seen at the next evaluation. */
const MAX_NAMED_WATCHES = 500

/** An object that sets read, and on whose behalf. */
export interface WatchedReference {
  readonly key: ObjectKey
  /** The account of a set that reads it; undefined: the controller's own. */
  readonly account: { readonly namespace: string; readonly name: string } | undefined
}

export interface ReferenceWatchDeps {
  readonly watcher: ObjectWatcher
  readonly log: Logger
  /** An object has changed, appeared or gone since it was first seen. */
  readonly onChange: (key: ObjectKey) => void
}

interface OpenWatch {
  readonly watch: Watch
  readonly stop: () => void
}

/**
 * Keeps one watch for every thing that sets read: Flux's kinds as a whole, Secrets and ConfigMaps one by one and by
 * metadata only, since those are never listed or cached.
 */
export class ReferenceWatches {
  private readonly deps: ReferenceWatchDeps
  private readonly open = new Map<string, OpenWatch>()
  private isFull = false

  constructor(deps: ReferenceWatchDeps) {
    this.deps = deps
  }

  /** Opens what is missing for `references` and closes what nobody reads any more. */
  update(references: readonly WatchedReference[]): void {
    const wanted = new Map(references.map((reference) => [watchName(reference), reference]))
    for (const [name, watch] of this.open) {
      if (wanted.has(name)) continue
      watch.stop()
      this.open.delete(name)
    }
    for (const [name, reference] of wanted) {
      if (this.open.has(name)) continue
      if (this.hasRoom()) this.open.set(name, this.start(reference))
    }
  }

  stop(): void {
    for (const watch of this.open.values()) watch.stop()
    this.open.clear()
  }

  private hasRoom(): boolean {
    if (this.open.size < MAX_NAMED_WATCHES) return true
    if (!this.isFull) this.deps.log.warn('too many watched references', { max: MAX_NAMED_WATCHES })
    this.isFull = true
    return false
  }

  private start(reference: WatchedReference): OpenWatch {
    const seen = new Map<string, string>()
    let isSynced = false
    const report = (object: KubeObject): void => this.deps.onChange(keyOfSeen(reference.key, object))
    const watch = this.deps.watcher.watch(targetOf(reference), {
      onChange: (object) => {
        const text = identityOf(keyOfSeen(reference.key, object))
        const fingerprint = fingerprintOf(object, isNamed(reference.key))
        const isNews = seen.get(text) !== fingerprint
        seen.set(text, fingerprint)
        // What is there at the start has been read by the evaluation that asked for this watch.
        if (isSynced && isNews) report(object)
      },
      onDelete: (object) => {
        seen.delete(identityOf(keyOfSeen(reference.key, object)))
        report(object)
      },
      onSynced: () => {
        isSynced = true
      },
    })
    return { watch, stop: () => watch.stop() }
  }
}

/** Core kinds are watched one by one. */
function isNamed(key: ObjectKey): boolean {
  return key.group === ''
}

function watchName(reference: WatchedReference): string {
  const { key, account } = reference
  if (!isNamed(key)) return `${key.group}/${key.kind}`
  return `${identityOf(key)} as ${account === undefined ? 'controller' : `${account.namespace}/${account.name}`}`
}

function targetOf({ key, account }: WatchedReference): Parameters<ObjectWatcher['watch']>[0] {
  const { group, version, kind } = key
  if (!isNamed(key)) return { group, version, kind }
  return {
    group,
    version,
    kind,
    namespace: key.namespace,
    name: key.name,
    metadataOnly: true,
    ...(account === undefined ? {} : { identity: { kind: 'serviceAccount', ...account } }),
  }
}

function keyOfSeen(watched: ObjectKey, object: KubeObject): ObjectKey {
  const namespace = stringField(object.metadata, 'namespace')
  return { ...watched, namespace, name: stringField(object.metadata, 'name') }
}

/** Hash of what an object means to its readers: not its bookkeeping, and not how its controller is doing. */
function fingerprintOf(object: KubeObject, metadataOnly: boolean): string {
  const { metadata } = object
  if (metadataOnly) return stringField(metadata, 'resourceVersion')
  const { conditions: _conditions, observedGeneration: _observed, ...status } = mapField(object, 'status')
  const parts: JsonValue[] = [
    findField(object, 'spec') ?? null,
    status,
    findField(metadata, 'labels') ?? null,
    findField(metadata, 'annotations') ?? null,
  ]
  return canonicalHash(parts)
}
