import { findTypeTag, GoInt, HostValue, isList, WideNumber } from './value.ts'
import type { Value } from './value.ts'

/** reflect.Kind as text: `invalid` for nil, `slice`, `map`, `float64` … */
export function kindOf(value: Value): string {
  if (value === null) return 'invalid'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
      return 'float64'
    case 'bigint':
      return 'int'
    default:
      return kindOfObject(value)
  }
}

function kindOfObject(value: Exclude<Value, string | boolean | number | bigint | null>): string {
  if (value instanceof GoInt || value instanceof HostValue) return value.kind
  if (value instanceof WideNumber) return 'float64'
  return isList(value) ? 'slice' : 'map'
}

/** The Go type, as %T prints it: `<nil>`, `[]interface {}`, `map[string]string`, `time.Time` … */
export function typeOf(value: Value): string {
  if (value === null) return '<nil>'
  if (typeof value !== 'object' || value instanceof GoInt || value instanceof WideNumber) return kindOf(value)
  if (value instanceof HostValue) return value.typeName
  return findTypeTag(value) ?? (isList(value) ? '[]interface {}' : 'map[string]interface {}')
}
