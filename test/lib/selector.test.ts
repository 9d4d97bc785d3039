import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  formatSelector,
  matchesSelector,
  SelectorError,
  toSelector,
  type SelectorSpec,
} from '../../src/lib/selector.ts'
import { parseSelector } from '../../src/lib/selector-text.ts'

interface Vector {
  name: string
  selector?: SelectorSpec | null
  text?: string
  labels: Record<string, string> | null
  match?: boolean
  string?: string
  error?: string
}

const vectors = readFileSync(new URL('../conformance/data/labels.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

const read = ({ text, selector }: Vector) => (text === undefined ? toSelector(selector) : parseSelector(text))

describe('recorded label selectors', () => {
  it('are all here', () => {
    expect(vectors).toHaveLength(101)
  })

  it.each(vectors)('$name', (vector) => {
    if (vector.error !== undefined) {
      expect(() => read(vector)).toThrow(SelectorError)
      return
    }
    const selector = read(vector)
    expect(matchesSelector(selector, vector.labels ?? {})).toBe(vector.match)
    expect(formatSelector(selector)).toBe(vector.string)
  })
})

describe('parseSelector', () => {
  it('reads its own output', () => {
    for (const text of ['a in (,x)', 'a notin ()', '!a,b', 'a!=,b>3', 'in in (in,notin)']) {
      const written = formatSelector(parseSelector(text))
      expect(formatSelector(parseSelector(written))).toBe(written)
    }
  })

  it('says what it found', () => {
    expect(() => parseSelector('app in web')).toThrow("found 'web' in the label selector, expected '('")
    expect(() => parseSelector('app=web,')).toThrow(
      'found the end in the label selector, expected a label key',
    )
  })

  it('does not match inherited names', () => {
    expect(matchesSelector(parseSelector('constructor'), {})).toBe(false)
  })
})
