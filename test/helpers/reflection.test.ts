import { describe, expect, test } from 'vitest'
import { render } from './render.ts'
import type { Case } from './render.ts'

/** Templates and what Go prints for them. */
const cases: readonly Case[] = [
  [
    '{{ kindOf nil }} {{ kindOf 1 }} {{ kindOf 1.0 }} {{ kindOf "a" }} {{ kindOf true }} {{ kindOf list }} {{ kindOf dict }} {{ kindOf (semver "1.2.3") }} {{ kindOf (int64 1) }}',
    'invalid int float64 string bool slice map ptr int64',
  ],
  [
    '{{ typeOf nil }} {{ typeOf (until 1) }} {{ typeOf (split "," "a") }} {{ typeOf (semver "1.2.3") }} {{ typeOf (int64 1) }} {{ typeOf now }}',
    '<nil> []int map[string]string *semver.Version int64 time.Time',
  ],
  [
    '{{ kindIs "slice" list }} {{ kindIs "int" 1.0 }} {{ typeIs "[]string" (keys dict) }} {{ typeIs "string" 1 }}',
    'true false true false',
  ],
  [
    '{{ typeIsLike "semver.Version" (semver "1.2.3") }} {{ typeIsLike "*semver.Version" (semver "1.2.3") }} {{ typeIsLike "string" "a" }} {{ typeIs "semver.Version" (semver "1.2.3") }}',
    'true true true false',
  ],
  [
    '{{ deepEqual (list 1 (dict "a" nil)) (list 1 (dict "a" nil)) }} {{ deepEqual (dict "a" 1) (dict "a" 1.0) }} {{ deepEqual (list) (rest list) }} {{ deepEqual (until 1) (list 0) }}',
    'true false false false',
  ],
  [
    '{{ deepEqual nil nil }} {{ deepEqual nil "" }} {{ deepEqual (semver "1.2.3") (semver "1.2.3") }} {{ deepEqual (float64 "nan") (float64 "nan") }} {{ deepEqual (dict "a" nil) (dict "b" nil) }}',
    'true false true false false',
  ],
]

describe('reflection', () => {
  test.each(cases)('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })
})
