import { describe, expect, it } from 'vitest'
import { durationToMs, findPrometheusDurationMs } from '../../src/lib/duration.ts'

describe('durationToMs', () => {
  it('rounds down to milliseconds and stays finite', () => {
    expect([durationToMs('1h30m'), durationToMs('1.0009s'), durationToMs('-2s')]).toEqual([
      5_400_000, 1_000, -2_000,
    ])
    expect(durationToMs('2562047h')).toBe(100 * 365 * 86_400_000)
  })
})

describe('findPrometheusDurationMs', () => {
  it.each([
    ['30d', 30 * 86_400_000],
    ['1h30m', 5_400_000],
    ['2w', 14 * 86_400_000],
    ['1y', 365 * 86_400_000],
    ['15ms', 15],
    ['0s', 0],
  ])('%s', (text, want) => {
    expect(findPrometheusDurationMs(text)).toBe(want)
  })

  it.each(['', '1', 'd', '1.5h', '1m1h', '1h1h', '-1h', '1 h'])('refuses %j', (text) => {
    expect(findPrometheusDurationMs(text)).toBeUndefined()
  })
})
