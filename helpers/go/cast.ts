import { findFloat, findInt } from './number-text.ts'
import { GoInt, HostValue, WideNumber } from './value.ts'
import type { Value } from './value.ts'

/**
 * Casts as Sprig does them (the rules of spf13/cast): strings by Go's integer syntax with base prefixes, floats cut
 * to whole numbers, booleans 0 or 1, and 0 for everything that cannot be read.
 */

/** Wraps to a Go int64 (or int). */
export function wrapInt64(value: bigint): bigint {
  return BigInt.asIntN(64, value)
}

/** As Sprig's `int64`; the result is the bare integer. */
export function toInt64(value: Value): bigint {
  switch (typeof value) {
    case 'bigint':
      return value
    case 'number':
      return truncateFloat(value)
    case 'boolean':
      return value ? 1n : 0n
    case 'string':
      return findInt(trimZeroDecimal(value), 0) ?? 0n
    default:
      return boxedToInt64(value)
  }
}

/** As Sprig's `int`. Go's int has 64 bits here. */
export function toInt(value: Value): bigint {
  return toInt64(value)
}

function boxedToInt64(value: Value): bigint {
  if (value instanceof GoInt) return wrapInt64(value.value)
  if (value instanceof WideNumber) return clampInt64(BigInt(value.text))
  return (value instanceof HostValue ? value.integer() : undefined) ?? 0n
}

const minInt64 = -(2n ** 63n)

/** Go's conversion of a float outside int64, on amd64: the smallest integer. */
function clampInt64(value: bigint): bigint {
  return value >= minInt64 && value < -minInt64 ? value : minInt64
}

function truncateFloat(value: number): bigint {
  return Number.isFinite(value) ? clampInt64(BigInt(Math.trunc(value))) : minInt64
}

/** `12.00` → `12`: cuts a fraction that is all zeros. */
function trimZeroDecimal(text: string): string {
  return /^[^]*\.0+$/.test(text) ? text.slice(0, text.lastIndexOf('.')) : text
}

/** As Sprig's `float64`. */
export function toFloat64(value: Value): number {
  switch (typeof value) {
    case 'number':
      return value
    case 'bigint':
      return Number(value)
    case 'boolean':
      return value ? 1 : 0
    case 'string':
      return findFloat(value) ?? 0
    default:
      return boxedToFloat64(value)
  }
}

function boxedToFloat64(value: Value): number {
  if (value instanceof GoInt) return Number(value.value)
  if (value instanceof WideNumber) return value.value
  return Number((value instanceof HostValue ? value.integer() : undefined) ?? 0n)
}
