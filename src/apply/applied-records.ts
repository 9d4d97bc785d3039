import { findField, isJsonObject } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import { canonicalHash } from '../lib/canonical.ts'
import type { KubeObject } from '../ports.ts'
import { findOwnFields, hasFieldManagers } from './field-managers.ts'
import { identityOf } from '../api/inventory.ts'
import { keyOf } from '../api/object-key.ts'

interface AppliedRecord {
  /** Hash of what we sent. */
  readonly desired: string
  /** Hash of what the server made of it: our part of the object. */
  readonly live: string
  /** The fields that we owned then. */
  readonly fields: JsonValue | undefined
}

/**
 * What one set last applied, so that an equal rendering of an object that nobody touched sends no request that writes.
 * Only a cache: without it (after a restart) at most an apply without effect is sent.
 */
export class AppliedRecords {
  private readonly records = new Map<string, AppliedRecord>()

  remember(desired: KubeObject, live: KubeObject): void {
    this.records.set(identityOf(keyOf(desired)), {
      desired: canonicalHash(desired),
      live: canonicalHash(project(desired, live)),
      fields: findOwnFields(live),
    })
  }

  /** The fields that we owned when we last applied the object; undefined where that is not known. */
  findFields(object: KubeObject): JsonValue | undefined {
    return this.records.get(identityOf(keyOf(object)))?.fields
  }

  forget(object: KubeObject): void {
    this.records.delete(identityOf(keyOf(object)))
  }

  /** Whether applying `desired` would change nothing in `live`. */
  isInStep(desired: KubeObject, live: KubeObject): boolean {
    const record = this.records.get(identityOf(keyOf(desired)))
    const liveHash = canonicalHash(project(desired, live))
    if (record === undefined) return liveHash === canonicalHash(desired) && ownsExactly(desired, live)
    const isSame = record.desired === canonicalHash(desired) && record.live === liveHash
    return isSame && ownsStill(record, live)
  }
}

/** An object without any managers says nothing of owners, so that only its values count. */
function ownsStill(record: AppliedRecord, live: KubeObject): boolean {
  return (
    !hasFieldManagers(live) ||
    canonicalHash(record.fields ?? null) === canonicalHash(findOwnFields(live) ?? null)
  )
}

/**
 * The part of `live` that `desired` speaks of: maps by the keys of `desired`; lists and scalars whole, since list
 * items may be merged by keys that only the server knows.
 */
function project(desired: JsonValue, live: JsonValue): JsonValue {
  if (!isJsonObject(desired) || !isJsonObject(live)) return live
  return Object.fromEntries<JsonValue>(
    Object.keys(desired).map((key) => [key, projectField(desired, live, key)]),
  )
}

function projectField(desired: JsonObject, live: JsonObject, key: string): JsonValue {
  const value = findField(live, key)
  return value === undefined ? null : project(findField(desired, key) ?? null, value)
}

/** Whether the fields we own in `live` are those that `desired` sets: neither one missing, nor one left over. */
function ownsExactly(desired: KubeObject, live: KubeObject): boolean {
  if (!hasFieldManagers(live)) return true
  const owned = findOwnFields(live)
  if (!isJsonObject(owned)) return false
  return coversMap(desired, owned, IDENTITY_FIELDS)
}

/** Never in `managedFields`, though part of every manifest. */
const IDENTITY_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind'])
const IDENTITY_METADATA: ReadonlySet<string> = new Set(['name', 'namespace'])

function coversMap(value: JsonObject, fields: JsonObject, ignored: ReadonlySet<string>): boolean {
  const names = Object.keys(value).filter((name) => !ignored.has(name))
  const owned = Object.keys(fields).filter((name) => name !== '.')
  if (names.length !== owned.length) return false
  return names.every((name) => {
    const child = findField(fields, `f:${name}`)
    return isJsonObject(child) && covers(findField(value, name) ?? null, child, name)
  })
}

function covers(value: JsonValue, fields: JsonObject, name: string): boolean {
  if (!isJsonObject(value)) return true
  // An atomic map (a selector, say) is owned as a whole: its entry is empty.
  if (Object.keys(fields).length === 0) return true
  return coversMap(value, fields, name === 'metadata' ? IDENTITY_METADATA : NONE)
}

const NONE: ReadonlySet<string> = new Set()
