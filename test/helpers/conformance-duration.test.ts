import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HelperError } from '../../helpers/define.ts'
import { formatDuration, parseDuration } from '../../helpers/go/duration.ts'

interface Vector {
  name: string
  input: string
  ns?: string
  string?: string
  error?: string
}

const vectors = readFileSync(new URL('../conformance/data/duration.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

describe('recorded durations', () => {
  it.each(vectors)('$name', ({ input, ns, string, error }) => {
    if (error !== undefined) {
      expect(() => parseDuration(input)).toThrow(new HelperError(error))
      return
    }
    expect(parseDuration(input).toString()).toBe(ns)
    expect(formatDuration(parseDuration(input))).toBe(string)
  })
})
