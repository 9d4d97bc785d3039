/** A number in decimal: 0.d1d2d3… × 10^point, as strconv keeps it. `digits` has no trailing zeros; empty is zero. */
interface Decimal {
  readonly digits: string
  readonly point: number
}

export type FloatVerb = 'e' | 'E' | 'f' | 'g' | 'G' | 'b' | 'x' | 'X'

/** A float as %v prints it: in plain decimal, with an exponent only from 1e21 up and below 1e-6. */
export function formatPlainFloat(value: number): string {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? String(value) : formatNonFinite(value)
}

function formatNonFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}

/** strconv.FormatFloat for float64. `precision` -1 means as many digits as the value needs. */
export function formatFloat(value: number, verb: FloatVerb, precision: number): string {
  if (!Number.isFinite(value)) return formatNonFinite(value)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const text = formatMagnitude(Math.abs(value), verb.toLowerCase(), precision)
  return sign + (verb === 'E' || verb === 'G' || verb === 'X' ? text.toUpperCase() : text)
}

function formatMagnitude(magnitude: number, verb: string, precision: number): string {
  switch (verb) {
    case 'e':
      return formatExponent(magnitude, precision)
    case 'f':
      return formatFixed(magnitude, precision)
    case 'g':
      return formatGeneral(magnitude, precision)
    case 'b':
      return formatBinary(magnitude)
    default:
      return formatHex(magnitude, precision)
  }
}

function formatExponent(magnitude: number, precision: number): string {
  const decimal =
    precision < 0 ? shortestDecimal(magnitude) : roundDecimal(exactDecimal(magnitude), precision + 1)
  return layOutExponent(decimal, precision < 0 ? Math.max(decimal.digits.length - 1, 0) : precision)
}

function formatFixed(magnitude: number, precision: number): string {
  if (precision < 0) {
    const decimal = shortestDecimal(magnitude)
    return layOutFixed(decimal, Math.max(decimal.digits.length - decimal.point, 0))
  }
  const exact = exactDecimal(magnitude)
  return layOutFixed(roundDecimal(exact, exact.point + precision), precision)
}

/** %e for exponents below -4 or not below the precision (6 where the value decides it), else %f. */
function formatGeneral(magnitude: number, precision: number): string {
  const shortest = precision < 0
  const wanted = precision === 0 ? 1 : precision
  const decimal = shortest ? shortestDecimal(magnitude) : roundDecimal(exactDecimal(magnitude), wanted)
  const count = decimal.digits.length
  const threshold = generalThreshold(decimal, shortest, wanted)
  const exponent = decimal.point - 1
  if (exponent < -4 || exponent >= threshold) {
    const kept = shortest || wanted > count ? count : wanted
    return layOutExponent(decimal, Math.max(kept - 1, 0))
  }
  return layOutFixed(decimal, Math.max(count - decimal.point, 0))
}

function generalThreshold(decimal: Decimal, shortest: boolean, precision: number): number {
  if (shortest) return 6
  const count = decimal.digits.length
  return precision > count && count >= decimal.point ? count : precision
}

function layOutExponent(decimal: Decimal, precision: number): string {
  const digits = decimal.digits.padEnd(precision + 1, '0')
  const exponent = decimal.digits === '' ? 0 : decimal.point - 1
  const fraction = precision > 0 ? `.${digits.slice(1, precision + 1)}` : ''
  return `${digits.slice(0, 1) || '0'}${fraction}e${formatExponentPart(exponent)}`
}

function formatExponentPart(exponent: number): string {
  return (exponent < 0 ? '-' : '+') + String(Math.abs(exponent)).padStart(2, '0')
}

function layOutFixed(decimal: Decimal, precision: number): string {
  const { digits, point } = decimal
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  if (precision <= 0) return whole
  const leading = point < 0 ? '0'.repeat(Math.min(-point, precision)) : ''
  const fraction = leading + digits.slice(Math.max(point, 0))
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, '0')}`
}

/** The shortest digits that read back as the same float64. */
function shortestDecimal(magnitude: number): Decimal {
  if (magnitude === 0) return { digits: '', point: 0 }
  const [mantissa = '', exponent = '0'] = magnitude.toExponential().split('e')
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 }
}

/** All digits of the float64. */
function exactDecimal(magnitude: number): Decimal {
  if (magnitude === 0) return { digits: '', point: 0 }
  const { mantissa, exponent } = splitFloat(magnitude)
  if (exponent >= 0) return trimDecimal((mantissa << BigInt(exponent)).toString(), 0)
  return trimDecimal((mantissa * 5n ** BigInt(-exponent)).toString(), -exponent)
}

function trimDecimal(digits: string, fractionDigits: number): Decimal {
  let end = digits.length
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--
  return { digits: digits.slice(0, end), point: digits.length - fractionDigits }
}

/** Rounds to `count` digits, a tie to the even digit. A negative count leaves zero. */
function roundDecimal(decimal: Decimal, count: number): Decimal {
  const { digits, point } = decimal
  if (count < 0) return { digits: '', point: 0 }
  if (count >= digits.length) return decimal
  const kept = digits.slice(0, count)
  if (!roundsUp(digits, count)) return kept === '' ? { digits: '', point: 0 } : trimRounded(kept, point)
  if (kept === '') return { digits: '1', point: point + 1 }
  const raised = (BigInt(kept) + 1n).toString()
  return trimRounded(raised.padStart(count, '0'), point + Math.max(raised.length - count, 0))
}

function roundsUp(digits: string, count: number): boolean {
  const next = digits.charCodeAt(count) - 48
  if (next !== 5 || digits.length > count + 1) return next >= 5
  return count > 0 && (digits.charCodeAt(count - 1) - 48) % 2 === 1
}

function trimRounded(digits: string, point: number): Decimal {
  return { digits: digits.replace(/0+$/, ''), point }
}

const floatView = new DataView(new ArrayBuffer(8))

/** The float as mantissa × 2^exponent, with all 53 bits where the value is normal. */
function splitFloat(magnitude: number): { mantissa: bigint; exponent: number } {
  floatView.setFloat64(0, magnitude)
  const bits = floatView.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  if (biased === 0) return { mantissa: fraction, exponent: -1074 }
  return { mantissa: fraction | (1n << 52n), exponent: biased - 1075 }
}

function formatBinary(magnitude: number): string {
  const { mantissa, exponent } = splitFloat(magnitude)
  const shown = exponent === -1074 && mantissa === 0n ? -1074 : exponent
  return `${mantissa}p${shown < 0 ? '-' : '+'}${Math.abs(shown)}`
}

function formatHex(magnitude: number, precision: number): string {
  const [mantissa, exponent] = normalizeHex(magnitude, precision)
  const all = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, '0')
  const fraction = precision < 0 ? all.replace(/0+$/, '') : all.slice(0, precision).padEnd(precision, '0')
  return `0x${mantissa >> 60n}${fraction && `.${fraction}`}p${formatExponentPart(exponent)}`
}

/** The mantissa with one bit before 60 fraction bits, rounded to `precision` hex digits, and its binary exponent. */
function normalizeHex(magnitude: number, precision: number): [bigint, number] {
  if (magnitude === 0) return [0n, 0]
  const { mantissa, exponent } = splitFloat(magnitude)
  const bits = mantissa.toString(2).length
  const wide = mantissa << BigInt(61 - bits)
  const power = exponent + bits - 1
  if (precision < 0 || precision >= 15) return [wide, power]
  const unit = 1n << BigInt(60 - precision * 4)
  const rest = wide & (unit - 1n)
  const odd = (wide & unit) !== 0n
  const up = rest > unit / 2n || (rest === unit / 2n && odd)
  const rounded = wide - rest + (up ? unit : 0n)
  return rounded >> 61n === 0n ? [rounded, power] : [rounded >> 1n, power + 1]
}
