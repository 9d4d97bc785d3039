import type { OffsetStyle } from './layout.ts'
import type { Input } from './time-input.ts'
import { RangeFailure, take } from './time-input.ts'

const offsetPatterns: ReadonlyMap<string, RegExp> = new Map([
  ['1', /([+-])(\d\d)/y],
  ['2', /([+-])(\d\d)(\d\d)/y],
  ['2:', /([+-])(\d\d):(\d\d)/y],
  ['3', /([+-])(\d\d)(\d\d)(\d\d)/y],
  ['3:', /([+-])(\d\d):(\d\d):(\d\d)/y],
])

/** Reads an offset from UTC; says whether there is one. */
export function readOffset(input: Input, style: OffsetStyle): boolean {
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

/** `UTC`, the abbreviations that Go takes for names of zones, and `GMT` or nothing with a number of hours. */
const zoneName =
  /ChST|MeST|GMT(?:[+-]0*(?:1?\d|2[0-3])(?!\d))?|[+-]0*(?:1?\d|2[0-3])(?!\d)|[A-Z]{4}T(?![A-Z])|(?:[A-Z]{3}T|WITA)(?![A-Z])|[A-Z]{3}(?![A-Z])/y

/** Reads the abbreviation of a zone; says whether there is one. */
export function readZoneName(input: Input): boolean {
  if (take(input, /UTC/y) !== undefined) {
    input.fields.isUtc = true
    return true
  }
  const name = take(input, zoneName)
  if (name === undefined) return false
  input.fields.zoneName = name
  return true
}
