import { HelperError } from '../define.ts'
import { civilToDays, daysToCivil, weekdayOf, yearDayOf } from './civil.ts'
import { durationArgument, GoDuration, nanosecondsPerSecond } from './duration.ts'
import type { ClockReading } from './time-format.ts'
import { formatTime } from './time-format.ts'
import { GoMonth, GoWeekday } from './time-units.ts'
import { bindMethod } from './method.ts'
import type { HostMethod, Value } from './value.ts'
import { GoInt, HostValue } from './value.ts'
import type { Zone } from './zone.ts'
import { utc } from './zone.ts'

const secondsPerDay = 86_400
const maxCount = 1_000_000_000n

/** Go's time.Time: an instant and the zone it is shown in. Immutable. */
export class GoTime extends HostValue {
  readonly typeName = 'time.Time'
  readonly kind = 'struct'
  /** Nanoseconds since 1970-01-01 UTC. */
  readonly unixNs: bigint
  readonly zone: Zone

  constructor(unixNs: bigint, zone: Zone = utc) {
    super()
    this.unixNs = unixNs
    this.zone = zone
  }

  /** Whole seconds since 1970, rounded down. */
  get unixSeconds(): bigint {
    return floorDivide(this.unixNs, nanosecondsPerSecond)
  }

  in(zone: Zone): GoTime {
    return new GoTime(this.unixNs, zone)
  }

  add(ns: bigint): GoTime {
    return new GoTime(this.unixNs + ns, this.zone)
  }

  read(): ClockReading {
    const seconds = this.unixSeconds
    const { offsetSeconds, abbreviation } = this.zone.at(Number(seconds))
    const local = seconds + BigInt(offsetSeconds)
    const days = Number(floorDivide(local, BigInt(secondsPerDay)))
    const secondOfDay = Number(local - BigInt(days) * BigInt(secondsPerDay))
    return {
      ...daysToCivil(days),
      yearDay: yearDayOf(days),
      weekday: weekdayOf(days),
      hour: Math.floor(secondOfDay / 3600),
      minute: Math.floor(secondOfDay / 60) % 60,
      second: secondOfDay % 60,
      nanosecond: Number(this.unixNs - seconds * nanosecondsPerSecond),
      offsetSeconds,
      abbreviation,
    }
  }

  format(layout: string): string {
    return formatTime(this.read(), layout)
  }

  override toGoString(): string {
    return this.format('2006-01-02 15:04:05.999999999 -0700 MST')
  }

  override toJsonValue(): string {
    return this.format('2006-01-02T15:04:05.999999999Z07:00')
  }

  override method(name: string): HostMethod | undefined {
    const [arity, call] = timeMethods.get(name) ?? []
    if (arity === undefined || call === undefined) return undefined
    return bindMethod(name, arity, (args) => call(this, args))
  }
}

/** Go's zero time, 1 January of the year 1. */
export const zeroTime = new GoTime(-62_135_596_800n * nanosecondsPerSecond)

export interface WallClock {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nanosecond: number
}

/** Nanoseconds since 1970 of a clock that shows `clock` at UTC. Fields beyond their range carry over. */
export function clockToUnixNs(clock: WallClock): bigint {
  const days = BigInt(civilToDays(clock)) * BigInt(secondsPerDay)
  const seconds = days + BigInt(clock.hour * 3600 + clock.minute * 60 + clock.second)
  return seconds * nanosecondsPerSecond + BigInt(clock.nanosecond)
}

/** The instant at which the clocks of `zone` show `clock`, as Go's time.Date chooses it around a change of offset. */
function dateIn(clock: WallClock, zone: Zone): GoTime {
  const asUtc = clockToUnixNs(clock)
  const seconds = Number(floorDivide(asUtc, nanosecondsPerSecond))
  const guess = zone.at(seconds).offsetSeconds
  const { offsetSeconds } = guess === 0 ? { offsetSeconds: 0 } : zone.at(seconds - guess)
  return new GoTime(asUtc - BigInt(offsetSeconds) * nanosecondsPerSecond, zone)
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value % divisor < 0n ? quotient - 1n : quotient
}

type TimeMethod = readonly [arity: number, call: (time: GoTime, args: readonly Value[]) => Value]

/** A method without arguments that shows one field of the clock. */
const reads = (field: (reading: ClockReading) => number): TimeMethod => [
  0,
  (time) => BigInt(field(time.read())),
]

/** A method without arguments that gives the time since 1970 in units of 10^-n seconds. */
const since1970 = (unitNs: bigint): TimeMethod => [
  0,
  (time) => new GoInt('int64', BigInt.asIntN(64, floorDivide(time.unixNs, unitNs))),
]

const timeMethods: ReadonlyMap<string, TimeMethod> = new Map<string, TimeMethod>([
  ['Year', reads(({ year }) => year)],
  ['Month', [0, (time) => new GoMonth(time.read().month)]],
  ['Day', reads(({ day }) => day)],
  ['YearDay', reads(({ yearDay }) => yearDay)],
  ['Weekday', [0, (time) => new GoWeekday(time.read().weekday)]],
  ['Hour', reads(({ hour }) => hour)],
  ['Minute', reads(({ minute }) => minute)],
  ['Second', reads(({ second }) => second)],
  ['Nanosecond', reads(({ nanosecond }) => nanosecond)],
  ['Unix', since1970(nanosecondsPerSecond)],
  ['UnixMilli', since1970(1_000_000n)],
  ['UnixMicro', since1970(1_000n)],
  ['UnixNano', since1970(1n)],
  ['Format', [1, (time, [layout]) => time.format(textArgument(layout))]],
  ['String', [0, (time) => time.toGoString()]],
  ['UTC', [0, (time) => time.in(utc)]],
  ['Local', [0, (time) => time.in(utc)]],
  ['IsZero', [0, (time) => time.unixNs === zeroTime.unixNs]],
  ['IsDST', [0, () => false]],
  ['Add', [1, (time, [duration]) => time.add(durationArgument(duration))]],
  ['AddDate', [3, addDate]],
  ['Sub', [1, (time, [other]) => new GoDuration(saturate(time.unixNs - timeArgument(other).unixNs))]],
  ['Before', [1, (time, [other]) => time.unixNs < timeArgument(other).unixNs]],
  ['After', [1, (time, [other]) => time.unixNs > timeArgument(other).unixNs]],
  ['Equal', [1, (time, [other]) => time.unixNs === timeArgument(other).unixNs]],
  ['Compare', [1, (time, [other]) => compareTimes(time, timeArgument(other))]],
  ['Truncate', [1, (time, [unit]) => time.add(-sinceZero(time, durationArgument(unit)))]],
  ['Round', [1, (time, [unit]) => roundTime(time, durationArgument(unit))]],
])

function addDate(time: GoTime, [years, months, days]: readonly Value[]): GoTime {
  const reading = time.read()
  const carried = {
    year: reading.year + countArgument(years),
    month: reading.month + countArgument(months),
    day: reading.day + countArgument(days),
  }
  return dateIn({ ...reading, ...carried }, time.zone)
}

function compareTimes(left: GoTime, right: GoTime): bigint {
  if (left.unixNs === right.unixNs) return 0n
  return left.unixNs < right.unixNs ? -1n : 1n
}

/** What is left over of the time since the year 1 after whole units: Go counts multiples from there. */
function sinceZero(time: GoTime, unitNs: bigint): bigint {
  if (unitNs <= 0n) return 0n
  const rest = (time.unixNs - zeroTime.unixNs) % unitNs
  return rest < 0n ? rest + unitNs : rest
}

function roundTime(time: GoTime, unitNs: bigint): GoTime {
  const rest = sinceZero(time, unitNs)
  return time.add(rest * 2n < unitNs || unitNs <= 0n ? -rest : unitNs - rest)
}

/** Go's Sub stops at the longest duration, 292 years. */
function saturate(ns: bigint): bigint {
  const limit = 1n << 63n
  if (ns >= limit) return limit - 1n
  return ns < -limit ? -limit : ns
}

function timeArgument(value: Value | undefined): GoTime {
  if (value instanceof GoTime) return value
  throw new HelperError('expected a time.Time')
}

function textArgument(value: Value | undefined): string {
  if (typeof value === 'string') return value
  throw new HelperError('expected string')
}

/** Years, months or days to add; far more than any calendar needs is refused, so that dates stay exact. */
function countArgument(value: Value | undefined): number {
  if (typeof value !== 'bigint') throw new HelperError('expected integer')
  if (value > maxCount || value < -maxCount)
    throw new HelperError(`a date moves by at most ${maxCount} units`)
  return Number(value)
}
