import { HelperError } from '../define.ts'
import { toByteChars } from './byte-chars.ts'
import { fromBytes, toBytes } from './bytes.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const digitCodes: ReadonlySet<number> = new Set(Buffer.from(alphabet))
const [lineFeed, carriageReturn, equalsSign] = [0x0a, 0x0d, 0x3d]

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

/** The offset at which Go's decoder reports an error. */
function findCorruption(text: string): number | undefined {
  const bytes = toByteChars(text)
  let filled = 0
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes.charCodeAt(at)
    if (code === lineFeed || code === carriageReturn) continue
    if (code === equalsSign) return scanPadding(bytes, at, filled)
    if (!digitCodes.has(code)) return at
    filled = (filled + 1) % 4
  }
  return filled === 0 ? undefined : bytes.length - filled
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

const lineBreaks = /[\r\n]*/y

function skipLineBreaks(bytes: string, from: number): number {
  lineBreaks.lastIndex = from
  return from + (lineBreaks.exec(bytes)?.[0].length ?? 0)
}
