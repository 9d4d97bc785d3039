import { monthNames, weekdayNames } from './civil.ts'
import { findOffsetStyle, isFraction } from './layout.ts'
import type { Fields, Input } from './time-input.ts'
import { RangeFailure, take } from './time-input.ts'
import { readOffset, readZoneName } from './time-zone-field.ts'

/** Reads what a layout's element stands for; says whether it is there. */
export function readField(input: Input, element: string): boolean {
  const reader = readers.get(element)
  if (reader !== undefined) return reader(input)
  if (isFraction(element)) {
    return element.charAt(1) === '9' ? readFraction(input) : readExactFraction(input, element.length)
  }
  const style = findOffsetStyle(element)
  return style !== undefined && readOffset(input, style)
}

type Reader = (input: Input) => boolean
type Store = (fields: Fields, value: number) => void

/** A number of the form of a sticky pattern; leading spaces are part of the form. */
function number(pattern: RegExp, store: Store): Reader {
  return (input) => {
    const digits = take(input, pattern)
    if (digits === undefined) return false
    store(input.fields, Number(digits))
    return true
  }
}

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
  return number(fixed ? /\d\d/y : /\d\d?/y, (fields, value) => {
    if (value < range.min || value > range.max) throw new RangeFailure(`${range.name} out of range`)
    fields[field] = value
  })
}

/** One of some names, or of their first letters, in upper or lower case. */
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

const storeYear: Store = (fields, year) => {
  fields.year = year
}
/** Go's rule for two digits: 1969 to 2068. */
const storeShortYear: Store = (fields, year) => {
  fields.year = year >= 69 ? year + 1900 : year + 2000
}
const storeMonth: Store = (fields, index) => {
  fields.month = index + 1
}
const storeDay: Store = (fields, day) => {
  fields.day = day
}
const storeYearDay: Store = (fields, yearDay) => {
  fields.yearDay = yearDay
}
/** Weekdays are read, but say nothing. */
const ignore: Store = () => {}

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
  ['2006', number(/\d{4}/y, storeYear)],
  ['06', number(/\d\d|[+-]\d/y, storeShortYear)],
  ['January', named(monthNames, undefined, storeMonth)],
  ['Jan', named(monthNames, 3, storeMonth)],
  ['1', twoDigits('month', months, false)],
  ['01', twoDigits('month', months, true)],
  ['Monday', named(weekdayNames, undefined, ignore)],
  ['Mon', named(weekdayNames, 3, ignore)],
  ['2', number(/\d\d?/y, storeDay)],
  ['_2', number(/ ?\d\d?/y, storeDay)],
  ['02', number(/\d\d/y, storeDay)],
  ['__2', number(/ {0,2}\d{1,3}/y, storeYearDay)],
  ['002', number(/\d{3}/y, storeYearDay)],
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

/** A fraction of a second, if there is one; digits beyond the ninth are dropped. */
export function readFraction(input: Input): true {
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
