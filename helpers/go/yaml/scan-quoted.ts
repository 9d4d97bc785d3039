import { foldBreaks } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import { isBlank, isBreak } from './scalar-style.ts'

const shortEscapes = new Map<string, string>([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
])
const SINGLE = 0x27
const BACKSLASH = 0x5c

const hexEscapes = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
])

/** Reads a quoted scalar, from its quote to behind the closing one. */
export function scanQuoted(cursor: Cursor): string {
  const simple = readSimple(cursor)
  if (simple !== undefined) return simple
  const start = cursor.pos
  const quote = cursor.code()
  cursor.pos++
  let text = ''
  for (;;) {
    if (cursor.isAtDocumentMarker()) cursor.fail('found unexpected document indicator', start)
    if (cursor.code() === -1) cursor.fail('found unexpected end of stream')
    const words = readWords(cursor, quote)
    text += words.text
    if (!words.skippedBreak && cursor.code() === quote) break
    text += readSpace(cursor, words.skippedBreak)
  }
  cursor.pos++
  return text
}

const notSimple = /[\n\r\\\x85\u2028\u2029]/

/** The common case: one line without any escape. */
function readSimple(cursor: Cursor): string | undefined {
  const { text, pos } = cursor
  const quote = text.charAt(pos)
  const end = text.indexOf(quote, pos + 1)
  if (end < 0 || (quote === "'" && text.charAt(end + 1) === "'")) return undefined
  const value = text.slice(pos + 1, end)
  if (notSimple.test(value)) return undefined
  cursor.pos = end + 1
  return value
}

/** Characters up to a blank, a break, the closing quote or an escaped line break. */
function readWords(cursor: Cursor, quote: number): { text: string; skippedBreak: boolean } {
  let text = ''
  for (let code = cursor.code(); code !== -1 && !isBlank(code) && !isBreak(code); code = cursor.code()) {
    if (code === quote) {
      if (quote !== SINGLE || cursor.code(1) !== SINGLE) break
      text += "'"
      cursor.pos += 2
    } else if (code !== BACKSLASH || quote === SINGLE) {
      text += cursor.text.charAt(cursor.pos++)
    } else if (skipEscapedBreak(cursor)) {
      return { text, skippedBreak: true }
    } else {
      text += readEscape(cursor)
    }
  }
  return { text, skippedBreak: false }
}

function skipEscapedBreak(cursor: Cursor): boolean {
  if (!isBreak(cursor.code(1))) return false
  cursor.pos++
  cursor.readBreak()
  return true
}

function readEscape(cursor: Cursor): string {
  const start = cursor.pos
  const char = cursor.text.charAt(start + 1)
  const short = shortEscapes.get(char)
  if (short !== undefined) {
    cursor.pos += 2
    return short
  }
  const length = hexEscapes.get(char)
  if (length === undefined) cursor.fail('found unknown escape character', start)
  const digits = cursor.text.slice(start + 2, start + 2 + length)
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits))
    cursor.fail('did not find expected hexdecimal number', start)
  const code = Number.parseInt(digits, 16)
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
    cursor.fail('found invalid Unicode character escape code', start)
  cursor.pos += 2 + length
  return String.fromCodePoint(code)
}

/** Blanks and line breaks between words, folded. Blanks around line breaks are dropped. */
function readSpace(cursor: Cursor, isAfterBreak: boolean): string {
  let blanks = ''
  let first = ''
  let others = ''
  let sawBreak = isAfterBreak
  for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
    if (isBreak(code)) {
      if (sawBreak) others += cursor.readBreak()
      else first = cursor.readBreak()
      sawBreak = true
    } else {
      if (!sawBreak) blanks += cursor.text.charAt(cursor.pos)
      cursor.pos++
    }
  }
  if (!sawBreak) return blanks
  // After an escaped line break there is no first break to fold.
  return first === '' ? others : foldBreaks(first, others)
}
