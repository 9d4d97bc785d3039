import { isJsonObject } from '../../helpers/go/json-tree.ts'
import { setKey, type JsonObject, type JsonValue } from '../../helpers/go/value.ts'

/**
 * A deep copy with sorted keys. What is made of such copies by {@link mergeSorted} is equal exactly when its JSON text
 * is, and that text is quick to write.
 */
export function copySorted<T extends JsonValue>(value: T): T {
  return copyWith(value, (object) => Object.keys(object).sort()) as T
}

/** Of two such copies, both in one: objects under the same key are merged, everything else is the right one's, null too. */
export function mergeSorted(left: JsonObject, right: JsonObject): JsonObject {
  const merged: JsonObject = {}
  for (const key of unionOfKeys(left, right)) setKey(merged, key, mergeKey(left, right, key))
  return merged
}

function mergeKey(left: JsonObject, right: JsonObject, key: string): JsonValue {
  const old = left[key]
  if (!Object.hasOwn(right, key)) return copyWith(old ?? null, Object.keys)
  const value = right[key] ?? null
  const isBoth = Object.hasOwn(left, key) && isJsonObject(old) && isJsonObject(value)
  return isBoth ? mergeSorted(old, value) : copyWith(value, Object.keys)
}

function unionOfKeys(left: JsonObject, right: JsonObject): string[] {
  const keys = Object.keys(left)
  for (const key of Object.keys(right)) {
    if (!Object.hasOwn(left, key)) keys.push(key)
  }
  return keys.sort()
}

function copyWith(value: JsonValue, keysOf: (object: JsonObject) => string[]): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => copyWith(item, keysOf))
  if (!isJsonObject(value)) return value
  const copy: JsonObject = {}
  for (const key of keysOf(value)) setKey(copy, key, copyWith(value[key] ?? null, keysOf))
  return copy
}
