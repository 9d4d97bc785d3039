import { HelperError } from '../define.ts'
import { civilToDays, daysInMonth, daysToCivil, monthNames, weekdayNames } from './civil.ts'
import { nanosecondsPerSecond, quoteTimeText } from './duration.ts'
import { findOffsetStyle, isFraction, splitLayout } from './layout.ts'
import type { LayoutPart, OffsetStyle } from './layout.ts'
import { clockToUnixNs, GoTime } from './time.ts'
import { fixedZone, utc } from './zone.ts'

/** What has been read so far. */
interface Fields {
  year: number
  month?: number
  day?: number
  yearDay?: number
  hour: number
  minute: number
  second: number
  nanosecond: number
  afternoon?: boolean
  isUtc?: true
  offsetSeconds?: number
  zoneName: string
}

interface Input {
  readonly text: string
  at: number
  readonly fields: Fields
}

/** A number of the right form that no clock or calendar shows; the message is the end of Go's. */
class RangeFailure extends Error {}

/**
 * Reads `value` as `layout` says, as Go's time.Parse in a process whose local zone is UTC.
 * @throws HelperError with Go's text.
 */
export function parseTime(layout: string, value: string): GoTime {
  const input: Input = { text: value, at: 0, fields: newFields() }
  const parts = splitLayout(layout)
  try {
    for (const [index, part] of parts.entries()) {
      readLiteral(input, layout, part.literal)
      readElement(input, layout, part.element, parts[index + 1])
    }
    return toTime(input.fields)
  } catch (error) {
    if (error instanceof RangeFailure) throw failure(value, `: ${error.message}`)
    throw error
  }
}

function newFields(): Fields {
  return { year: 0, hour: 0, minute: 0, second: 0, nanosecond: 0, zoneName: '' }
}

function failure(value: string, message: string): HelperError {
  return new HelperError(`parsing time ${quoteTimeText(value)}${message}`)
}

function mismatch(input: Input, layout: string, element: string): HelperError {
  const rest = quoteTimeText(input.text.slice(input.at))
  const as = ` as ${quoteTimeText(layout)}: cannot parse ${rest} as ${quoteTimeText(element)}`
  return failure(input.text, as)
}

/** Spaces of the layout match any number of spaces, everything else itself. */
function readLiteral(input: Input, layout: string, literal: string): void {
  for (const piece of literal.match(/ +|[^ ]/g) ?? []) {
    const atSpace = input.text.charAt(input.at) === ' ' || input.at === input.text.length
    if (piece.startsWith(' ') ? !atSpace : input.text.charAt(input.at) !== piece) {
      throw mismatch(input, layout, literal)
    }
    if (piece.startsWith(' ')) take(input, / */y)
    else input.at++
  }
}

/** `next` is the part after the element: seconds take a fraction along unless the layout has one there. */
function readElement(input: Input, layout: string, element: string, next: LayoutPart | undefined): void {
  if (element === '') {
    if (input.at === input.text.length) return
    throw failure(input.text, `: extra text: ${quoteTimeText(input.text.slice(input.at))}`)
  }
  const start = input.at
  if (!readField(input, element)) {
    input.at = start
    throw mismatch(input, layout, element)
  }
  const hasFraction = next !== undefined && next.literal === '' && isFraction(next.element)
  if ((element === '5' || element === '05') && !hasFraction) readFraction(input)
}

function readField(input: Input, element: string): boolean {
  const reader = readers.get(element)
  if (reader !== undefined) return reader(input)
  if (isFraction(element)) {
    if (element.charAt(1) === '9') return readFraction(input)
    return readExactFraction(input, element.length)
  }
  const style = findOffsetStyle(element)
  return style !== undefined && readOffset(input, style)
}

/** The match of a sticky pattern at the current place, which moves behind it. */
function take(input: Input, pattern: RegExp): string | undefined {
  pattern.lastIndex = input.at
  const match = pattern.exec(input.text)
  if (match === null) return undefined
  input.at += match[0].length
  return match[0]
}

function readNumber(input: Input, pattern: RegExp, store: (value: number) => void): boolean {
  const digits = take(input, pattern)
  if (digits === undefined) return false
  store(Number(digits))
  return true
}

type Reader = (input: Input) => boolean

interface NumberRange {
  readonly name: string
  readonly min: number
  readonly max: number
}

/** A number of one or two digits (`fixed`: two) for a field that holds `min` to `max`. */
function twoDigits(
  field: 'month' | 'hour' | 'minute' | 'second',
  range: NumberRange,
  fixed: boolean,
): Reader {
  return (input) =>
    readNumber(input, fixed ? /\d\d/y : /\d\d?/y, (value) => {
      if (value < range.min || value > range.max) throw new RangeFailure(`${range.name} out of range`)
      input.fields[field] = value
    })
}

function named(names: readonly string[], length: number | undefined, store: Store): Reader {
  const lowered = names.map((name) => name.slice(0, length).toLowerCase())
  return (input) => {
    const rest = input.text.slice(input.at, input.at + 9).toLowerCase()
    const index = lowered.findIndex((name) => rest.startsWith(name))
    if (index < 0) return false
    input.at += lowered[index]?.length ?? 0
    store(input.fields, index)
    return true
  }
}

type Store = (fields: Fields, index: number) => void

const storeMonth: Store = (fields, index) => {
  fields.month = index + 1
}
const ignore: Store = () => {}

function day(pattern: RegExp): Reader {
  return (input) =>
    readNumber(input, pattern, (value) => {
      input.fields.day = value
    })
}

function yearDay(pattern: RegExp): Reader {
  return (input) =>
    readNumber(input, pattern, (value) => {
      input.fields.yearDay = value
    })
}

function halfOfDay(morning: string, afternoon: string): Reader {
  return (input) => {
    const text = input.text.slice(input.at, input.at + 2)
    if (text !== morning && text !== afternoon) return false
    input.fields.afternoon = text === afternoon
    input.at += 2
    return true
  }
}

const months: NumberRange = { name: 'month', min: 1, max: 12 }
const hours: NumberRange = { name: 'hour', min: 0, max: 23 }
const halfDayHours: NumberRange = { name: 'hour', min: 0, max: 12 }
const minutes: NumberRange = { name: 'minute', min: 0, max: 59 }
const seconds: NumberRange = { name: 'second', min: 0, max: 59 }

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['2006', (input) => readNumber(input, /\d{4}/y, (value) => void (input.fields.year = value))],
  ['06', (input) => readNumber(input, /\d\d|[+-]\d/y, (value) => void (input.fields.year = fullYear(value)))],
  ['January', named(monthNames, undefined, storeMonth)],
  ['Jan', named(monthNames, 3, storeMonth)],
  ['1', twoDigits('month', months, false)],
  ['01', twoDigits('month', months, true)],
  ['Monday', named(weekdayNames, undefined, ignore)],
  ['Mon', named(weekdayNames, 3, ignore)],
  ['2', day(/\d\d?/y)],
  ['_2', day(/ ?\d\d?/y)],
  ['02', day(/\d\d/y)],
  ['__2', yearDay(/ {0,2}\d{1,3}/y)],
  ['002', yearDay(/\d{3}/y)],
  ['15', twoDigits('hour', hours, false)],
  ['3', twoDigits('hour', halfDayHours, false)],
  ['03', twoDigits('hour', halfDayHours, true)],
  ['4', twoDigits('minute', minutes, false)],
  ['04', twoDigits('minute', minutes, true)],
  ['5', twoDigits('second', seconds, false)],
  ['05', twoDigits('second', seconds, true)],
  ['PM', halfOfDay('AM', 'PM')],
  ['pm', halfOfDay('am', 'pm')],
  ['MST', readZoneName],
])

function fullYear(twoDigitYear: number): number {
  return twoDigitYear >= 69 ? twoDigitYear + 1900 : twoDigitYear + 2000
}

/** A fraction of a second, if there is one; digits beyond the ninth are dropped. */
function readFraction(input: Input): true {
  const text = take(input, /[.,]\d+/y)
  if (text !== undefined) input.fields.nanosecond = Number(text.slice(1, 10).padEnd(9, '0'))
  return true
}

function readExactFraction(input: Input, length: number): boolean {
  const text = input.text.slice(input.at, input.at + length)
  if (text.length < length || !/^[.,]\d+$/.test(text)) return false
  input.fields.nanosecond = Number(text.slice(1, 10).padEnd(9, '0'))
  input.at += length
  return true
}

const offsetPatterns: ReadonlyMap<string, RegExp> = new Map([
  ['1', /([+-])(\d\d)/y],
  ['2', /([+-])(\d\d)(\d\d)/y],
  ['2:', /([+-])(\d\d):(\d\d)/y],
  ['3', /([+-])(\d\d)(\d\d)(\d\d)/y],
  ['3:', /([+-])(\d\d):(\d\d):(\d\d)/y],
])

function readOffset(input: Input, style: OffsetStyle): boolean {
  if (style.z && input.text.charAt(input.at) === 'Z') {
    input.fields.isUtc = true
    input.at++
    return true
  }
  const text = take(input, offsetPatterns.get(style.fields + (style.colons ? ':' : '')) ?? /$./y)
  if (text === undefined) return false
  const offset = parseOffset(text.slice(1).match(/\d\d/g) ?? [])
  input.fields.offsetSeconds = text.startsWith('-') ? -offset : offset
  return true
}

/** Hours, minutes and seconds; Go allows offsets of 24 hours or 60 minutes, as people write them. */
function parseOffset([hour = '0', minute = '0', second = '0']: readonly string[]): number {
  if (Number(hour) > 24) throw new RangeFailure('time zone offset hour out of range')
  if (Number(minute) > 60) throw new RangeFailure('time zone offset minute out of range')
  if (Number(second) > 60) throw new RangeFailure('time zone offset second out of range')
  return Number(hour) * 3600 + Number(minute) * 60 + Number(second)
}

function readZoneName(input: Input): boolean {
  if (take(input, /UTC/y) !== undefined) {
    input.fields.isUtc = true
    return true
  }
  const name = take(
    input,
    /ChST|MeST|GMT(?:[+-]0*(?:1?\d|2[0-3])(?!\d))?|[+-]0*(?:1?\d|2[0-3])(?!\d)|[A-Z]{4}T(?![A-Z])|(?:[A-Z]{3}T|WITA)(?![A-Z])|[A-Z]{3}(?![A-Z])/y,
  )
  if (name === undefined) return false
  input.fields.zoneName = name
  return true
}

function toTime(fields: Fields): GoTime {
  const { month, day: dayOfMonth } =
    fields.yearDay === undefined ? calendarDay(fields) : dayOfYear(fields, fields.yearDay)
  if (dayOfMonth < 1 || dayOfMonth > daysInMonth(fields.year, month))
    throw new RangeFailure('day out of range')
  const unixNs = clockToUnixNs({ ...fields, hour: hourOfDay(fields), month, day: dayOfMonth })
  if (fields.isUtc) return new GoTime(unixNs, utc)
  if (fields.offsetSeconds !== undefined) return withOffset(unixNs, fields.offsetSeconds, fields.zoneName)
  if (fields.zoneName === '') return new GoTime(unixNs, utc)
  const gmtHours = /^GMT([+-]\d+)$/.exec(fields.zoneName)?.[1] ?? '0'
  return new GoTime(unixNs, fixedZone(fields.zoneName, Number(gmtHours) * 3600))
}

function hourOfDay({ hour, afternoon }: Fields): number {
  if (afternoon === true && hour < 12) return hour + 12
  return afternoon === false && hour === 12 ? 0 : hour
}

function calendarDay({ month = 1, day: dayOfMonth = 1 }: Fields): { month: number; day: number } {
  return { month, day: dayOfMonth }
}

function dayOfYear(fields: Fields, count: number): { month: number; day: number } {
  const date = daysToCivil(civilToDays({ year: fields.year, month: 1, day: count }))
  if (date.year !== fields.year) throw new RangeFailure('day-of-year out of range')
  if ((fields.month ?? date.month) !== date.month) throw new RangeFailure('day-of-year does not match month')
  if ((fields.day ?? date.day) !== date.day) throw new RangeFailure('day-of-year does not match day')
  return date
}

/** An offset of zero is the local zone, which is UTC. */
function withOffset(unixNs: bigint, offsetSeconds: number, name: string): GoTime {
  const instant = unixNs - BigInt(offsetSeconds) * nanosecondsPerSecond
  const isLocal = offsetSeconds === 0 && (name === '' || name === 'UTC')
  return new GoTime(instant, isLocal ? utc : fixedZone(name, offsetSeconds))
}
