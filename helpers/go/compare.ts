import { HelperError } from '../define.ts'
import { compareStrings } from './bytes.ts'
import { GoComplex } from './complex.ts'
import { print } from './print.ts'
import { typeOf } from './kind.ts'
import { GoInt, HostValue, isList, isMap, isNilCollection, WideNumber } from './value.ts'
import type { Value } from './value.ts'

/**
 * Equality as template `eq` sees it. Numbers of different kinds compare by value, where Go fails.
 * Throws HelperError for values that cannot be compared.
 */
export function isEqual(left: Value, right: Value): boolean {
  const leftNumber = numberOf(left)
  const rightNumber = numberOf(right)
  if (leftNumber !== undefined && rightNumber !== undefined) return isEqualNumber(leftNumber, rightNumber)
  if (typeof left === typeof right && (typeof left === 'string' || typeof left === 'boolean')) {
    return left === right
  }
  if (isNil(left) || isNil(right)) return isNil(left) === isNil(right)
  return isEqualObject(left, right)
}

function isNil(value: Value): boolean {
  return value === null || ((isList(value) || isMap(value)) && isNilCollection(value))
}

function isEqualObject(left: Value, right: Value): boolean {
  if (typeOf(left) !== typeOf(right)) throw new HelperError(incompatible(left, right))
  if (left instanceof GoComplex && right instanceof GoComplex) {
    return left.real === right.real && left.imaginary === right.imaginary
  }
  if (left instanceof HostValue && right instanceof HostValue) {
    return left === right || (left.kind !== 'ptr' && left.toGoString() === right.toGoString())
  }
  throw new HelperError(`non-comparable type ${print(left)}: ${typeOf(left)}`)
}

/** Whether `left` orders before `right`: numbers by value, strings by bytes. Throws HelperError for anything else. */
export function isLess(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return compareStrings(left, right) < 0
  const leftNumber = numberOf(left)
  const rightNumber = numberOf(right)
  if (leftNumber !== undefined && rightNumber !== undefined) return isLessNumber(leftNumber, rightNumber)
  for (const value of [left, right]) {
    if (!isBasic(value)) throw new HelperError('invalid type for comparison')
  }
  if (typeOf(left) === typeOf(right)) throw new HelperError('invalid type for comparison')
  throw new HelperError(incompatible(left, right))
}

function incompatible(left: Value, right: Value): string {
  return `incompatible types for comparison: ${typeOf(left)} and ${typeOf(right)}`
}

function isBasic(value: Value): boolean {
  if (typeof value === 'object') return numberOf(value) !== undefined || value instanceof GoComplex
  return true
}

/** A value as a number that JavaScript compares exactly, integers as bigint; undefined where it is no number. */
function numberOf(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof GoInt) return value.value
  if (value instanceof WideNumber) return BigInt(value.text)
  return value instanceof HostValue ? value.integer() : undefined
}

/** Mixed comparison of number and bigint is exact in JavaScript; the types must differ for that. */
function isEqualNumber(left: number | bigint, right: number | bigint): boolean {
  return typeof left === typeof right ? left === right : compareMixed(left, right) === 0
}

function isLessNumber(left: number | bigint, right: number | bigint): boolean {
  return typeof left === typeof right ? left < right : compareMixed(left, right) < 0
}

function compareMixed(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1
  if (left > right) return 1
  // NaN is neither.
  return left >= right ? 0 : NaN
}
