import { describe, expect, test } from 'vitest'
import { mayRetry, parseRetryAfter, retryDelayMs } from '../../src/kube/retry.ts'

const nowMs = Date.parse('2026-01-01T00:00:00Z')

describe('parseRetryAfter', () => {
  test.each([
    ['5', 5_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:00:07 GMT', 7_000],
    ['Thu, 01 Jan 2025 00:00:00 GMT', 0],
    ['86400', 30_000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j', (text, want) => expect(parseRetryAfter(text, nowMs)).toBe(want))
})

const answer = (status: number, retryAfterMs?: number) => ({ kind: 'answer', status, retryAfterMs }) as const

describe('mayRetry', () => {
  test.each([
    ['429 of a write', answer(429), 1, false, true],
    ['429, ten tries', answer(429), 10, false, false],
    ['503 of a read', answer(503), 1, true, true],
    ['503 of a write that repeats badly', answer(503, 1000), 1, false, false],
    ['500 without Retry-After', answer(500), 1, true, false],
    ['500 with Retry-After', answer(500, 1000), 1, true, true],
    ['409', answer(409), 1, true, false],
    ['404 with Retry-After', answer(404, 1000), 1, true, false],
    ['a read cut off', { kind: 'broken', sent: true }, 1, true, true],
    ['a read cut off, three tries', { kind: 'broken', sent: true }, 3, true, false],
    ['a write cut off', { kind: 'broken', sent: true }, 1, false, false],
    ['a write never sent', { kind: 'broken', sent: false }, 1, false, true],
  ] as const)('%s', (_name, result, tries, repeatable, want) => {
    expect(mayRetry(result, tries, repeatable)).toBe(want)
  })
})

describe('retryDelayMs', () => {
  test('is never shorter than asked for', () => {
    for (const random of [0, 0.5, 0.99]) {
      expect(retryDelayMs(answer(429, 5_000), 1, () => random)).toBeGreaterThanOrEqual(5_000)
      expect(retryDelayMs(answer(429, 5_000), 1, () => random)).toBeLessThanOrEqual(6_000)
    }
  })
  test('grows, and has a cap', () => {
    expect(retryDelayMs(answer(503), 1, () => 0.99)).toBeLessThan(retryDelayMs(answer(503), 4, () => 0.99))
    expect(retryDelayMs(answer(503), 60, () => 0.99)).toBeLessThanOrEqual(10_000)
  })
})
