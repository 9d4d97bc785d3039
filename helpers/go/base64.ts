import { HelperError } from '../define.ts'
import { fromBytes, isAscii, toBytes } from './bytes.ts'

/** Standard base64 with padding, of the bytes of a Go string. */
export function encodeBase64(text: string): string {
  return toBytes(text).toString('base64')
}

/** Decodes standard, padded base64; line breaks are skipped. @throws HelperError with Go's text. */
export function decodeBase64(text: string): string {
  return fromBytes(decodeBase64Bytes(text))
}

export function decodeBase64Bytes(text: string): Buffer {
  const corruptAt = findCorruption(text)
  if (corruptAt !== undefined) throw new HelperError(`illegal base64 data at input byte ${corruptAt}`)
  return Buffer.from(text, 'base64')
}

const validText = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The offset at which Go's decoder reports an error. */
function findCorruption(text: string): number | undefined {
  if (validText.test(text)) return undefined
  const bytes = isAscii(text) ? text : toBytes(text).toString('latin1')
  return scanQuanta(bytes)
}

const lineBreaks = /[\r\n]*/y
const quantumByte = /[A-Za-z0-9+/]/

function scanQuanta(bytes: string): number | undefined {
  let at = 0
  let filled = 0
  for (; at < bytes.length; at++) {
    const char = bytes.charAt(at)
    if (char === '\r' || char === '\n') continue
    if (char === '=') return scanPadding(bytes, at, filled)
    if (!quantumByte.test(char)) return at
    filled = (filled + 1) % 4
  }
  return filled === 0 ? undefined : at - filled
}

/** `=` at `at` after `filled` digits: `==` after two, `=` after three, then nothing. */
function scanPadding(bytes: string, at: number, filled: number): number | undefined {
  if (filled < 2) return at
  let next = skipLineBreaks(bytes, at + 1)
  if (filled === 2) {
    if (next === bytes.length) return next
    if (bytes.charAt(next) !== '=') return next - 1
    next = skipLineBreaks(bytes, next + 1)
  }
  return next < bytes.length ? next : undefined
}

function skipLineBreaks(bytes: string, from: number): number {
  lineBreaks.lastIndex = from
  return from + (lineBreaks.exec(bytes)?.[0].length ?? 0)
}
