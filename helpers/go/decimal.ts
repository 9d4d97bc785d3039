import { HelperError } from '../define.ts'

/** An exact decimal number, coefficient × 10^exponent. */
export interface Decimal {
  readonly coefficient: bigint
  readonly exponent: number
}

/** Digits after the point of a quotient, as Go's decimal library keeps them. */
const divisionDigits = 16

/** The shortest decimal that is read back as `value`. @throws HelperError for NaN and the infinities. */
export function toDecimal(value: number): Decimal {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
    throw new HelperError(`${name} is not a number to calculate with: check the value before, or use default`)
  }
  const [mantissa = '0', power = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { coefficient: BigInt(whole + fraction), exponent: Number(power) - fraction.length }
}

/** The nearest float64. */
export function toFloat({ coefficient, exponent }: Decimal): number {
  return Number(`${coefficient}e${exponent}`)
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const exponent = Math.min(left.exponent, right.exponent)
  return { coefficient: scaleTo(left, exponent) + scaleTo(right, exponent), exponent }
}

export function subtractDecimals(left: Decimal, right: Decimal): Decimal {
  return addDecimals(left, { ...right, coefficient: -right.coefficient })
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return {
    coefficient: left.coefficient * right.coefficient,
    exponent: left.exponent + right.exponent,
  }
}

/** The quotient with 16 digits after the point, halves rounded away from zero. @throws HelperError for a zero divisor. */
export function divideDecimals(left: Decimal, right: Decimal): Decimal {
  if (right.coefficient === 0n) throw new HelperError('decimal division by 0')
  const shift = left.exponent - right.exponent + divisionDigits
  const numerator = left.coefficient * powerOfTen(Math.max(shift, 0))
  const denominator = right.coefficient * powerOfTen(Math.max(-shift, 0))
  return { coefficient: divideHalfUp(numerator, denominator), exponent: -divisionDigits }
}

function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  const rest = numerator - quotient * denominator
  if (magnitude(rest) * 2n < magnitude(denominator)) return quotient
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

function scaleTo({ coefficient, exponent }: Decimal, target: number): bigint {
  return coefficient * powerOfTen(exponent - target)
}

function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent)
}
