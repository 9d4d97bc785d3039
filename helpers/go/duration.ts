import { HelperError } from '../define.ts'
import type { HostMethod, Value } from './value.ts'
import { GoInt, HostValue } from './value.ts'
import { toBytes } from './bytes.ts'
import { bindMethod } from './method.ts'

const maxNs = (1n << 63n) - 1n
const maxChars = 1_000
const overflowNs = 1n << 63n

/** A text that is not a duration. */
export class DurationError extends HelperError {}

export const nanosecondsPerSecond = 1_000_000_000n
const minuteNs = 60n * nanosecondsPerSecond
const hourNs = 60n * minuteNs

const unitNs: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', nanosecondsPerSecond],
  ['m', minuteNs],
  ['h', hourNs],
])

/** Longer texts are cut in errors. */
const maxQuotedChars = 256

/** Text in double quotes, as the time package writes it in errors: each byte that is not plain ASCII as `\xNN`. */
export function quoteTimeText(text: string): string {
  let quoted = '"'
  for (const byte of toBytes(text.slice(0, maxQuotedChars))) {
    const char = String.fromCharCode(byte)
    if (byte < 0x20 || byte > 0x7e) quoted += `\\x${byte.toString(16).padStart(2, '0')}`
    else quoted += char === '"' || char === '\\' ? `\\${char}` : char
  }
  return `${quoted}"`
}

/**
 * Nanoseconds of a Go duration such as `1h30m`, `-1.5h` or `300ms`, as Go's time.ParseDuration reads it.
 * @throws DurationError with Go's text: no number, no unit, an unknown unit, or more than 292 years.
 */
export function parseDuration(text: string): bigint {
  if (text.length > maxChars) throw new DurationError(`time: invalid duration: over ${maxChars} characters`)
  const sign = text.startsWith('-') || text.startsWith('+') ? text.charAt(0) : ''
  const body = text.slice(sign.length)
  if (body === '0') return 0n
  if (body === '') throw invalidDuration(text)
  const totalNs = sumParts(text, body)
  if (sign === '-') return -totalNs
  if (totalNs > maxNs) throw invalidDuration(text)
  return totalNs
}

function sumParts(text: string, body: string): bigint {
  const part = /(\d*)(\.?)(\d*)([^.\d]*)/y
  let totalNs = 0n
  while (part.lastIndex < body.length) {
    const match = part.exec(body)
    if (match === null) throw invalidDuration(text)
    totalNs += partNs(text, match)
    if (totalNs > overflowNs) throw invalidDuration(text)
  }
  return totalNs
}

function partNs(text: string, match: RegExpExecArray): bigint {
  const [, whole = '', , fraction = '', unitName = ''] = match
  if (whole === '' && fraction === '') throw invalidDuration(text)
  if (unitName === '') throw new DurationError(`time: missing unit in duration ${quoteTimeText(text)}`)
  const unit = unitNs.get(unitName)
  if (unit === undefined) {
    throw new DurationError(
      `time: unknown unit ${quoteTimeText(unitName)} in duration ${quoteTimeText(text)}`,
    )
  }
  const wholeUnits = BigInt(whole)
  if (wholeUnits * unit > overflowNs) throw invalidDuration(text)
  return wholeUnits * unit + fractionNs(fraction, unit)
}

/** Go computes the fraction in float64, from as many digits as an int64 holds; the result is cut, not rounded. */
function fractionNs(digits: string, unit: bigint): bigint {
  let mantissa = 0n
  let scale = 1
  for (const digit of digits) {
    const next = mantissa * 10n + BigInt(digit)
    if (mantissa > maxNs / 10n || next > overflowNs) break
    mantissa = next
    scale *= 10
  }
  if (mantissa === 0n) return 0n
  return BigInt(Math.trunc(Number(mantissa) * (Number(unit) / scale)))
}

function invalidDuration(text: string): HelperError {
  return new DurationError(`time: invalid duration ${quoteTimeText(text)}`)
}

/** As Go's Duration.String: `1h30m0s`, `1.5s`, `300ms`, `0s`. */
export function formatDuration(ns: bigint): string {
  if (ns === 0n) return '0s'
  const sign = ns < 0n ? '-' : ''
  const abs = ns < 0n ? -ns : ns
  if (abs < nanosecondsPerSecond) return sign + formatSubsecond(abs)
  const seconds = `${withFraction(abs % minuteNs, 9)}s`
  const hours = abs / hourNs
  const minutes = (abs / minuteNs) % 60n
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : sign + seconds
}

function formatSubsecond(abs: bigint): string {
  if (abs < 1_000n) return `${abs}ns`
  return abs < 1_000_000n ? `${withFraction(abs, 3)}\u00b5s` : `${withFraction(abs, 6)}ms`
}

/** `value` divided by 10^digits, without trailing zeros. */
function withFraction(value: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits)
  const fraction = (value % scale).toString().padStart(digits, '0').replace(/0+$/, '')
  return fraction === '' ? `${value / scale}` : `${value / scale}.${fraction}`
}

/** The nearest multiple of `unit`, halves away from zero, kept inside int64; unchanged where `unit` is not positive. */
export function roundDuration(ns: bigint, unit: bigint): bigint {
  if (unit <= 0n) return ns
  const abs = ns < 0n ? -ns : ns
  const rest = abs % unit
  const rounded = rest * 2n < unit ? abs - rest : abs - rest + unit
  if (ns < 0n) return rounded > overflowNs ? -overflowNs : -rounded
  return rounded > maxNs ? maxNs : rounded
}

/** Go's time.Duration. */
export class GoDuration extends HostValue {
  readonly typeName = 'time.Duration'
  readonly kind = 'int64'
  readonly ns: bigint

  constructor(ns: bigint) {
    super()
    this.ns = BigInt.asIntN(64, ns)
  }

  override toGoString(): string {
    return formatDuration(this.ns)
  }

  override integer(): bigint {
    return this.ns
  }

  override toJsonValue(): bigint {
    return this.ns
  }

  override method(name: string): HostMethod | undefined {
    return Object.hasOwn(durationMethods, name) ? durationMethods[name]?.(this.ns) : undefined
  }
}

/** The nanoseconds of a duration argument; a whole number is taken for nanoseconds, as an untyped Go constant is. */
export function durationArgument(value: Value | undefined): bigint {
  if (value instanceof GoDuration) return value.ns
  if (typeof value === 'bigint') return value
  if (value instanceof GoInt && value.kind === 'int64') return value.value
  throw new HelperError('expected a time.Duration or a whole number of nanoseconds')
}

const durationMethods: Readonly<Record<string, (ns: bigint) => HostMethod>> = {
  String: (ns) => bindMethod('String', 0, () => formatDuration(ns)),
  Hours: (ns) => bindMethod('Hours', 0, () => inUnits(ns, hourNs)),
  Minutes: (ns) => bindMethod('Minutes', 0, () => inUnits(ns, minuteNs)),
  Seconds: (ns) => bindMethod('Seconds', 0, () => inUnits(ns, nanosecondsPerSecond)),
  Milliseconds: (ns) => bindMethod('Milliseconds', 0, () => new GoInt('int64', ns / 1_000_000n)),
  Microseconds: (ns) => bindMethod('Microseconds', 0, () => new GoInt('int64', ns / 1_000n)),
  Nanoseconds: (ns) => bindMethod('Nanoseconds', 0, () => new GoInt('int64', ns)),
  Abs: (ns) => bindMethod('Abs', 0, () => new GoDuration(ns < 0n ? (ns === -overflowNs ? maxNs : -ns) : ns)),
  Round: (ns) =>
    bindMethod('Round', 1, ([unit]) => new GoDuration(roundDuration(ns, durationArgument(unit)))),
  Truncate: (ns) =>
    bindMethod('Truncate', 1, ([unit]) => {
      const unitNs = durationArgument(unit)
      return new GoDuration(unitNs <= 0n ? ns : ns - (ns % unitNs))
    }),
}

function inUnits(ns: bigint, unit: bigint): number {
  return Number(ns / unit) + Number(ns % unit) / Number(unit)
}
