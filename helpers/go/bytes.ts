import { isUtf8 } from 'node:buffer'

/**
 * Go strings are bytes; ours are UTF-16. A byte that is not part of valid UTF-8 is held as the lone surrogate
 * U+DC00 + byte, so that strings survive a round trip through bytes. All other text is ordinary UTF-16.
 */
const escapeBase = 0xdc00

/** How many bytes the string has in Go: its length as UTF-8, an escaped byte counting one. */
export function byteLength(text: string): number {
  if (text.isWellFormed()) return Buffer.byteLength(text, 'utf8')
  return toBytes(text).length
}

/** The bytes of a Go string. */
export function toBytes(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8')
  return Buffer.concat(splitAtEscapes(text))
}

function splitAtEscapes(text: string): Buffer[] {
  const parts: Buffer[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0xd800 || unit > 0xdfff) continue
    if (isPairAt(text, at)) {
      at++
      continue
    }
    parts.push(Buffer.from(text.slice(start, at), 'utf8'), bytesOfLoneSurrogate(unit))
    start = at + 1
  }
  parts.push(Buffer.from(text.slice(start), 'utf8'))
  return parts
}

function bytesOfLoneSurrogate(unit: number): Buffer {
  const byte = unit - escapeBase
  return byte >= 0x80 && byte <= 0xff ? Buffer.of(byte) : Buffer.from('\ufffd', 'utf8')
}

/** A Go string of the bytes, whether they are UTF-8 or not. */
export function fromBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isUtf8(buffer)) return buffer.toString('utf8')
  let text = ''
  let start = 0
  for (let at = 0; at < buffer.length;) {
    const width = sequenceLength(buffer, at)
    if (width > 0) {
      at += width
      continue
    }
    text += buffer.toString('utf8', start, at) + String.fromCharCode(escapeBase + (buffer[at] ?? 0))
    at++
    start = at
  }
  return text + buffer.toString('utf8', start)
}

/** The length of the valid UTF-8 sequence at `at`, or 0 where there is none. */
function sequenceLength(buffer: Buffer, at: number): number {
  const first = buffer[at] ?? 0
  if (first < 0x80) return 1
  const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  return at + width <= buffer.length && isUtf8(buffer.subarray(at, at + width)) ? width : 0
}

/** The bytes from `start` to `end`, as Go's `s[start:end]`. Both must be within the string. */
export function sliceBytes(text: string, start: number, end: number): string {
  if (isAscii(text)) return text.slice(start, end)
  return fromBytes(toBytes(text).subarray(start, end))
}

/** Joins escaped bytes that together are valid UTF-8, as concatenation does in Go. */
export function normalizeBytes(text: string): string {
  return text.isWellFormed() ? text : fromBytes(toBytes(text))
}

/** Replaces each byte that is not UTF-8 by U+FFFD. */
export function toValidText(text: string): string {
  return text.isWellFormed() ? text : normalizeBytes(text).toWellFormed()
}

const asciiOnly = /^[\0-\x7f]*$/

/** Whether the string is plain ASCII, where bytes and UTF-16 units are the same. */
export function isAscii(text: string): boolean {
  return asciiOnly.test(text)
}

/** The characters of a Go string (runes): code points, and escaped bytes on their own. */
export function toRunes(text: string): string[] {
  return Array.from(text)
}

/** Compares in byte order, as Go sorts strings. UTF-16 order differs from it where there are surrogates. */
export function compareStrings(left: string, right: string): number {
  const end = Math.min(left.length, right.length)
  let at = 0
  while (at < end && left.charCodeAt(at) === right.charCodeAt(at)) at++
  if (at === end) return left.length - right.length
  const leftUnit = left.charCodeAt(at)
  const rightUnit = right.charCodeAt(at)
  if (leftUnit < 0xd800 && rightUnit < 0xd800) return leftUnit - rightUnit
  return Buffer.compare(toBytes(left), toBytes(right))
}

function isPairAt(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff
}

/** The map's keys in Go's order. */
export function sortedKeys(map: object): string[] {
  const keys = Object.keys(map)
  return keys.length < 2 ? keys : keys.sort(compareStrings)
}
