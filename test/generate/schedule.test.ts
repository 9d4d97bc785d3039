import { describe, expect, it } from 'vitest'
import type { GeneratorEntry } from '../../src/api/types.ts'
import { bindEntry } from '../../src/generate/registry.ts'

const STEP_MS = 15 * 60_000
const HOUR_MS = 3_600_000

/** Instants at which a controller that looks every quarter of an hour evaluates the entry; `isDown` while it does not run. */
function evaluations(
  entry: GeneratorEntry,
  range: { from: string; days: number; isDown?: (atMs: number) => boolean },
): number[] {
  const { generator, spec } = bindEntry(entry, 'spec.generators[0]')
  const fromMs = Date.parse(range.from)
  const found: number[] = []
  // It was evaluated the moment before, so that nothing is due at the start.
  let lastMs = fromMs
  for (let nowMs = fromMs; nowMs < fromMs + range.days * 24 * HOUR_MS; nowMs += STEP_MS) {
    if (range.isDown?.(nowMs) === true) continue
    const dueMs = generator.nextEvaluation(spec, lastMs, nowMs)
    if (dueMs === undefined || dueMs > nowMs) continue
    found.push(nowMs)
    lastMs = nowMs
  }
  return found
}

function daily(schedule: string, timeZone: string): GeneratorEntry[] {
  const polled = { endpoint: 'http://x', schedule, timeZone }
  return [
    { apiClient: polled },
    { prometheus: { ...polled, query: 'up' } },
    { pullRequests: { driver: 'github', repo: 'a/b', schedule, timeZone } },
    { matrix: { generators: [{ list: { elements: [{}] } }, { apiClient: polled }] } },
  ]
}

/** Date and time of day on the wall there. */
function wallTime(atMs: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return format.format(atMs)
}

describe('a daily schedule', () => {
  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-03-27T12:00Z', ['28 02:30', '29 03:30', '30 02:30', '31 02:30']],
    ['Europe/Berlin', '30 2 * * *', '2026-10-23T12:00Z', ['24 02:30', '25 02:30', '26 02:30', '27 02:30']],
    ['America/New_York', '30 2 * * *', '2026-03-06T12:00Z', ['07 02:30', '08 03:30', '09 02:30', '10 02:30']],
    ['America/New_York', '30 1 * * *', '2026-10-30T12:00Z', ['31 01:30', '01 01:30', '02 01:30', '03 01:30']],
    [
      'Australia/Lord_Howe',
      '15 2 * * *',
      '2026-10-02T03:00Z',
      ['03 02:15', '04 02:45', '05 02:15', '06 02:15'],
    ],
    [
      'Australia/Lord_Howe',
      '45 1 * * *',
      '2026-04-03T03:00Z',
      ['04 01:45', '05 01:45', '06 01:45', '07 01:45'],
    ],
  ])('in %s at %s from %s on fires once a day', (timeZone, schedule, from, expected) => {
    for (const entry of daily(schedule, timeZone)) {
      const found = evaluations(entry, { from, days: 4 })
      expect(found.map((atMs) => wallTime(atMs, timeZone).slice(8))).toEqual(expected)
    }
  })

  it('is caught up with once after days of downtime over a change of the clocks, then goes on', () => {
    const backMs = Date.parse('2026-03-30T12:00Z')
    const isDown = (atMs: number): boolean => atMs > Date.parse('2026-03-27T12:00Z') && atMs < backMs
    for (const entry of daily('30 2 * * *', 'Europe/Berlin')) {
      const found = evaluations(entry, { from: '2026-03-27T12:00Z', days: 5, isDown })
      expect(found).toEqual([backMs, Date.parse('2026-03-31T00:30Z'), Date.parse('2026-04-01T00:30Z')])
    }
  })
})
