import { HelperError } from '../define.ts'
import { toByteChars } from './byte-chars.ts'
import { fromBytes, toBytes } from './bytes.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const quantumChars = 8
/** Characters that carry 1 to 5 bytes. */
const fullLengths: readonly number[] = [0, 2, 4, 5, 7, 8]

/** Standard base32 with padding, of the bytes of a Go string. */
export function encodeBase32(text: string): string {
  let out = ''
  let buffer = 0
  let bits = 0
  for (const byte of toBytes(text)) {
    buffer = ((buffer << 8) | byte) & 0xfff
    bits += 8
    for (; bits >= 5; bits -= 5) out += alphabet.charAt((buffer >> (bits - 5)) & 31)
  }
  if (bits > 0) out += alphabet.charAt((buffer << (5 - bits)) & 31)
  return out.padEnd(Math.ceil(out.length / quantumChars) * quantumChars, '=')
}

/** Decodes standard, padded base32; line breaks are skipped. @throws HelperError with Go's text. */
export function decodeBase32(text: string): string {
  const bytes = toByteChars(text).replace(/[\r\n]/g, '')
  return fromBytes(decodeDigits(digitsOf(bytes)))
}

/** The characters before the padding, checked. */
function digitsOf(bytes: string): string {
  const end = /[^A-Z2-7]/.exec(bytes)?.index ?? bytes.length
  const filled = end % quantumChars
  if (end === bytes.length) {
    if (filled !== 0) throw corrupt(bytes.length - filled)
    return bytes
  }
  checkPadding(bytes, end, filled)
  return bytes.slice(0, end)
}

function checkPadding(bytes: string, end: number, filled: number): void {
  const rest = bytes.length - end - 1
  if (bytes.charAt(end) !== '=' || filled < 2 || rest >= quantumChars) throw corrupt(end)
  const missing = quantumChars - 1 - filled
  if (rest < missing) throw corrupt(bytes.length)
  for (let at = 0; at < missing; at++) {
    if (bytes.charAt(end + 1 + at) !== '=') throw corrupt(end + at)
  }
  if (!fullLengths.includes(filled)) throw corrupt(end)
}

function corrupt(at: number): HelperError {
  return new HelperError(`illegal base32 data at input byte ${at}`)
}

function decodeDigits(digits: string): Buffer {
  const out = Buffer.alloc(Math.floor((digits.length * 5) / 8))
  let buffer = 0
  let bits = 0
  let length = 0
  for (const digit of digits) {
    buffer = ((buffer << 5) | alphabet.indexOf(digit)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    out[length++] = (buffer >> bits) & 0xff
  }
  return out
}
