import { findField, isJsonObject } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import { canonicalHash } from '../lib/canonical.ts'
import type { KubeObject, ObjectKey } from '../ports.ts'
import type { Change } from './change-set.ts'

const MAX_FIELDS = 20

/** Paths of the fields that differ between two states of an object, without what the server keeps for itself. */
export function diffFields(before: KubeObject, after: KubeObject): string[] {
  const paths: string[] = []
  collect(withoutServerFields(before), withoutServerFields(after), '', paths)
  return paths.slice(0, MAX_FIELDS)
}

/** What a dry run says that an apply would do to an object that is there. */
export function planChange(key: ObjectKey, live: KubeObject, result: KubeObject): Change {
  const fields = diffFields(live, result)
  return { action: fields.length === 0 ? 'unchanged' : 'configured', key, fields }
}

function withoutServerFields(object: KubeObject): JsonObject {
  const { status: _status, metadata, ...rest } = object
  const {
    managedFields: _fields,
    resourceVersion: _version,
    generation: _generation,
    uid: _uid,
    creationTimestamp: _created,
    ...own
  } = metadata
  return { ...rest, metadata: own }
}

function collect(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
  paths: string[],
): void {
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    for (const name of names)
      collect(findField(before, name), findField(after, name), `${path}.${name}`, paths)
    return
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length)
    for (let i = 0; i < length; i++) collect(before[i], after[i], `${path}[${i}]`, paths)
    return
  }
  if (canonicalHash(before ?? null) !== canonicalHash(after ?? null)) paths.push(path)
}
