import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilToDays, daysInMonth, daysToCivil } from '../../helpers/go/civil.ts'
import { parseTime } from '../../helpers/go/time-parse.ts'
import { GoTime } from '../../helpers/go/time.ts'
import { findZone } from '../../helpers/go/zone.ts'
import { newRuntime, parseTemplate } from '../../src/template/template.ts'
import { helpers } from '../../helpers/index.ts'
import { renderAtTestTime as render } from './render-at.ts'

const leapDay = '(toDate "2006-01-02T15:04:05Z07:00" "2024-02-29T10:11:12.5+02:00")'

describe('dates', () => {
  it.each([
    ['{{ now }}', '2026-01-02 03:04:05 +0000 UTC'],
    ['{{ ago 1767323045 }} {{ ago (int64 1767323040) }} {{ ago now }}', '0s 5s 0s'],
    ['{{ date "2006-01-02 15:04:05" 1700000000 }}', '2023-11-14 22:13:20'],
    ['{{ dateInZone "15:04 MST" 1720000000 "America/New_York" }}', '05:46 EDT'],
    ['{{ date_in_zone "15:04 MST" 0 "Nowhere/Land" }}', '00:00 UTC'],
    ['{{ htmlDate -1 }} {{ htmlDateInZone -1 "Asia/Tokyo" }}', '1969-12-31 1970-01-01'],
    [`{{ ${leapDay} }}`, '2024-02-29 10:11:12.5 +0200 +0200'],
    [`{{ ${leapDay} | toJson }}`, '"2024-02-29T10:11:12.5+02:00"'],
    [`{{ ${leapDay} | unixEpoch }}`, '1709194272'],
    [`{{ dateModify "-24h" ${leapDay} }}`, '2024-02-28 10:11:12.5 +0200 +0200'],
    [`{{ date_modify "soon" ${leapDay} | htmlDate }}`, '2024-02-29'],
    ['{{ toDate "2006-01-02" "2023-02-29" }}', '0001-01-01 00:00:00 +0000 UTC'],
    ['{{ duration 95 }} {{ duration "95" }} {{ duration (int64 -95) }}', '0s 1m35s -1m35s'],
    ['{{ durationRound "2h10m" }} {{ durationRound "24h" }} {{ durationRound "8761h" }}', '2h 24h 1y'],
    ['{{ durationRound (toDate "2006-01-02" "2025-12-30") }} {{ durationRound "x" }}', '3d 0s'],
  ])('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  it.each([
    ['{{ mustToDate "2006-01-02" "2024-13-01" }}', 'parsing time "2024-13-01": month out of range'],
    ['{{ mustToDate "15:04" "24:00" }}', 'hour out of range'],
    ['{{ mustToDate "2006" "24" }}', 'cannot parse "24" as "2006"'],
    ['{{ mustDateModify "1d" now }}', 'time: unknown unit "d" in duration "1d"'],
    ['{{ unixEpoch 5 }}', 'time.Time'],
    ['{{ now.Format (repeat 1000000 "1") }}', 'a time layout has at most 65536 characters'],
  ])('%s fails', (template, message) => {
    expect(() => render(template)).toThrow(message)
  })

  it('warns where it takes the current time instead of a float from data', () => {
    const warnings: string[] = []
    const runtime = newRuntime({ nowMs: 0, warn: (message) => warnings.push(message) })
    const template = parseTemplate('{{ date "2006" .at }}', { name: 'test', helpers })
    expect(template.execute({ at: 1.7e9 }, runtime)).toBe('1970')
    expect(warnings).toEqual([expect.stringContaining('int64 for numbers from data')])
  })
})

describe('methods of time.Time', () => {
  it.each([
    ['.Year', '2024'],
    ['.Month', 'February'],
    ['.Weekday', 'Thursday'],
    ['.YearDay', '60'],
    ['.Nanosecond', '500000000'],
    ['.Unix', '1709194272'],
    ['.UTC', '2024-02-29 08:11:12.5 +0000 UTC'],
    ['.Format "Jan _2"', 'Feb 29'],
    ['.AddDate 1 0 0', '2025-03-01 10:11:12.5 +0200 +0200'],
    ['.AddDate 0 -1 2', '2024-01-31 10:11:12.5 +0200 +0200'],
    ['.Add 1000000000', '2024-02-29 10:11:13.5 +0200 +0200'],
    ['.Truncate 3600000000000', '2024-02-29 10:00:00 +0200 +0200'],
    ['.Round 60000000000', '2024-02-29 10:11:00 +0200 +0200'],
    ['.Before now', 'true'],
    ['.Compare now', '-1'],
    ['.IsZero', 'false'],
  ])('%s', (call, want) => {
    expect(render(`{{ ${leapDay}${call} }}`)).toBe(want)
  })

  it.each([
    ['.Sub now', '-16146h52m52.5s'],
    ['(.Sub now).Hours', '-16146.88125'],
    ['((.Sub now).Round 3600000000000)', '-16147h0m0s'],
    ['(.Sub now).Abs', '16146h52m52.5s'],
  ])('a duration: %s', (call, want) => {
    expect(render(`{{ with ${leapDay} }}{{ ${call} }}{{ end }}`)).toBe(want)
  })

  it('compares months with numbers', () => {
    expect(render(`{{ eq ${leapDay}.Month 2 }} {{ printf "%d %s" ${leapDay}.Month ${leapDay}.Month }}`)).toBe(
      'true 2 February',
    )
  })

  it('offers nothing else', () => {
    expect(() => render(`{{ ${leapDay}.constructor }}`)).toThrow("can't evaluate field constructor")
    expect(() => render(`{{ ${leapDay}.Year 1 }}`)).toThrow('wrong number of args for Year: want 0 got 1')
    expect(() => render(`{{ ${leapDay}.AddDate 9223372036854775807 0 0 }}`)).toThrow('at most')
  })
})

describe('layouts', () => {
  const layouts = [
    '2006-01-02T15:04:05.999999999Z07:00',
    'Mon Jan _2 15:04:05.000000000 2006 -0700',
    '06 002 3:04:05.999999999PM Z07',
  ]

  it('read back what they print', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('2068-12-31'), noInvalidDate: true }),
        fc.constantFrom(...layouts),
        (date, layout) => {
          const time = new GoTime(BigInt(date.getTime()) * 1_000_000n)
          expect(parseTime(layout, time.format(layout)).unixNs).toBe(time.unixNs)
        },
      ),
    )
  })

  it.each([
    ['Janus _2006 __2 Mond', 1, 'Janus _1970   1 Mond'],
    ['.000 ,999 .9x .00001', 1, '.000  x .00001'],
    ['-07 -0700 -07:00:00 Z070000', 3600 * 12, '+00 +0000 +00:00:00 Z'],
  ])('%s', (layout, seconds, want) => {
    expect(new GoTime(BigInt(seconds) * 1_000_000_000n).format(layout)).toBe(want)
  })
})

describe('the calendar', () => {
  it('is the one that JavaScript has', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
        const date = new Date(days * 86_400_000)
        const civil = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
        expect(daysToCivil(days)).toEqual(civil)
        expect(civilToDays(civil)).toBe(days)
      }),
    )
  })

  it('knows leap years', () => {
    expect([1900, 2000, 2023, 2024].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 28, 29])
  })
})

describe('zones', () => {
  it.each([
    ['Europe/Berlin', 1_720_000_000, 'CEST', 7200],
    ['Europe/London', 1_700_000_000, 'GMT', 0],
    ['Asia/Kolkata', 0, 'IST', 19_800],
    ['America/Sao_Paulo', 1_720_000_000, '-03', -10_800],
    ['Asia/Kathmandu', 1_720_000_000, '+0545', 20_700],
    ['Europe/Guernsey', 1_720_000_000, 'BST', 3600],
    ['MET', 1_720_000_000, 'MEST', 7200],
    ['Etc/GMT+5', 0, '-05', -18_000],
    ['GMT', 0, 'GMT', 0],
    ['Asia/Tokyo', -300_000_000, 'JST', 32_400],
  ])('%s at %d', (name, seconds, abbreviation, offsetSeconds) => {
    expect(findZone(name)?.at(seconds)).toEqual({ abbreviation, offsetSeconds })
  })

  it.each(['europe/berlin', 'EUROPE/BERLIN', '+05:00', '../etc/passwd', 'Nowhere', 'a'.repeat(100)])(
    '%s is none',
    (name) => {
      expect(findZone(name)).toBeUndefined()
    },
  )
})
