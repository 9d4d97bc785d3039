import { describe, expect, test } from 'vitest'
import { mayRetry, findRetryAfterMs, retryDelayMs } from '../../src/kube/retry.ts'

const nowMs = Date.parse('2026-01-01T00:00:00Z')

describe('findRetryAfterMs', () => {
  test.each([
    ['5', 5_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:00:07 GMT', 7_000],
    ['Thu, 01 Jan 2025 00:00:00 GMT', 0],
    ['86400', 30_000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j', (text, want) => expect(findRetryAfterMs(text, nowMs)).toBe(want))
})

const answer = (status: number, retryAfterMs?: number) => ({ kind: 'answer', status, retryAfterMs }) as const

describe('mayRetry', () => {
  test.each([
    { name: '429 of a write', result: answer(429), tries: 1, repeatable: false, want: true },
    { name: '429, ten tries', result: answer(429), tries: 10, repeatable: false, want: false },
    { name: '503 of a read', result: answer(503), tries: 1, repeatable: true, want: true },
    {
      name: '503 of a write that repeats badly',
      result: answer(503, 1000),
      tries: 1,
      repeatable: false,
      want: false,
    },
    { name: '500 without Retry-After', result: answer(500), tries: 1, repeatable: true, want: false },
    { name: '500 with Retry-After', result: answer(500, 1000), tries: 1, repeatable: true, want: true },
    { name: '409', result: answer(409), tries: 1, repeatable: true, want: false },
    { name: '404 with Retry-After', result: answer(404, 1000), tries: 1, repeatable: true, want: false },
    {
      name: 'a read cut off',
      result: { kind: 'broken', sent: true },
      tries: 1,
      repeatable: true,
      want: true,
    },
    {
      name: 'a read cut off, three tries',
      result: { kind: 'broken', sent: true },
      tries: 3,
      repeatable: true,
      want: false,
    },
    {
      name: 'a write cut off',
      result: { kind: 'broken', sent: true },
      tries: 1,
      repeatable: false,
      want: false,
    },
    {
      name: 'a write never sent',
      result: { kind: 'broken', sent: false },
      tries: 1,
      repeatable: false,
      want: true,
    },
  ] as const)('$name', ({ result, tries, repeatable, want }) => {
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
