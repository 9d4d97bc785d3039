import { GoInt, HostValue, WideNumber } from './value.ts'
import type { Value } from './value.ts'

/** text/template's truth: false for false, zero, "", nil, and empty lists and maps. */
export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      return value !== ''
    case 'number':
      return value !== 0
    case 'bigint':
      return value !== 0n
    default:
      return value !== null && isTrueObject(value)
  }
}

function isTrueObject(value: Exclude<Value, string | boolean | number | bigint | null>): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof GoInt) return value.value !== 0n
  if (value instanceof WideNumber) return true
  if (value instanceof HostValue) return value.integer() !== 0n
  for (const key in value) if (Object.hasOwn(value, key)) return true
  return false
}
