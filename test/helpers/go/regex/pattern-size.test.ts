import { RE2JS } from 're2js'
import { describe, expect, test } from 'vitest'
import { estimateProgramSize } from '../../../../helpers/go/regex/pattern-size.ts'

describe('the size of', () => {
  test.each([
    'abc',
    'a{50}',
    'a{10,20}b{5,}',
    '(?:a{10}){10}',
    '(?P<name>(?i)a{9}(b|c){7}){5}',
    '(?<n>x{100})',
    '[a-z{3}]{40}',
    String.raw`\pL{30}\x{1F642}{20}\Qa{9}\E`,
    String.raw`[[:alpha:]\]]{25}(\(x{2}){3}`,
    '(a?){100}',
    '((a{3}b){4}|c{5}){6}',
    '[]a]{10}[^]b]{10}',
  ])('%s is estimated within a factor of four', (pattern) => {
    const actual = RE2JS.compile(pattern).programSize()
    const estimate = estimateProgramSize(pattern)
    expect(estimate * 4 + 8).toBeGreaterThanOrEqual(actual)
    expect(estimate).toBeLessThanOrEqual(actual * 4)
  })

  test('a malformed pattern is estimated too', () => {
    for (const pattern of ['(', ')', '[', '{', '(?', String.raw`\ `.trim(), 'a{', '(()', '))((']) {
      expect(estimateProgramSize(pattern)).toBeLessThan(10)
    }
  })
})
