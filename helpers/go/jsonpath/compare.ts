import { GoInt, type Value, WideNumber } from '../value.ts'
import { compareStrings } from '../bytes.ts'
import { JsonPathError } from './error.ts'

type Comparable =
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number | bigint }

/**
 * Whether `left operator right` holds. Numbers compare by value, whatever their kinds (Go wants equal kinds); strings
 * compare by bytes; booleans only for equality. Throws JsonPathError for anything else.
 */
export function compareValues(left: Value, operator: string, right: Value): boolean {
  switch (operator) {
    case '==':
      return order(left, right, true) === 0
    case '!=':
      return order(left, right, true) !== 0
    case '<':
      return order(left, right, false) < 0
    case '<=':
      return order(left, right, false) <= 0
    case '>':
      return order(left, right, false) > 0
    case '>=':
      return order(left, right, false) >= 0
    default:
      throw new JsonPathError('find', `unrecognized filter operator ${operator} (use == != < <= > or >=)`)
  }
}

function order(leftValue: Value, rightValue: Value, equalityOnly: boolean): number {
  const left = toComparable(leftValue)
  const right = toComparable(rightValue)
  if (left.kind === 'string' && right.kind === 'string') return compareStrings(left.value, right.value)
  if (left.kind === 'number' && right.kind === 'number') return compareNumbers(left.value, right.value)
  if (left.kind === 'bool' && right.kind === 'bool' && equalityOnly) {
    return Number(left.value) - Number(right.value)
  }
  throw new JsonPathError('find', `incompatible types for comparison: ${left.kind} with ${right.kind}`)
}

function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (left === right) return 0
  return left < right ? -1 : Number(left > right)
}

function toComparable(value: Value): Comparable {
  switch (typeof value) {
    case 'boolean':
      return { kind: 'bool', value }
    case 'string':
      return { kind: 'string', value }
    case 'number':
    case 'bigint':
      // Integers meet as bigint: a float64 beside a long one would hide a difference in the last digits.
      return { kind: 'number', value: Number.isSafeInteger(value) ? BigInt(value) : value }
    default:
  }
  if (value instanceof WideNumber) return { kind: 'number', value: BigInt(value.text) }
  if (value instanceof GoInt) return { kind: 'number', value: value.value }
  const what = value === null ? 'null' : Array.isArray(value) ? 'a list' : 'a map'
  throw new JsonPathError('find', `invalid type for comparison: ${what}`)
}
