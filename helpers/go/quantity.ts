import { HelperError } from '../define.ts'

/** How a quantity is written: `512Mi`, `500m`, or `5e8`. */
export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent'

interface Suffix {
  readonly base: 2 | 10
  readonly exponent: number
  readonly format: QuantityFormat
}

const decimalSuffixes: readonly (readonly [string, number])[] = [
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]
const binarySuffixes: readonly (readonly [string, number])[] = [
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
]

const suffixes: ReadonlyMap<string, Suffix> = new Map<string, Suffix>([
  ...decimalSuffixes.map(([name, exponent]) => [name, { base: 10, exponent, format: 'DecimalSI' }] as const),
  ...binarySuffixes.map(([name, exponent]) => [name, { base: 2, exponent, format: 'BinarySI' }] as const),
])

const nanoScale = 9
export const nanoPerUnit = 1_000_000_000n
export const nanoPerMilli = 1_000_000n
const maxInt64 = (1n << 63n) - 1n
/** No quantity of a cluster is longer; the bound keeps the arithmetic on what a template computes cheap. */
const maxTextLength = 128
const maxExponent = 64

/**
 * A Kubernetes resource quantity: an exact number of billionths and the format it is written in. Immutable.
 * Follows k8s.io/apimachinery `resource.Quantity`: amounts below 1n round up (away from zero), binary amounts are
 * capped at 2^63-1, and text that is canonical enough is kept as it was (`+1`, `1.5e1`).
 */
export class Quantity {
  readonly nano: bigint
  readonly format: QuantityFormat
  readonly #text: string | undefined

  constructor(nano: bigint, format: QuantityFormat, text?: string) {
    this.nano = nano
    this.format = format
    this.#text = text
  }

  static fromUnits(units: bigint, format: QuantityFormat): Quantity {
    return new Quantity(units * nanoPerUnit, format)
  }

  static fromMilli(milli: bigint): Quantity {
    return new Quantity(milli * nanoPerMilli, 'DecimalSI')
  }

  /** As Go's String(): the text that was parsed where Go keeps it, otherwise the canonical form. */
  toString(): string {
    return this.#text ?? this.canonical()
  }

  /** The shortest exact text with a suffix of the format, as the API server stores it. */
  canonical(): string {
    if (this.nano === 0n) return '0'
    if (this.format === 'BinarySI' && isBinaryText(this.nano)) return binaryText(this.nano / nanoPerUnit)
    return decimalText(this.nano, this.format === 'DecimalExponent')
  }

  /** Whole units, rounded away from zero. */
  units(): bigint {
    return divideUp(this.nano, nanoPerUnit)
  }

  /** Whole thousandths, rounded away from zero. */
  milli(): bigint {
    return divideUp(this.nano, nanoPerMilli)
  }

  compare(other: Quantity): -1 | 0 | 1 {
    if (this.nano === other.nano) return 0
    return this.nano < other.nano ? -1 : 1
  }

  /** The sum, in this quantity's format, or in the other's where this is zero. */
  add(other: Quantity): Quantity {
    return new Quantity(this.nano + other.nano, this.nano === 0n ? other.format : this.format)
  }

  sub(other: Quantity): Quantity {
    return new Quantity(this.nano - other.nano, this.nano === 0n ? other.format : this.format)
  }
}

/** `value / divisor`, rounded away from zero. */
export function divideUp(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  if (value % divisor === 0n) return quotient
  return value < 0n ? quotient - 1n : quotient + 1n
}

function isBinaryText(nano: bigint): boolean {
  const limit = 1024n * nanoPerUnit
  return (nano <= -limit || nano >= limit) && nano % nanoPerUnit === 0n
}

function binaryText(units: bigint): string {
  let mantissa = units
  let exponent = 0
  while (exponent < 60 && mantissa % 1024n === 0n) {
    mantissa /= 1024n
    exponent += 10
  }
  return mantissa.toString() + suffixOf(binarySuffixes, exponent)
}

function decimalText(nano: bigint, asExponent: boolean): string {
  let mantissa = nano
  let exponent = -nanoScale
  const canGrow = (): boolean => asExponent || exponent < 18
  while (canGrow() && mantissa % 1000n === 0n) {
    mantissa /= 1000n
    exponent += 3
  }
  if (!asExponent) return mantissa.toString() + suffixOf(decimalSuffixes, exponent)
  return exponent === 0 ? mantissa.toString() : `${mantissa}e${exponent}`
}

function suffixOf(table: readonly (readonly [string, number])[], exponent: number): string {
  return table.find(([, value]) => value === exponent)?.[0] ?? ''
}

const wrongFormat =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const wrongSuffix = "unable to parse quantity's suffix"

interface QuantityText {
  readonly negative: boolean
  /** Without leading zeros, but at least one digit. */
  readonly whole: string
  readonly fraction: string
  readonly suffix: Suffix
}

/**
 * A quantity from its text, by the rules of Kubernetes, which read text without digits (`Gi`, `.`) as zero.
 * @throws HelperError with apimachinery's text.
 */
export function parseQuantity(text: string): Quantity {
  const parts = splitText(text)
  const magnitude = toNano(parts)
  const nano = parts.negative ? -magnitude : magnitude
  return new Quantity(nano, formatOf(magnitude, parts), keepsText(parts) ? text : undefined)
}

function splitText(text: string): QuantityText {
  if (text.length > maxTextLength) {
    throw new HelperError(`a quantity has at most ${maxTextLength} characters, this has ${text.length}`)
  }
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text)
  if (match === null || text === '') throw new HelperError(wrongFormat)
  const [, sign, whole, fraction = '', suffix = ''] = match
  return { negative: sign === '-', whole: whole || '0', fraction, suffix: parseSuffix(suffix) }
}

function parseSuffix(name: string): Suffix {
  const known = suffixes.get(name)
  if (known !== undefined) return known
  if (!/^[eE][-+]?\d+$/.test(name)) throw new HelperError(wrongSuffix)
  const exponent = Number(name.slice(1))
  if (Math.abs(exponent) > maxExponent) {
    throw new HelperError(`a quantity's exponent is at most ${maxExponent}, this is ${exponent}`)
  }
  return { base: 10, exponent, format: 'DecimalExponent' }
}

/** The magnitude in billionths: what is not zero rounds up to 1n, and binary amounts stop at 2^63-1. */
function toNano({ whole, fraction, suffix }: QuantityText): bigint {
  const digits = BigInt(whole + fraction)
  if (suffix.base === 10) return scaleByTen(digits, nanoScale - fraction.length + suffix.exponent)
  const nano = scaleByTen(digits << BigInt(suffix.exponent), nanoScale - fraction.length)
  const max = maxInt64 * nanoPerUnit
  return nano > max ? max : nano
}

/** value × 10^exponent, rounded away from zero. */
export function scaleByTen(value: bigint, exponent: number): bigint {
  const factor = 10n ** BigInt(Math.abs(exponent))
  return exponent >= 0 ? value * factor : divideUp(value, factor)
}

/** Binary text below one unit has the decimal format from then on, but only where Go takes its slow path. */
function formatOf(nano: bigint, text: QuantityText): QuantityFormat {
  const { format } = text.suffix
  if (format !== 'BinarySI' || nano === 0n || nano >= nanoPerUnit) return format
  return isBinaryFastPath(text) ? format : 'DecimalSI'
}

function isBinaryFastPath({ whole, fraction, suffix }: QuantityText): boolean {
  return fraction === '' && whole.length + Math.floor((suffix.exponent * 3) / 10) <= 14
}

/** Where Go keeps the parsed text as the canonical one, although it may not be. */
function keepsText(text: QuantityText): boolean {
  const { whole, fraction, suffix } = text
  if (suffix.format === 'BinarySI') return isBinaryFastPath(text) && BigInt(whole) % 8n !== 0n
  const scale = suffix.exponent - fraction.length
  const digits = whole + fraction
  if (digits.length > 18 || scale < -nanoScale) return false
  return scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0')
}
