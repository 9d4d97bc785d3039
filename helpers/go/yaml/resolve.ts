import { WideNumber } from '../value.ts'
import type { JsonValue } from '../value.ts'
import { isTimestamp } from './timestamp.ts'

/**
 * The type that YAML 1.1, as goyaml.v2 reads it, gives to a plain scalar. An `int` is a bigint within 64 bits, signed
 * or unsigned.
 */
export type Scalar =
  | { readonly tag: 'null'; readonly value: null }
  | { readonly tag: 'bool'; readonly value: boolean }
  | { readonly tag: 'int'; readonly value: bigint }
  | { readonly tag: 'float'; readonly value: number }
  | { readonly tag: 'timestamp' | 'str'; readonly value: string }

const words = new Map<string, Scalar>()
for (const word of ['', '~', 'null', 'Null', 'NULL']) words.set(word, { tag: 'null', value: null })
for (const word of 'y Y yes Yes YES on On ON true True TRUE'.split(' '))
  words.set(word, { tag: 'bool', value: true })
for (const word of 'n N no No NO off Off OFF false False FALSE'.split(' '))
  words.set(word, { tag: 'bool', value: false })
for (const word of ['.nan', '.NaN', '.NAN']) words.set(word, { tag: 'float', value: NaN })
for (const word of ['.inf', '.Inf', '.INF']) {
  words.set(word, { tag: 'float', value: Infinity })
  words.set(`+${word}`, { tag: 'float', value: Infinity })
  words.set(`-${word}`, { tag: 'float', value: -Infinity })
}

const intSyntax = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0)$/
const floatSyntax = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
/** Quickly excludes most strings that begin with a digit: `5m`, `10.0.0.1/8`, `512Mi`. */
const numberEnd = /^[-+.0-9xXoObB_a-fA-F]*$/
const maxNumberChars = 1024

const minInt64 = -(2n ** 63n)
const maxInt64 = 2n ** 63n - 1n
const maxUint64 = 2n ** 64n - 1n

const NO_HINT = 0
const WORD_HINT = 1
const NUMBER_HINT = 2
const POINT_HINT = 3

/** By first character: what a plain scalar could be other than a string. */
const hints = new Uint8Array(128)
for (const char of 'yYnNtTfFoO~') hints[char.charCodeAt(0)] = WORD_HINT
for (const char of '+-0123456789') hints[char.charCodeAt(0)] = NUMBER_HINT
hints['.'.charCodeAt(0)] = POINT_HINT

function hintOf(text: string): number {
  if (text === '') return WORD_HINT
  const code = text.charCodeAt(0)
  return code < 128 ? (hints[code] ?? NO_HINT) : NO_HINT
}

/** Resolves the text of a plain scalar. */
export function resolveScalar(text: string): Scalar {
  const hint = hintOf(text)
  if (hint === NO_HINT) return { tag: 'str', value: text }
  const word = text.length <= 5 ? words.get(text) : undefined
  if (word !== undefined) return word
  if (hint === WORD_HINT) return { tag: 'str', value: text }
  if (hint === NUMBER_HINT && isTimestamp(text)) return { tag: 'timestamp', value: text }
  return findNumber(text, hint) ?? { tag: 'str', value: text }
}

function findNumber(text: string, hint: number): Scalar | undefined {
  if (text.length > maxNumberChars || !numberEnd.test(text)) return undefined
  // Behind a point, underscores must stand between digits.
  if (hint === POINT_HINT && /_(?![0-9])|(?<![0-9])_/.test(text)) return undefined
  const plain = text.replaceAll('_', '')
  return findInt(plain) ?? findFloat(plain)
}

function findInt(text: string): Scalar | undefined {
  const match = intSyntax.exec(text)
  if (match === null) return undefined
  const [, sign = '', digits = ''] = match
  const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits}` : digits)
  const value = sign === '-' ? -magnitude : magnitude
  // An unsigned 64-bit integer has no sign in the text.
  const isInRange = value >= minInt64 && (value <= maxInt64 || (sign === '' && value <= maxUint64))
  return isInRange ? { tag: 'int', value } : undefined
}

function findFloat(text: string): Scalar | undefined {
  if (!floatSyntax.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? { tag: 'float', value } : undefined
}

const shortDecimal = /^(?:0|[1-9][0-9]{0,14})$/

/**
 * The JSON value of a plain scalar, or undefined for a number that JSON cannot hold (infinity, not a number).
 * Integers above 2^53 keep their digits.
 */
export function plainToJson(text: string): JsonValue | undefined {
  const hint = hintOf(text)
  if (hint === NO_HINT) return text
  if (hint === NUMBER_HINT && shortDecimal.test(text)) return Number(text)
  return scalarToJson(resolveScalar(text))
}

/** As {@link plainToJson}, for a scalar that is resolved already. */
export function scalarToJson(scalar: Scalar): JsonValue | undefined {
  switch (scalar.tag) {
    case 'int':
      return intToJson(scalar.value)
    case 'float':
      return Number.isFinite(scalar.value) ? scalar.value : undefined
    default:
      return scalar.value
  }
}

function intToJson(value: bigint): number | WideNumber {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : new WideNumber(value.toString())
}

/** Whether a plain scalar of this text reads back as the same string. */
export function isPlainString(text: string): boolean {
  return hintOf(text) === NO_HINT || resolveScalar(text).tag === 'str'
}
