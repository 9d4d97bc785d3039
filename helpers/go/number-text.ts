/** Numbers in text, as strconv reads them. All return undefined where strconv gives an error. */

const integerSyntax = /^([+-]?)(0[xX]_?[0-9a-fA-F]|0[bB]_?[01]|0[oO]_?[0-7]|[0-9])[0-9a-fA-F_]*$/
const maxDigits = 400

const minInt64 = -(2n ** 63n)
const maxInt64 = 2n ** 63n - 1n

/** strconv.ParseInt(text, base, 64). Base 0 reads prefixes (0x, 0o, 0b, 0) and underscores. */
export function findInt(text: string, base: 0 | 8 | 10): bigint | undefined {
  const value = findInteger(text, base)
  return value === undefined || value < minInt64 || value > maxInt64 ? undefined : value
}

/** An integer of any size, in strconv's syntax. */
export function findInteger(text: string, base: 0 | 8 | 10): bigint | undefined {
  if (text.length > maxDigits || !integerSyntax.test(text)) return undefined
  const negative = text.startsWith('-')
  const unsigned = text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text
  const literal = base === 0 ? toLiteral(unsigned) : withBase(unsigned, base)
  if (literal === undefined) return undefined
  return negative ? -BigInt(literal) : BigInt(literal)
}

function withBase(digits: string, base: 8 | 10): string | undefined {
  if (base === 10) return /^[0-9]+$/.test(digits) ? digits : undefined
  return /^[0-7]+$/.test(digits) ? `0o${digits}` : undefined
}

/** A literal that BigInt reads, or undefined where digits or underscores are misplaced. */
function toLiteral(text: string): string | undefined {
  if (text.includes('_') && !hasProperUnderscores(text)) return undefined
  const digits = text.replaceAll('_', '').toLowerCase()
  if (/^(0x[0-9a-f]+|0b[01]+|0o[0-7]+|0|[1-9][0-9]*)$/.test(digits)) return digits
  return /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : undefined
}

/** Underscores separate digits, or a base prefix from digits. */
function hasProperUnderscores(text: string): boolean {
  const digits = text.replace(/^[+-]/, '').replace(/^0[xXbBoO]/, '0')
  return !/^_|_$|__|_\.|\._|_[eEpPi+-]|[eEpP][+-]?_/.test(digits.replace(/^0_/, '00'))
}

const decimalFloat = /^[+-]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)([eE][+-]?[0-9][0-9_]*)?$/
const hexFloat = /^([+-]?)0[xX]([0-9a-fA-F_]*)\.?([0-9a-fA-F_]*)[pP]([+-]?[0-9]+)$/
const wordFloats = new Map([
  ['inf', Infinity],
  ['infinity', Infinity],
  ['nan', NaN],
])

/** strconv.ParseFloat(text, 64). Undefined also where the value is too large. */
export function findFloat(text: string): number | undefined {
  if (text.includes('_') && !(/^[+-]?0[xX]/.test(text) && hasProperUnderscores(text))) return undefined
  return findFloatLiteral(text)
}

/** As {@link findFloat}, with underscores in decimal floats too: the syntax of Go's literals. */
export function findFloatLiteral(text: string): number | undefined {
  const word = findWordFloat(text)
  if (word !== undefined) return word
  if (text.includes('_') && !hasProperUnderscores(text)) return undefined
  const value = decimalFloat.test(text) ? Number(text.replaceAll('_', '')) : findHexFloat(text)
  return value === undefined || Number.isFinite(value) ? value : undefined
}

function findWordFloat(text: string): number | undefined {
  if (text.length > 9) return undefined
  const word = wordFloats.get(text.replace(/^[+-]/, '').toLowerCase())
  if (word === undefined || (Number.isNaN(word) && /^[+-]/.test(text))) return undefined
  return text.startsWith('-') ? -word : word
}

function findHexFloat(text: string): number | undefined {
  const match = hexFloat.exec(text)
  if (match === null || text.length > maxDigits) return undefined
  const [, sign, whole = '', fraction = '', power = '0'] = match
  const digits = (whole + fraction).replaceAll('_', '')
  if (digits === '') return undefined
  const fractionBits = fraction.replaceAll('_', '').length * 4
  const value = scale(BigInt(`0x${digits}`), Number(power) - fractionBits)
  return sign === '-' ? -value : value
}

/** mantissa × 2^power, rounded once: the mantissa is cut to what a float64 can hold, keeping a sticky bit. */
function scale(mantissa: bigint, power: number): number {
  const excess = mantissa.toString(2).length - 64
  if (excess <= 0) return scaleSmall(mantissa, power)
  const shift = BigInt(excess)
  const sticky = mantissa & ((1n << shift) - 1n) ? 1n : 0n
  return scaleSmall((mantissa >> shift) | sticky, power + excess)
}

function scaleSmall(mantissa: bigint, power: number): number {
  if (mantissa === 0n) return 0
  const bits = mantissa.toString(2).length
  // Below the normal range the last bits are cut here, because dividing twice would round twice.
  const dropped = Math.max(bits - Math.max(Math.min(53, bits + power + 1074), 0), 0)
  const rounded = roundBits(mantissa, dropped)
  return multiplyPower(Number(rounded), power + dropped)
}

function roundBits(mantissa: bigint, dropped: number): bigint {
  if (dropped === 0) return mantissa
  const half = 1n << BigInt(dropped - 1)
  const kept = mantissa >> BigInt(dropped)
  const rest = mantissa & ((half << 1n) - 1n)
  return rest > half || (rest === half && (kept & 1n) === 1n) ? kept + 1n : kept
}

function multiplyPower(value: number, power: number): number {
  const first = Math.max(Math.min(power, 1000), -1000)
  return value * 2 ** first * 2 ** Math.max(Math.min(power - first, 1000), -1000)
}
