import { isDigit, isLetter } from '../unicode.ts'

/**
 * An object's keys in the order that goyaml.v2 writes them: letters by code point, digits before letters, runs of
 * digits by their number (`a2` before `a10`).
 */
export function sortedKeys(object: Readonly<Record<string, unknown>>): string[] {
  const keys = Object.keys(object)
  if (keys.length > maxInsertions) return keys.sort(compareKeys)
  for (let end = 1; end < keys.length; end++) insert(keys, end)
  return keys
}

/** Up to this many keys, most often in order already, are put in order one by one. */
const maxInsertions = 16

/** Moves the key at `end` to its place among those before it, which are in order. */
function insert(keys: string[], end: number): void {
  const key = keys[end] ?? ''
  let at = end
  while (at > 0 && !isInOrder(keys[at - 1] ?? '', key)) {
    keys[at] = keys[at - 1] ?? ''
    at--
  }
  if (at < end) keys[at] = key
}

function isInOrder(left: string, right: string): boolean {
  const leftCode = left.charCodeAt(0)
  const rightCode = right.charCodeAt(0)
  if (leftCode !== rightCode && isLowerLetter(leftCode) && isLowerLetter(rightCode))
    return leftCode < rightCode
  return compareKeys(left, right) <= 0
}

/** Negative where `left` is written first. */
export function compareKeys(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length)
  let at = 0
  while (at < shorter && left.charCodeAt(at) === right.charCodeAt(at)) at++
  if (at === shorter) return left.length - right.length
  const leftCode = left.charCodeAt(at)
  const rightCode = right.charCodeAt(at)
  if (isLowerLetter(leftCode) && isLowerLetter(rightCode)) return leftCode - rightCode
  return compareAt(codePoints(left), codePoints(right))
}

function isLowerLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a
}

function codePoints(text: string): string[] {
  return Array.from(text)
}

function compareAt(left: readonly string[], right: readonly string[]): number {
  const at = left.findIndex((char, index) => char !== right[index])
  const [leftChar = '', rightChar = ''] = [left[at], right[at]]
  const byCode = (leftChar.codePointAt(0) ?? 0) - (rightChar.codePointAt(0) ?? 0)
  const leftIsLetter = isLetter(leftChar)
  if (leftIsLetter !== isLetter(rightChar)) return leftIsLetter ? 1 : -1
  return leftIsLetter ? byCode : compareNumbers(left, right, at) || byCode
}

/** Compares the runs of digits that start at `at`; a zero counts as continuing a number before it. */
function compareNumbers(left: readonly string[], right: readonly string[], at: number): number {
  const continues = (left[at] === '0' || right[at] === '0') && hasNonZeroDigitBefore(left, at)
  const leftRun = digitRun(left, at)
  const rightRun = digitRun(right, at)
  const leftNumber = runValue(leftRun, continues)
  const rightNumber = runValue(rightRun, continues)
  if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1
  return leftRun.length - rightRun.length
}

function hasNonZeroDigitBefore(chars: readonly string[], at: number): boolean {
  for (let before = at - 1; before >= 0 && isDigit(chars[before] ?? ''); before--) {
    if (chars[before] !== '0') return true
  }
  return false
}

function digitRun(chars: readonly string[], at: number): string[] {
  let end = at
  while (end < chars.length && isDigit(chars[end] ?? '')) end++
  return chars.slice(at, end)
}

/** Wraps like the 64-bit integer that the original adds up in. */
function runValue(run: readonly string[], continues: boolean): bigint {
  let value = continues ? 1n : 0n
  for (const digit of run) {
    value = BigInt.asIntN(64, value * 10n + BigInt((digit.codePointAt(0) ?? 0) - 0x30))
  }
  return value
}
