/** A text that is not a Go duration. */
export class DurationError extends Error {
  override readonly name = 'DurationError'
}

const NANOSECONDS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n], // U+00B5
  ['μs', 1_000n], // U+03BC
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
])

const MAX = 1n << 63n
/** Keeps BigInt arithmetic on hostile digits short. */
const MAX_CHARS = 4096
const TERM = /([0-9]*)(\.[0-9]*)?([^0-9.]*)/y

/**
 * Nanoseconds of a Go duration such as `1h30m`, `-1.5s`, `300ms` or `0`, by the rules of `time.ParseDuration`.
 * Throws {@link DurationError}.
 */
export function parseDuration(text: string): bigint {
  if (text.length > MAX_CHARS) throw new DurationError(`invalid duration: over ${MAX_CHARS} characters`)
  const sign = /^[-+]/.exec(text)?.[0] ?? ''
  const negative = sign === '-'
  const body = text.slice(sign.length)
  if (body === '0') return 0n
  if (body === '') throw new DurationError(`invalid duration ${JSON.stringify(text)}`)
  let total = 0n
  TERM.lastIndex = 0
  while (TERM.lastIndex < body.length) {
    const [, whole = '', fraction = '', unit = ''] = TERM.exec(body) ?? []
    total += termToNanoseconds(whole, fraction, unit, text)
    if (total > MAX) throw new DurationError(`invalid duration ${JSON.stringify(text)}: out of range`)
  }
  if (!negative && total === MAX) {
    throw new DurationError(`invalid duration ${JSON.stringify(text)}: out of range`)
  }
  return negative ? -total : total
}

function termToNanoseconds(whole: string, fraction: string, unit: string, text: string): bigint {
  if (whole === '' && fraction.length < 2) throw new DurationError(`invalid duration ${JSON.stringify(text)}`)
  if (unit === '') throw new DurationError(`missing unit in duration ${JSON.stringify(text)}`)
  const scale = NANOSECONDS.get(unit)
  if (scale === undefined) {
    throw new DurationError(
      `unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)} (use ns, us, ms, s, m or h)`,
    )
  }
  return BigInt(whole) * scale + fractionToNanoseconds(fraction.slice(1), scale)
}

/** Go computes fractions in float64 and drops the digits that an int64 cannot take; so do we. */
function fractionToNanoseconds(digits: string, unit: bigint): bigint {
  let value = 0n
  let divisor = 1
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit)
    if (value > (MAX - 1n) / 10n || next > MAX) break
    value = next
    divisor *= 10
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / divisor)))
}

/** A duration in the form of Go's `Duration.String`: `1h30m0s`, `1.5ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s'
  const sign = nanoseconds < 0n ? '-' : ''
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds
  if (value < 1_000n) return `${sign}${value}ns`
  if (value < 1_000_000n) return `${sign}${decimal(value, 3)}µs`
  if (value < 1_000_000_000n) return `${sign}${decimal(value, 6)}ms`
  const minutes = value / 60_000_000_000n
  const seconds = `${decimal(value % 60_000_000_000n, 9)}s`
  if (minutes === 0n) return sign + seconds
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`
}

/** `value` with its last `places` digits behind a point, without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '')
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`)
}
