import { HelperError } from '../define.ts'
import { civilToDays, daysInMonth, daysToCivil } from './civil.ts'
import { nanosecondsPerSecond, quoteTimeText } from './duration.ts'
import { isFraction, splitLayout } from './layout.ts'
import type { LayoutPart } from './layout.ts'
import { readField, readFraction } from './time-fields.ts'
import type { Fields, Input } from './time-input.ts'
import { RangeFailure, take } from './time-input.ts'
import { clockToUnixNs, GoTime } from './time.ts'
import { fixedZone, utc } from './zone.ts'

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
