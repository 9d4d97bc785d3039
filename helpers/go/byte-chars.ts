import { fromBytes, isAscii, toBytes } from './bytes.ts'

/** The bytes of a Go string as characters U+0000 to U+00FF, so that string functions count and cut bytes. */
export function toByteChars(text: string): string {
  return isAscii(text) ? text : toBytes(text).toString('latin1')
}

/** The inverse of {@link toByteChars}. */
export function fromByteChars(chars: string): string {
  return isAscii(chars) ? chars : fromBytes(Buffer.from(chars, 'latin1'))
}
