import { WideNumber } from './value.ts'
import type { JsonObject, JsonValue } from './value.ts'

/** Whether the value is a JSON object (not null, a list, or a number that kept its digits). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WideNumber)
  )
}

/** An own field, or undefined. */
export function findField(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** An own string field, or the empty string. */
export function stringField(object: JsonObject, name: string): string {
  const value = findField(object, name)
  return typeof value === 'string' ? value : ''
}

/** An own map field, or an empty one. */
export function mapField(object: JsonObject, name: string): JsonObject {
  const value = findField(object, name)
  return isJsonObject(value) ? value : {}
}

/** The value at a path of own fields, or undefined where a step is missing. */
export function findPath(root: JsonValue, ...path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = root
  for (const name of path) value = isJsonObject(value) ? findField(value, name) : undefined
  return value
}

/** A deep copy that shares nothing but immutable numbers. */
export function copyJson<T extends JsonValue>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => copyJson(item)) as T
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyJson(item)])) as T
}
