import { describe, expect, it } from 'vitest'
import { parseCron, ScheduleError } from '../../src/lib/cron.ts'
import { findNextDueMs } from '../../src/lib/schedule.ts'
import { instantOfWallTime, isTimeZone, wallTimeMs } from '../../src/lib/time-zone.ts'

const at = (text: string) => Date.parse(text)

/** The first `count` slots after `from`, each asked for afresh with the one before it, as the controller does. */
function slots(schedule: string, zone: string, from: string, count: number): string[] {
  const found: string[] = []
  let lastMs = at(from)
  for (let index = 0; index < count; index++) {
    const next = parseCron(schedule, zone).nextAfterMs(lastMs)
    if (next === undefined) break
    found.push(new Date(next).toISOString().slice(0, 16))
    lastMs = next
  }
  return found
}

describe('parseCron', () => {
  it.each([
    [
      'clocks go forward',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:30', '2026-03-30T00:30'],
    ],
    [
      'clocks go back',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      'two slots in the hour that is skipped',
      '15,45 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:15', '2026-03-29T01:45', '2026-03-30T00:15'],
    ],
    [
      'two slots in the hour that is repeated',
      '15,45 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:15', '2026-10-25T00:45', '2026-10-26T01:15'],
    ],
    [
      'a zone whose clocks skip half an hour',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-02T18:00Z',
      ['2026-10-03T15:45', '2026-10-04T15:15'],
    ],
    [
      'a zone whose clocks repeat half an hour',
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-03T18:00Z',
      ['2026-04-04T14:45', '2026-04-05T15:15'],
    ],
    [
      'every hour counts real hours when clocks go back',
      '0 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:30Z',
      ['2026-10-25T00:00', '2026-10-25T01:00', '2026-10-25T02:00'],
    ],
    [
      'every hour counts real hours when clocks go forward',
      '0 * * * *',
      'Europe/Berlin',
      '2026-03-29T00:30Z',
      ['2026-03-29T01:00', '2026-03-29T02:00'],
    ],
    [
      'midnight that does not exist',
      '0 0 * * *',
      'Africa/Cairo',
      '2026-04-23T12:00Z',
      ['2026-04-23T22:00', '2026-04-24T21:00'],
    ],
    [
      'day of month or day of week',
      '0 0 13 * 5',
      'UTC',
      '2026-04-01T00:00Z',
      ['2026-04-03T00:00', '2026-04-10T00:00', '2026-04-13T00:00'],
    ],
    [
      'names and Sunday as 7',
      '5 4 * FEB sun',
      'UTC',
      '2026-01-01T00:00Z',
      ['2026-02-01T04:05', '2026-02-08T04:05'],
    ],
    ['29 February', '0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ])('%s', (...[, schedule, zone, from, want]) => {
    expect(slots(schedule, zone, from, want.length)).toEqual(want)
  })

  it('does not fire again in the repeated hour', () => {
    const cron = parseCron('30 2 * * *', 'Europe/Berlin')
    const secondTwoOClock = at('2026-10-25T01:10Z')
    expect(new Date(cron.nextAfterMs(secondTwoOClock) ?? 0).toISOString()).toBe('2026-10-26T01:30:00.000Z')
  })

  it('fires in the shifted slot when asked after the clocks went forward', () => {
    const cron = parseCron('30 2 * * *', 'Europe/Berlin')
    expect(new Date(cron.nextAfterMs(at('2026-03-29T01:10Z')) ?? 0).toISOString()).toBe(
      '2026-03-29T01:30:00.000Z',
    )
  })

  it.each([
    ['', 'five fields'],
    ['* * * *', 'five fields'],
    ['0 0 0 * * *', 'five fields'],
    ['@daily', 'five fields'],
    ['61 0 * * *', '61'],
    ['0 0 30 2 *', 'day of month'],
    ['0 0 L * *', '"L" is not a day of month'],
    ['0 0 * * 5#2', '"5#2" is not a day of week'],
    ['H 0 * * *', '"H" is not a minute'],
    ['0 0 * * someday', '"someday" is not a day of week'],
    ['0 0 * foo *', '"foo" is not a month'],
    ['*/0 * * * *', 'cron'],
    ['0 22-2 * * *', '22-2'],
    [`0 0 * * ${'1,'.repeat(200)}1`, 'at most 256'],
  ])('refuses %j', (schedule, message) => {
    expect(() => parseCron(schedule)).toThrow(ScheduleError)
    expect(() => parseCron(schedule)).toThrow(message)
  })

  it.each(['Mars/Olympus', '+01:00', '', 'Europe/Berlin; DROP'])('refuses the zone %j', (zone) => {
    expect(() => parseCron('0 0 * * *', zone)).toThrow('is not an IANA time zone')
  })
})

describe('time zones', () => {
  it('knows IANA names only', () => {
    expect(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'].every(isTimeZone)).toBe(
      true,
    )
    expect(['', 'CEST!', '+02:00', 'Europe/Nowhere'].some(isTimeZone)).toBe(false)
  })

  it('goes to the wall clock and back', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Apia']) {
      const instant = at('2026-06-15T03:04:05Z') + 678
      expect(instantOfWallTime(wallTimeMs(instant, zone), zone)).toBe(instant)
    }
  })
})

describe('findNextDueMs', () => {
  const now = at('2026-06-15T12:00Z')
  const middle = () => 0.5

  it('is at once for what was never evaluated', () => {
    expect(findNextDueMs({ interval: '24h' }, undefined, now, middle)).toBe(now)
  })

  it('moves an interval by at most five per cent', () => {
    const due = (random: number) => (findNextDueMs({ interval: '100m' }, now, now, () => random) ?? 0) - now
    expect([due(0), due(0.5), due(0.999999)].map((ms) => Math.round(ms / 60_000))).toEqual([95, 100, 105])
  })

  it('runs a missed slot once, at once', () => {
    const lastMs = at('2026-06-10T12:00Z')
    expect(findNextDueMs({ interval: '24h' }, lastMs, now, middle)).toBe(now)
    expect(findNextDueMs({ schedule: '0 4 * * *' }, lastMs, now)).toBe(now)
    expect(findNextDueMs({ schedule: '0 4 * * *' }, now, now)).toBe(at('2026-06-16T04:00Z'))
  })

  it('does not wait for a last evaluation that lies in the future', () => {
    expect(findNextDueMs({ interval: '1h' }, now + 86_400_000, now, middle)).toBe(now + 3_600_000)
  })

  it('has nothing due without a timing', () => {
    expect(findNextDueMs({}, now, now)).toBeUndefined()
  })
})
