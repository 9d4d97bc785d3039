import { toBytes, toRunes } from '../../helpers/go/bytes.ts'
import { isPrintable } from '../../helpers/go/quote.ts'

const htmlEscapes = new Map([
  ['\0', '\ufffd'],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
])

/** template.HTMLEscapeString */
export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (char) => htmlEscapes.get(char) ?? char)
}

const jsEscapes = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
  ['<', '\\u003C'],
  ['>', '\\u003E'],
  ['&', '\\u0026'],
  ['=', '\\u003D'],
])

/** template.JSEscapeString: a text that is safe inside a JavaScript string. */
export function escapeJs(text: string): string {
  let out = ''
  for (const char of toRunes(text)) out += jsEscapes.get(char) ?? escapeUnprintable(char)
  return out
}

function escapeUnprintable(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (code >= 0x20 && code < 0x80) return char
  if (isPrintable(char) || (code >= 0xdc80 && code <= 0xdcff)) return char
  return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** url.QueryEscape: bytes other than letters, digits and `-_.~` as %XX, space as a plus. */
export function escapeUrlQuery(text: string): string {
  let out = ''
  for (const byte of toBytes(text)) out += escapeQueryByte(byte)
  return out
}

function escapeQueryByte(byte: number): string {
  const char = String.fromCharCode(byte)
  if (/[A-Za-z0-9\-_.~]/.test(char)) return char
  return byte === 32 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
