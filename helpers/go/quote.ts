import { normalizeBytes, toRunes } from './bytes.ts'

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u
const namedEscapes = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
])

/** strconv.IsPrint: letters, marks, numbers, punctuation, symbols, and the ASCII space. */
export function isPrintable(char: string): boolean {
  return printable.test(char)
}

const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|["\\]/gu
const unprintableInAscii = /[^ -~]|["\\]/gu

/** strconv.Quote, or QuoteToASCII. */
export function quoteString(text: string, asciiOnly = false): string {
  const escapable = asciiOnly ? unprintableInAscii : unprintable
  return `"${normalizeBytes(text).replace(escapable, (char) => escapeChar(char, '"', asciiOnly))}"`
}

/** strconv.QuoteRune, or QuoteRuneToASCII. A number that is no character is U+FFFD. */
export function quoteRune(code: bigint, asciiOnly = false): string {
  return `'${escapeChar(runeToString(code), "'", asciiOnly)}'`
}

/** Go's string(rune): U+FFFD for a number that is no character. */
export function runeToString(code: bigint): string {
  const valid = code >= 0n && code <= 0x10ffffn && !(code >= 0xd800n && code <= 0xdfffn)
  return valid ? String.fromCodePoint(Number(code)) : '\ufffd'
}

function escapeChar(char: string, quote: string, asciiOnly: boolean): string {
  if (char === quote || char === '\\') return `\\${char}`
  const code = char.codePointAt(0) ?? 0
  if ((!asciiOnly || code < 0x80) && isPrintable(char)) return char
  return namedEscapes.get(code) ?? escapeCode(code)
}

function escapeCode(code: number): string {
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0')
}

/** strconv.CanBackquote: one line, no back quote, no control characters but tab. */
export function canBackquote(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if ((code < 0x20 && code !== 9) || code === 0x60 || code === 0x7f || code === 0xfeff) return false
  }
  return text.isWellFormed()
}

const simpleEscapes = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
])
const escapeSequence = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([^]))|\\$/g

/** strconv.Unquote of a Go literal in double quotes, back quotes or single quotes; undefined where it is malformed. */
export function unquote(literal: string): string | undefined {
  const quote = literal.charAt(0)
  if (literal.length < 2 || !literal.endsWith(quote)) return undefined
  const body = literal.slice(1, -1)
  switch (quote) {
    case '`':
      return body.includes('`') ? undefined : body.replaceAll('\r', '')
    case '"':
      return unescape(body, quote)
    case "'":
      return findSingle(unescape(body, quote))
    default:
      return undefined
  }
}

function findSingle(text: string | undefined): string | undefined {
  return text !== undefined && toRunes(text).length === 1 ? text : undefined
}

/** Resolves Go's escapes; undefined where there is an unknown one, a bare quote or a newline. */
function unescape(body: string, quote: string): string | undefined {
  if (body.includes('\n')) return undefined
  if (!body.includes('\\')) return body.includes(quote) ? undefined : body
  let valid = true
  let out = ''
  let end = 0
  for (const match of body.matchAll(escapeSequence)) {
    const between = body.slice(end, match.index)
    const char = resolveEscape(match, quote)
    valid &&= char !== undefined && !between.includes(quote)
    out += between + (char ?? '')
    end = match.index + match[0].length
  }
  const rest = body.slice(end)
  return valid && !rest.includes(quote) ? normalizeBytes(out + rest) : undefined
}

function resolveEscape(match: RegExpExecArray, quote: string): string | undefined {
  const [, byteHex, shortHex, longHex, octal, other] = match
  if (byteHex !== undefined) return byteOrRune(parseInt(byteHex, 16), quote)
  if (octal !== undefined) return byteOrRune(parseInt(octal, 8), quote)
  const code = shortHex ?? longHex
  if (code !== undefined) return validRune(parseInt(code, 16))
  return other === quote ? quote : simpleEscapes.get(other ?? '')
}

/** In a string `\xff` is a byte; in a character constant it is the character of that number. */
function byteOrRune(code: number, quote: string): string | undefined {
  if (code > 255) return undefined
  return code < 0x80 || quote === "'" ? String.fromCharCode(code) : String.fromCharCode(0xdc00 + code)
}

function validRune(code: number): string | undefined {
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : String.fromCodePoint(code)
}
