import { expect, it } from 'vitest'
import { shortenRanges } from '../../src/generate/prometheus/shorten-ranges.ts'

it.each([
  ['max_over_time(m[30d])', 'max_over_time(m[600000ms])'],
  ['max_over_time(m[ 1d12h ])', 'max_over_time(m[600000ms])'],
  ['rate(m[5m]) + rate(m[10m])', 'rate(m[5m]) + rate(m[10m])'],
  ['max_over_time(rate(m[5m])[30d:1m] offset 1h)', 'max_over_time(rate(m[5m])[600000ms:1m] offset 1h)'],
  ['max_over_time(rate(m[5m])[30d:])', 'max_over_time(rate(m[5m])[600000ms:])'],
  ['max_over_time(rate(m[5m])[30d : 1h])', 'max_over_time(rate(m[5m])[600000ms:600000ms])'],
  ['m{a="[30d]",b=\'[30d]\',c=`[30d]`}', 'm{a="[30d]",b=\'[30d]\',c=`[30d]`}'],
  ['m{a="\\"[30d]"}', 'm{a="\\"[30d]"}'],
  ['m # [30d]\n+ n[1h]', 'm # [30d]\n+ n[600000ms]'],
  ['m[$range]', 'm[$range]'],
  ['m[30', 'm[30'],
])('%s', (query, expected) => {
  expect(shortenRanges(query, 600_000)).toBe(expected)
})
