import { HelperError } from '../define.ts'
import { sortedKeys, toBytes, toValidText } from './bytes.ts'
import { GoComplex } from './complex.ts'
import { formatFloat } from './float.ts'
import { typeOf } from './kind.ts'
import { printLimits } from './print.ts'
import { GoInt, HostValue, isNilCollection, WideNumber } from './value.ts'
import type { Value, ValueList, ValueMap } from './value.ts'

/** A value that JSON has no form for, where encoding/json gives an error. */
export class UnsupportedValueError extends HelperError {}

export interface MarshalOptions {
  /** Write `<`, `>` and `&` as `\u003c` … (json.Marshal does). */
  readonly escapeHtml: boolean
  /** Spaces per level; 0 writes one line. */
  readonly indent: number
}

interface Marshalling extends MarshalOptions {
  out: string
  depth: number
}

/**
 * The text that Go's encoding/json writes: sorted keys, HTML-safe escapes, an exponent below 1e-6 and from 1e21 up.
 * Throws HelperError for NaN, infinities and complex numbers, and beyond {@link printLimits}.
 */
export function marshalJson(value: Value, options: MarshalOptions): string {
  const state: Marshalling = { ...options, out: '', depth: 0 }
  writeValue(state, value)
  return state.out
}

function writeValue(state: Marshalling, value: Value): void {
  const scalar = Array.isArray(value) ? undefined : scalarText(state, value)
  if (scalar === undefined) writeCollection(state, value as ValueList | ValueMap)
  else state.out += scalar
  if (state.out.length > printLimits.maxLength) {
    throw new HelperError(`the JSON text is longer than ${printLimits.maxLength} characters`)
  }
}

function scalarText(state: MarshalOptions, value: Exclude<Value, ValueList>): string | undefined {
  switch (typeof value) {
    case 'string':
      return quoteJson(value, state.escapeHtml)
    case 'number':
      return formatJsonNumber(value)
    case 'boolean':
    case 'bigint':
      return String(value)
    default:
      return value === null ? 'null' : boxedText(state, value)
  }
}

function boxedText(state: MarshalOptions, value: object): string | undefined {
  if (value instanceof GoInt) return String(value.value)
  if (value instanceof WideNumber) return value.text
  if (value instanceof GoComplex) throw new UnsupportedValueError('json: unsupported type: complex128')
  if (value instanceof HostValue) return marshalJson(value.toJsonValue(), { ...state, indent: 0 })
  return undefined
}

/** A float as encoding/json writes it. */
export function formatJsonNumber(value: number): string {
  if (!Number.isFinite(value))
    throw new UnsupportedValueError(`json: unsupported value: ${formatFloat(value, 'g', -1)}`)
  if (Number.isInteger(value) && Math.abs(value) < 1e21)
    return Object.is(value, -0) ? '-0' : formatFloat(value, 'f', -1)
  const magnitude = Math.abs(value)
  if (magnitude >= 1e-6 && magnitude < 1e21) return formatFloat(value, 'f', -1)
  return formatFloat(value, 'e', -1).replace(/e-0(\d)$/, 'e-$1')
}

function writeCollection(state: Marshalling, value: ValueList | ValueMap): void {
  if (++state.depth > printLimits.maxDepth) {
    throw new HelperError(
      `the value is nested more than ${printLimits.maxDepth} levels deep to write as JSON`,
    )
  }
  if (isNilCollection(value)) state.out += 'null'
  else if (!Array.isArray(value)) writeMap(state, value)
  else if (typeOf(value) === '[]uint8') state.out += `"${bytesOf(value).toString('base64')}"`
  else writeList(state, value)
  state.depth--
}

function bytesOf(list: ValueList): Buffer {
  return Buffer.from(list.map((item) => (item instanceof GoInt ? Number(item.value) : 0)))
}

function writeList(state: Marshalling, list: ValueList): void {
  let separator = '['
  for (const item of list) {
    state.out += separator + newLine(state, state.depth)
    writeValue(state, item)
    separator = ','
  }
  state.out += list.length === 0 ? '[]' : `${newLine(state, state.depth - 1)}]`
}

function writeMap(state: Marshalling, map: ValueMap): void {
  const keys = sortedKeys(map)
  let separator = '{'
  for (const key of keys) {
    const colon = state.indent > 0 ? ': ' : ':'
    state.out += separator + newLine(state, state.depth) + quoteJson(key, state.escapeHtml) + colon
    writeValue(state, map[key] ?? null)
    separator = ','
  }
  state.out += keys.length === 0 ? '{}' : `${newLine(state, state.depth - 1)}}`
}

function newLine(state: Marshalling, depth: number): string {
  return state.indent > 0 ? `\n${' '.repeat(state.indent * depth)}` : ''
}

const specials = /[<>&\u2028\u2029]/g
const lineSeparators = /[\u2028\u2029]/g

/** A string in JSON as encoding/json writes it. */
export function quoteJson(text: string, escapeHtml: boolean): string {
  const quoted = JSON.stringify(toValidText(text))
  const escaped = quoted.replace(escapeHtml ? specials : lineSeparators, escapeUnit)
  return text.isWellFormed() ? escaped : markInvalid(text, escapeHtml)
}

/** Bytes that are not UTF-8 become an escaped U+FFFD, where a U+FFFD in the text stays as it is. */
function markInvalid(text: string, escapeHtml: boolean): string {
  const valid = toBytes(text).toString('utf8')
  const parts = Array.from(valid === text ? [text] : splitAtBytes(text))
  return `"${parts.map((part) => (part.isWellFormed() ? quoteJson(part, escapeHtml).slice(1, -1) : '\\ufffd')).join('')}"`
}

/** Runs of characters, and each escaped byte by itself. */
function splitAtBytes(text: string): string[] {
  return text.split(/([\udc80-\udcff])/u).filter((part) => part !== '')
}

function escapeUnit(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
