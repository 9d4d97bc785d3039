import { HelperError } from '../define.ts'
import { newFlags } from './flags.ts'
import type { Flags } from './flags.ts'
import { typeOf } from './kind.ts'
import { print, printLimits } from './print.ts'
import { formatValue } from './verb-value.ts'
import { GoInt } from './value.ts'
import type { Value } from './value.ts'

/** Widths and precisions above it are ignored, as in Go. */
const maxNumber = 1_000_000

/** The state of one call: a cursor in the format, and which argument comes next. */
interface Formatting {
  readonly format: string
  readonly args: readonly Value[]
  at: number
  next: number
  /** An explicit index was used, so unused arguments are no mistake. */
  reordered: boolean
  validIndex: boolean
}

/** Go's fmt.Sprintf, with all verbs, flags, and the `%!verb(type=value)` forms of mistakes. */
export function printf(format: string, args: readonly Value[]): string {
  const state: Formatting = { format, args, at: 0, next: 0, reordered: false, validIndex: true }
  let out = ''
  for (;;) {
    const percent = format.indexOf('%', state.at)
    if (percent < 0) break
    out += format.slice(state.at, percent)
    state.at = percent + 1
    out += formatDirective(state)
    if (out.length > printLimits.maxLength) {
      throw new HelperError(`the formatted text is longer than ${printLimits.maxLength} characters`)
    }
  }
  return out + format.slice(state.at) + formatExtra(state)
}

function formatExtra(state: Formatting): string {
  if (state.reordered || state.next >= state.args.length) return ''
  const extra = state.args.slice(state.next)
  return `%!(EXTRA ${extra.map((arg) => (arg === null ? '<nil>' : `${typeOf(arg)}=${print(arg)}`)).join(', ')})`
}

function formatDirective(state: Formatting): string {
  const flags = newFlags()
  state.validIndex = true
  readFlags(state, flags)
  const complaints = readNumbers(state, flags)
  const verb = nextVerb(state)
  if (verb === undefined) return `${complaints}%!(NOVERB)`
  return complaints + formatVerb(state, flags, verb)
}

function nextVerb(state: Formatting): string | undefined {
  const code = state.format.codePointAt(state.at)
  if (code === undefined) return undefined
  const verb = String.fromCodePoint(code)
  state.at += verb.length
  return verb
}

function formatVerb(state: Formatting, flags: Flags, verb: string): string {
  if (verb === '%') return '%'
  if (!state.validIndex) return `%!${verb}(BADINDEX)`
  if (state.next >= state.args.length) return `%!${verb}(MISSING)`
  const arg = state.args[state.next++] ?? null
  // %w is for errors and fails like an unknown verb, but it reads its flags as %v does.
  if (verb === 'v' || verb === 'w') {
    flags.sharpV = flags.sharp
    flags.plusV = flags.plus
    flags.sharp = false
    flags.plus = false
  }
  return formatValue(flags, arg, verb)
}

const flagNames = new Map<string, 'sharp' | 'zero' | 'plus' | 'minus' | 'space'>([
  ['#', 'sharp'],
  ['0', 'zero'],
  ['+', 'plus'],
  ['-', 'minus'],
  [' ', 'space'],
])

function readFlags(state: Formatting, flags: Flags): void {
  for (;;) {
    const name = flagNames.get(state.format.charAt(state.at))
    if (name === undefined) return
    flags[name] = true
    state.at++
  }
}

/** Reads argument index, width and precision; returns the texts of mistakes. */
function readNumbers(state: Formatting, flags: Flags): string {
  const width = readWidth(state, flags)
  // A point that ends the format is an (unknown) verb.
  const hasPrecision = peek(state) === '.' && state.at + 1 < state.format.length
  const precision = hasPrecision ? readPrecision(state, flags, width.indexed) : { ...width, complaint: '' }
  if (!precision.indexed) readIndex(state)
  return width.complaint + precision.complaint
}

/** What a number's part of a directive came to. */
interface NumberPart {
  /** An argument index stands before what follows. */
  readonly indexed: boolean
  readonly complaint: string
}

function readWidth(state: Formatting, flags: Flags): NumberPart {
  const indexed = readIndex(state)
  if (peek(state) === '*') return { indexed: false, complaint: takeWidth(state, flags) }
  flags.width = readNumber(state)
  if (indexed && flags.width !== undefined) state.validIndex = false
  return { indexed, complaint: '' }
}

function readPrecision(state: Formatting, flags: Flags, isIndexedBefore: boolean): NumberPart {
  state.at++
  if (isIndexedBefore) state.validIndex = false
  const indexed = readIndex(state)
  if (peek(state) === '*') return { indexed: false, complaint: takePrecision(state, flags) }
  flags.precision = readNumber(state) ?? 0
  return { indexed, complaint: '' }
}

function peek(state: Formatting): string {
  return state.format.charAt(state.at)
}

function takeWidth(state: Formatting, flags: Flags): string {
  state.at++
  const width = takeInteger(state)
  if (width === undefined) return '%!(BADWIDTH)'
  flags.width = Math.abs(width)
  if (width < 0) {
    flags.minus = true
    flags.zero = false
  }
  return ''
}

function takePrecision(state: Formatting, flags: Flags): string {
  state.at++
  const precision = takeInteger(state)
  if (precision !== undefined && precision >= 0) flags.precision = precision
  return flags.precision === undefined ? '%!(BADPREC)' : ''
}

/** The next argument, where it is an integer of a sensible size. */
function takeInteger(state: Formatting): number | undefined {
  if (state.next >= state.args.length) return undefined
  const arg = state.args[state.next++]
  const integer = typeof arg === 'bigint' ? arg : arg instanceof GoInt ? arg.value : undefined
  if (integer === undefined || integer > maxNumber || integer < -maxNumber) return undefined
  return Number(integer)
}

/** A number at the cursor. A too large one ends the format, as in Go. */
function readNumber(state: Formatting): number | undefined {
  const start = state.at
  while (isDigit(state.format.charCodeAt(state.at))) state.at++
  if (state.at === start) return undefined
  const value = Number(state.format.slice(start, state.at))
  if (value <= maxNumber) return value
  state.at = state.format.length
  return undefined
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** Reads `[n]`; returns whether there was a well-formed one. */
function readIndex(state: Formatting): boolean {
  if (peek(state) !== '[') return false
  state.reordered = true
  const close = state.format.indexOf(']', state.at)
  if (close < 0 || state.format.length - state.at < 3) {
    state.validIndex = false
    state.at++
    return false
  }
  const text = state.format.slice(state.at + 1, close)
  state.at = close + 1
  const index = /^[0-9]{1,7}$/.test(text) ? Number(text) - 1 : undefined
  if (index !== undefined && index >= 0 && index < state.args.length) {
    state.next = index
    return true
  }
  state.validIndex = false
  return index !== undefined
}
