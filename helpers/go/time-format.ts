import type { OffsetStyle } from './layout.ts'
import { findOffsetStyle, isFraction, splitLayout } from './layout.ts'
import { monthNames, weekdayNames } from './civil.ts'

/** What the clock and the calendar of a zone show. */
export interface ClockReading {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly yearDay: number
  /** 0 is Sunday. */
  readonly weekday: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nanosecond: number
  readonly offsetSeconds: number
  readonly abbreviation: string
}

/** As Go's Time.Format. Layout text that is no element is copied. */
export function formatTime(reading: ClockReading, layout: string): string {
  let out = ''
  for (const { literal, element } of splitLayout(layout)) {
    out += literal
    if (element !== '') out += formatElement(reading, element)
  }
  return out
}

function formatElement(reading: ClockReading, element: string): string {
  const formatter = formatters.get(element)
  if (formatter !== undefined) return formatter(reading)
  if (isFraction(element)) return formatFraction(reading.nanosecond, element)
  const style = findOffsetStyle(element)
  return style === undefined ? element : formatOffset(reading.offsetSeconds, style)
}

const formatters: ReadonlyMap<string, (reading: ClockReading) => string> = new Map([
  ['2006', ({ year }: ClockReading) => formatYear(year)],
  ['06', ({ year }) => pad(Math.abs(year % 100), 2)],
  ['January', ({ month }) => monthName(month)],
  ['Jan', ({ month }) => monthName(month).slice(0, 3)],
  ['1', ({ month }) => String(month)],
  ['01', ({ month }) => pad(month, 2)],
  ['Monday', ({ weekday }) => weekdayName(weekday)],
  ['Mon', ({ weekday }) => weekdayName(weekday).slice(0, 3)],
  ['2', ({ day }) => String(day)],
  ['_2', ({ day }) => String(day).padStart(2)],
  ['02', ({ day }) => pad(day, 2)],
  ['__2', ({ yearDay }) => String(yearDay).padStart(3)],
  ['002', ({ yearDay }) => pad(yearDay, 3)],
  ['15', ({ hour }) => pad(hour, 2)],
  ['3', ({ hour }) => String(hour12(hour))],
  ['03', ({ hour }) => pad(hour12(hour), 2)],
  ['4', ({ minute }) => String(minute)],
  ['04', ({ minute }) => pad(minute, 2)],
  ['5', ({ second }) => String(second)],
  ['05', ({ second }) => pad(second, 2)],
  ['PM', ({ hour }) => (hour >= 12 ? 'PM' : 'AM')],
  ['pm', ({ hour }) => (hour >= 12 ? 'pm' : 'am')],
  ['MST', formatZoneName],
])

export function monthName(month: number): string {
  return monthNames[month - 1] ?? `%!Month(${month})`
}

export function weekdayName(weekday: number): string {
  return weekdayNames[weekday] ?? `%!Weekday(${weekday})`
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

function formatYear(year: number): string {
  return year < 0 ? `-${pad(-year, 4)}` : pad(year, 4)
}

function hour12(hour: number): number {
  return hour % 12 === 0 ? 12 : hour % 12
}

function formatZoneName({ abbreviation, offsetSeconds }: ClockReading): string {
  return abbreviation === ''
    ? formatOffset(offsetSeconds, { z: false, colons: false, fields: 2 })
    : abbreviation
}

function formatOffset(offsetSeconds: number, { z, colons, fields }: OffsetStyle): string {
  if (z && offsetSeconds === 0) return 'Z'
  const abs = Math.abs(offsetSeconds)
  const parts = [Math.floor(abs / 3600), Math.floor(abs / 60) % 60, abs % 60].slice(0, fields)
  const negative = fields === 3 ? offsetSeconds < 0 : offsetSeconds <= -60
  return (negative ? '-' : '+') + parts.map((part) => pad(part, 2)).join(colons ? ':' : '')
}

/** `.000` keeps as many digits as it has, `.999` drops trailing zeros and, without digits, the point. */
function formatFraction(nanosecond: number, element: string): string {
  const digits = pad(nanosecond, 9).slice(0, element.length - 1)
  if (element.charAt(1) === '0') return element.charAt(0) + digits
  const trimmed = digits.replace(/0+$/, '')
  return trimmed === '' ? '' : element.charAt(0) + trimmed
}
