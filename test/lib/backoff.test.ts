import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs, jitterMs } from '../../src/lib/backoff.ts'

describe('backoffMs', () => {
  it('grows from one second to fifteen minutes', () => {
    const ceilings = [0, 1, 2, 9, 10, 1_000_000].map((attempt) => backoffMs(attempt, () => 1))
    expect(ceilings).toEqual([2_000, 4_000, 8_000, 900_000, 900_000, 900_000])
    expect(backoffMs(1_000_000, () => 0)).toBe(1_000)
  })

  it('stays in its bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 0.999999, noNaN: true }), (attempt, random) => {
        const delay = backoffMs(attempt, () => random)
        return delay >= 1_000 && delay <= 900_000
      }),
    )
  })
})

describe('jitterMs', () => {
  it('moves both ways', () => {
    expect([0, 0.5, 1].map((random) => jitterMs(1_000, 0.05, () => random))).toEqual([950, 1_000, 1_050])
  })
})
