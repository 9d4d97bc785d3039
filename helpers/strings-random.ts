import { randomBytes, randomInt } from 'node:crypto'
import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import { toRunes, toValidText } from './go/bytes.ts'
import { inFamily, int, sample, string } from './typed.ts'

/** Functions whose result differs from call to call. All draw from the system's cryptographic generator. */
const define = inFamily('strings')

const digits = '0123456789'
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)).join('')

/** `count` characters of `alphabet`; none for a negative count. */
function drawText(count: bigint, alphabet: string, context: CallContext): string {
  context.charge(Number(count > 0n ? count : 0n))
  let out = ''
  for (let left = Number(count); left > 0; left--) out += alphabet.charAt(randomInt(alphabet.length))
  return out
}

function shuffle(text: string, context: CallContext): string {
  const chars = toRunes(toValidText(text))
  context.charge(text.length)
  for (let i = chars.length - 1; i > 0; i--) {
    const other = randomInt(i + 1)
    const [a = '', b = ''] = [chars[i], chars[other]]
    chars[i] = b
    chars[other] = a
  }
  return chars.join('')
}

const maxSpan = 2n ** 48n - 1n

function drawInt(low: bigint, high: bigint): bigint {
  if (high <= low) throw new HelperError(`no whole number is at least ${low} and below ${high}`)
  if (high - low > maxSpan) throw new HelperError(`the range ${low} to ${high} is wider than 2^48`)
  return low + BigInt(randomInt(Number(high - low)))
}

export const randomHelpers: readonly Helper[] = [
  define({
    name: 'randAlphaNum',
    params: [int('count')],
    changing: true,
    doc: 'Random letters and digits.',
    example: sample('{{ randAlphaNum 8 }}', 'kT3vQ9dz', /^[0-9A-Za-z]{8}$/),
    call: ([count], context) => drawText(count, digits + letters, context),
  }),
  define({
    name: 'randAlpha',
    params: [int('count')],
    changing: true,
    doc: 'Random letters.',
    example: sample('{{ randAlpha 8 }}', 'kTwvQrdz', /^[A-Za-z]{8}$/),
    call: ([count], context) => drawText(count, letters, context),
  }),
  define({
    name: 'randNumeric',
    params: [int('count')],
    changing: true,
    doc: 'Random digits.',
    example: sample('{{ randNumeric 8 }}', '40718253', /^[0-9]{8}$/),
    call: ([count], context) => drawText(count, digits, context),
  }),
  define({
    name: 'randAscii',
    params: [int('count')],
    changing: true,
    doc: 'Random printable ASCII characters, space among them.',
    example: sample('{{ randAscii 8 }}', 'k}w vQ#z', /^[ -~]{8}$/),
    call: ([count], context) => drawText(count, printable, context),
  }),
  define({
    name: 'randBytes',
    params: [int('count')],
    changing: true,
    doc: 'Random bytes, in base64.',
    example: sample('{{ randBytes 6 }}', 'q1Zc0mYT', /^[A-Za-z0-9+/]{8}$/),
    call: ([count], context) => {
      if (count < 0n) throw new HelperError(`cannot make ${count} bytes: give 0 or more`)
      context.charge(Number(count) * 2)
      return randomBytes(Number(count)).toString('base64')
    },
  }),
  define({
    name: 'randInt',
    params: [int('low'), int('high')],
    changing: true,
    doc: 'A random whole number from `low` up to, but not including, `high`.',
    example: sample('{{ randInt 3 9 }}', '7', /^[3-8]$/),
    call: ([low, high]) => drawInt(low, high),
  }),
  define({
    name: 'shuffle',
    params: [string('text')],
    changing: true,
    doc: 'The characters in a random order.',
    example: sample('{{ shuffle "aab" }}', 'aba', /^(aab|aba|baa)$/),
    call: ([text], context) => shuffle(text, context),
  }),
]
