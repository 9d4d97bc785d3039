import { byteLength, toBytes } from './bytes.ts'
import { pad, truncateRunes } from './flags.ts'
import type { Flags } from './flags.ts'
import { formatFloat } from './float.ts'
import type { FloatVerb } from './float.ts'
import { canBackquote, isPrintable, quoteRune, quoteString, runeToString } from './quote.ts'

/**
 * What fmt prints for one scalar under one verb. Each function returns undefined for a verb that does not apply,
 * which the caller reports as `%!verb(type=value)`.
 */

export function formatBool(flags: Flags, value: boolean, verb: string): string | undefined {
  return verb === 't' || verb === 'v' ? pad(flags, String(value)) : undefined
}

const integerBases = new Map([
  ['v', 10],
  ['d', 10],
  ['b', 2],
  ['o', 8],
  ['O', 8],
  ['x', 16],
  ['X', 16],
])

/** `unsigned` matters for %#v only, which prints unsigned integers in hex. */
export function formatInteger(
  flags: Flags,
  value: bigint,
  verb: string,
  unsigned: boolean,
): string | undefined {
  if (verb === 'v' && flags.sharpV && unsigned) {
    return formatBase({ ...flags, sharp: true }, value, { base: 16, verb: 'v' })
  }
  const base = integerBases.get(verb)
  if (base !== undefined) return formatBase(flags, value, { base, verb })
  if (verb === 'c') return pad(flags, runeToString(value))
  if (verb === 'q') return pad(flags, quoteRune(value, flags.plus))
  return verb === 'U' ? formatUnicode(flags, value) : undefined
}

function formatBase(flags: Flags, value: bigint, notation: { base: number; verb: string }): string {
  if (flags.precision === 0 && value === 0n) return pad(flags, '', false)
  const negative = value < 0n
  const signed = negative || flags.plus || flags.space
  const digits = (negative ? -value : value).toString(notation.base).padStart(minDigits(flags, signed), '0')
  const text = signFor(flags, negative) + basePrefix(flags, digits, notation) + digits
  // The sign or prefix may make it as wide as it must be; zeros are in the digits already.
  return pad(flags, notation.verb === 'X' ? text.toUpperCase() : text, false)
}

function signFor(flags: Flags, negative: boolean): string {
  if (negative) return '-'
  if (flags.plus) return '+'
  return flags.space ? ' ' : ''
}

function minDigits(flags: Flags, signed: boolean): number {
  if (flags.precision !== undefined) return flags.precision
  if (!flags.zero || flags.minus || flags.width === undefined) return 0
  return signed ? flags.width - 1 : flags.width
}

function basePrefix(flags: Flags, digits: string, notation: { base: number; verb: string }): string {
  const octal = notation.verb === 'O' ? '0o' : ''
  if (!flags.sharp) return octal
  switch (notation.base) {
    case 2:
      return '0b'
    case 8:
      return octal + (digits.startsWith('0') ? '' : '0')
    case 16:
      return '0x'
    default:
      return ''
  }
}

function formatUnicode(flags: Flags, value: bigint): string {
  const code = BigInt.asUintN(64, value)
  const digits = code
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, flags.precision ?? 0), '0')
  const char = runeToString(code)
  const shown = flags.sharp && code <= 0x10ffffn && isPrintable(char) ? ` '${char}'` : ''
  return pad(flags, `U+${digits}${shown}`, false)
}

const shortestVerbs = 'bgGxX'
const fixedVerbs = 'fFeE'

/** `text` is what %v prints without a precision, which is not what %g prints. */
export function formatFloatVerb(flags: Flags, value: number, verb: string, text: string): string | undefined {
  if (verb === 'v') {
    if (flags.precision !== undefined || flags.sharpV || flags.sharp) return layOutFloat(flags, value, 'g')
    return padNumber(flags, text)
  }
  if (!shortestVerbs.includes(verb) && !fixedVerbs.includes(verb)) return undefined
  return layOutFloat(flags, value, verb === 'F' ? 'f' : (verb as FloatVerb))
}

function layOutFloat(flags: Flags, value: number, verb: FloatVerb): string {
  const precision = flags.precision ?? (fixedVerbs.includes(verb) ? 6 : -1)
  const text = formatFloat(value, verb, precision)
  const sharp = flags.sharp && verb !== 'b' && Number.isFinite(value)
  return padNumber(flags, sharp ? withAllDigits(text, verb, precision) : text)
}

/** `%#g` and such: always a decimal point, and for %g no digits removed. */
function withAllDigits(text: string, verb: FloatVerb, precision: number): string {
  const hex = verb === 'x' || verb === 'X'
  const exponentAt = text.search(hex ? /[pP]/ : /[eE]/)
  const number = exponentAt < 0 ? text : text.slice(0, exponentAt)
  const tail = exponentAt < 0 ? '' : text.slice(exponentAt)
  const pointed = number.includes('.') ? number : `${number}.`
  // As in Go, %#X adds none, and the x of a prefix counts as a digit.
  if (!'gGx'.includes(verb)) return pointed + tail
  const significant = pointed.replace('-', '').replace('.', '')
  const counted = significant.replace(/^0+/, '').length
  const wanted = (precision < 0 ? 6 : precision) - (counted === 0 && significant === '0' ? 1 : counted)
  return pointed + '0'.repeat(Math.max(wanted, 0)) + tail
}

/** Adds the sign asked for, and pads between sign and digits where zeros pad. */
function padNumber(flags: Flags, text: string): string {
  const digits = text.replace(/^[+-]/, '')
  const sign = signFor(flags, text.startsWith('-'))
  if (digits === 'Inf') return pad(flags, (sign || '+') + digits, false)
  if (digits === 'NaN') return pad(flags, sign + digits, false)
  const missing = (flags.width ?? 0) - sign.length - digits.length
  if (flags.zero && !flags.minus && missing > 0) return sign + '0'.repeat(missing) + digits
  return pad(flags, sign + digits)
}

/** `real` and `imaginary` share the flags; the imaginary part always has its sign. */
export function formatComplex(
  flags: Flags,
  parts: { real: number; imaginary: number },
  verb: string,
): string | undefined {
  const real = formatFloatVerb(flags, parts.real, verb, formatFloat(parts.real, 'g', -1))
  const signed = { ...flags, plus: true }
  const imaginary = formatFloatVerb(signed, parts.imaginary, verb, formatFloat(parts.imaginary, 'g', -1))
  return real === undefined || imaginary === undefined ? undefined : `(${real}${imaginary}i)`
}

export function formatString(flags: Flags, text: string, verb: string): string | undefined {
  switch (verb) {
    case 'v':
      return flags.sharpV ? formatQuoted(flags, text) : pad(flags, truncateRunes(flags, text))
    case 's':
      return pad(flags, truncateRunes(flags, text))
    case 'q':
      return formatQuoted(flags, text)
    case 'x':
      return formatHexBytes(flags, text)
    case 'X':
      return formatHexBytes(flags, text).toUpperCase()
    default:
      return undefined
  }
}

function formatQuoted(flags: Flags, text: string): string {
  const cut = truncateRunes(flags, text)
  if (flags.sharp && canBackquote(cut)) return pad(flags, `\`${cut}\``)
  return pad(flags, quoteString(cut, flags.plus))
}

function formatHexBytes(flags: Flags, text: string): string {
  const count = Math.min(byteLength(text), flags.precision ?? Infinity)
  if (count === 0) return pad(flags, '')
  const hex = toBytes(text).toString('hex', 0, count)
  const prefix = flags.sharp ? '0x' : ''
  if (!flags.space) return pad(flags, prefix + hex)
  return pad(flags, prefix + (hex.match(/../g) ?? []).join(` ${prefix}`))
}
