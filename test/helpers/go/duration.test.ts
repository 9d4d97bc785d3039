import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DurationError, formatDuration, parseDuration } from '../../../helpers/go/duration.ts'

interface Vector {
  name: string
  input: string
  ns?: string
  string?: string
  error?: string
}

const vectors = readFileSync(new URL('../../conformance/data/duration.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

describe('parseDuration', () => {
  it.each(vectors)('$name $input', ({ input, ns, string, error }) => {
    if (error !== undefined) {
      expect(() => parseDuration(input)).toThrow(DurationError)
      return
    }
    const value = parseDuration(input)
    expect(value.toString()).toBe(ns)
    expect(formatDuration(value)).toBe(string)
  })

  it('says which unit it does not know', () => {
    expect(() => parseDuration('1d')).toThrow('unknown unit "d" in duration "1d"')
  })
})
