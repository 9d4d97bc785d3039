import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import {
  DurationError,
  formatDuration,
  GoDuration,
  nanosecondsPerSecond,
  parseDuration,
  roundDuration,
} from './go/duration.ts'
import { findInt } from './go/number-text.ts'
import { parseTime } from './go/time-parse.ts'
import { GoTime, zeroTime } from './go/time.ts'
import { GoInt } from './go/value.ts'
import type { Value } from './go/value.ts'
import { findZone, utc } from './go/zone.ts'
import { aliasOf, any, example, inFamily, sample, string } from './typed.ts'

const define = inFamily('date')

const time = (name: string) => ({ name, type: { go: 'time.Time' } }) as const

const htmlLayout = '2006-01-02'

function currentTime(context: CallContext): GoTime {
  return new GoTime(BigInt(Math.trunc(context.nowMs())) * 1_000_000n)
}

/** A time, or an integer of seconds since 1970. Anything else is the current time, as Sprig has it. */
function timeOf(value: Value, context: CallContext): GoTime {
  if (value instanceof GoTime) return value
  const seconds = secondsOf(value)
  if (seconds !== undefined) return new GoTime(seconds * nanosecondsPerSecond)
  context.warn(
    'a date function got neither a time nor an integer and takes the current time: use toDate for texts and int64 for numbers from data',
  )
  return currentTime(context)
}

function secondsOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value
  return value instanceof GoInt && (value.kind === 'int64' || value.kind === 'int32')
    ? value.value
    : undefined
}

interface DateRequest {
  readonly layout: string
  readonly date: Value
  /** Unknown names are UTC. */
  readonly zone: string
}

/** For the parts that a layout is split into. */
const bytesPerLayoutChar = 64

function formatDate({ layout, date, zone }: DateRequest, context: CallContext): string {
  context.charge(layout.length * bytesPerLayoutChar)
  return timeOf(date, context)
    .in(findZone(zone) ?? utc)
    .format(layout)
}

function mustToDate(layout: string, text: string, context: CallContext): GoTime {
  context.charge(layout.length * bytesPerLayoutChar + text.length)
  return parseTime(layout, text)
}

function toDate(layout: string, text: string, context: CallContext): GoTime {
  try {
    return mustToDate(layout, text, context)
  } catch (error) {
    if (error instanceof HelperError) return zeroTime
    throw error
  }
}

/** The engine has checked the type. */
function asTime(value: Value): GoTime {
  if (value instanceof GoTime) return value
  throw new HelperError('expected a time.Time, such as toDate gives')
}

function durationOrZero(text: string): bigint {
  try {
    return parseDuration(text)
  } catch (error) {
    if (error instanceof DurationError) return 0n
    throw error
  }
}

/** Seconds as a Go duration: only texts and int64 count, as in Sprig. */
function duration(seconds: Value): string {
  return new GoDuration(wholeSeconds(seconds) * nanosecondsPerSecond).toGoString()
}

const largestInt64 = 2n ** 63n - 1n

function wholeSeconds(value: Value): bigint {
  if (value instanceof GoInt && value.kind === 'int64') return value.value
  if (typeof value !== 'string' || !/^[+-]?[0-9]+$/.test(value)) return 0n
  return findInt(value, 10) ?? (value.startsWith('-') ? -largestInt64 - 1n : largestInt64)
}

const hour = 3600n * nanosecondsPerSecond
const roundingUnits: readonly (readonly [string, bigint])[] = [
  ['y', 24n * 365n * hour],
  ['mo', 24n * 30n * hour],
  ['d', 24n * hour],
  ['h', hour],
  ['m', 60n * nanosecondsPerSecond],
  ['s', nanosecondsPerSecond],
]

/** Whole units of the largest unit that the duration exceeds. */
function durationRound(value: Value, context: CallContext): string {
  const ns = durationOf(value, context)
  const abs = ns < 0n ? -ns : ns
  const found = roundingUnits.find(([, unit]) => abs > unit)
  return found === undefined ? '0s' : `${abs / found[1]}${found[0]}`
}

function durationOf(value: Value, context: CallContext): bigint {
  if (typeof value === 'string') return durationOrZero(value)
  if (value instanceof GoTime) return currentTime(context).unixNs - value.unixNs
  return value instanceof GoInt && value.kind === 'int64' ? value.value : 0n
}

function ago(value: Value, context: CallContext): string {
  const elapsed = currentTime(context).unixNs - timeOf(value, context).unixNs
  return formatDuration(roundDuration(elapsed, nanosecondsPerSecond))
}

const dateInZone = define({
  name: 'dateInZone',
  params: [string('layout'), any('date'), string('zone')],
  doc: 'As `date`, in a time zone by its IANA name.',
  example: example('{{ dateInZone "15:04 MST" 1700000000 "Europe/Berlin" }}', '23:13 CET'),
  call: ([layout, date, zone], context) => formatDate({ layout, date, zone }, context),
})

const dateModify = define({
  name: 'dateModify',
  params: [string('duration'), time('date')],
  doc: 'The time moved by a duration such as `-1h30m`; unchanged where that is no duration.',
  example: example('{{ toDate "2006-01-02" "2024-01-31" | dateModify "24h" | date "Jan 2" }}', 'Feb 1'),
  call: ([text, date]) => asTime(date).add(durationOrZero(text)),
})

const mustDateModify = define({
  name: 'mustDateModify',
  params: [string('duration'), time('date')],
  doc: 'The time moved by a duration such as `-1h30m`; what is no duration is an error.',
  example: example('{{ toDate "2006-01-02" "2024-01-31" | mustDateModify "24h" | date "Jan 2" }}', 'Feb 1'),
  call: ([text, date]) => asTime(date).add(parseDuration(text)),
})

/** Sprig's dates. Layouts are Go's: the reference time is Mon Jan 2 15:04:05 -0700 MST 2006. */
export const date: readonly Helper[] = [
  define({
    name: 'now',
    params: [],
    changing: true,
    doc: 'The current time, in UTC.',
    example: sample('{{ now | date "2006" }}', '2024', /^\d{4}$/),
    call: (_args, context) => currentTime(context),
  }),
  define({
    name: 'ago',
    params: [any('date')],
    changing: true,
    doc: 'How long ago a time was, in whole seconds.',
    example: sample('{{ ago now }}', '0s', /^\d+s$/),
    call: ([value], context) => ago(value, context),
  }),
  define({
    name: 'date',
    params: [string('layout'), any('date')],
    doc: 'Formats a time, or an integer of seconds since 1970, in UTC.',
    example: example('{{ date "2006-01-02 15:04" 1700000000 }}', '2023-11-14 22:13'),
    call: ([layout, value], context) => formatDate({ layout, date: value, zone: 'UTC' }, context),
  }),
  dateInZone,
  aliasOf(dateInZone, 'date_in_zone'),
  define({
    name: 'htmlDate',
    params: [any('date')],
    doc: 'Formats a time as `2006-01-02`, in UTC.',
    example: example('{{ htmlDate 1700000000 }}', '2023-11-14'),
    call: ([value], context) => formatDate({ layout: htmlLayout, date: value, zone: 'UTC' }, context),
  }),
  define({
    name: 'htmlDateInZone',
    params: [any('date'), string('zone')],
    doc: 'Formats a time as `2006-01-02`, in a time zone.',
    example: example('{{ htmlDateInZone 1700000000 "Asia/Tokyo" }}', '2023-11-15'),
    call: ([value, zone], context) => formatDate({ layout: htmlLayout, date: value, zone }, context),
  }),
  dateModify,
  aliasOf(dateModify, 'date_modify'),
  mustDateModify,
  aliasOf(mustDateModify, 'must_date_modify'),
  define({
    name: 'duration',
    params: [any('seconds')],
    doc: 'Seconds, as a text or an int64, as a duration.',
    example: example('{{ duration "5400" }}', '1h30m0s'),
    call: ([seconds]) => duration(seconds),
  }),
  define({
    name: 'durationRound',
    params: [any('duration')],
    doc: 'A duration, or the time since a date, cut to its largest unit: y, mo, d, h, m or s.',
    example: example('{{ durationRound "2h10m5s" }}', '2h'),
    call: ([value], context) => durationRound(value, context),
  }),
  define({
    name: 'toDate',
    params: [string('layout'), string('text')],
    doc: 'Reads a time by a layout. What does not fit is the first day of the year 1.',
    example: example('{{ toDate "2006-01-02" "2024-02-29" | unixEpoch }}', '1709164800'),
    call: ([layout, text], context) => toDate(layout, text, context),
  }),
  define({
    name: 'mustToDate',
    params: [string('layout'), string('text')],
    doc: 'Reads a time by a layout. What does not fit is an error.',
    example: example('{{ mustToDate "02/01/2006" "29/02/2024" | htmlDate }}', '2024-02-29'),
    call: ([layout, text], context) => mustToDate(layout, text, context),
  }),
  define({
    name: 'unixEpoch',
    params: [time('date')],
    doc: 'The seconds since 1970, as a text.',
    example: example('{{ toDate "2006-01-02" "2024-01-01" | unixEpoch }}', '1704067200'),
    call: ([value]) => String(asTime(value).unixSeconds),
  }),
]
