import { expect, test } from 'vitest'
import { TemplateError } from '../../src/template/errors.ts'
import { render } from './render.ts'

/** Patterns that take exponential or high polynomial time where matching backtracks. */
const patterns = [
  '(a+)+$',
  '(a*)*$',
  '(a|a)*$',
  '(a|aa)+$',
  '(a|a?)+$',
  '(.*a){20}$',
  '(.*a){30}$',
  '([a-zA-Z]+)*$',
  '^(a+)+b$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '^(\\w+\\s?)*$',
  '(\\w+)*@',
  '(x+x+)+y',
  '(x+x+)+$',
  '^((ab)*)+$',
  '^(a?){50}a{50}$',
  'a?a?a?a?a?a?a?a?a?a?aaaaaaaaaa',
  '(?:a?){100}a{100}',
  '(a{1,100}){1,10}$',
  '(\\d+)+x',
  '(\\d|\\d\\d)+x',
  '(\\s*)*x',
  '(\\s+)+$',
  '\\s+$',
  '.*.*=.*',
  '.*.*.*.*.*.*x',
  '(.+)+\\1?x',
  '(?:(?:a|b)*c?)*d',
  '([^"\\\\]|\\\\.)*"x',
  '("(?:[^"\\\\]|\\\\.)*")+x',
  '^(?:[a-z0-9]+\\.)*[a-z0-9]+x$',
  '^([a-z0-9]+([-_.]?[a-z0-9])*)+@x$',
  '^(https?://)?([\\w.]+)+x$',
  '<(\\w+)[^>]*>.*</x>',
  '(<!--.*?-->)*x',
  '(/\\*.*?\\*/)*x',
  '(?:.*,){12}P',
  '^(.*?,){25}x',
  '(a*a*)*b',
  '(a*?)*?b',
  '((a*)*)*b',
  '(((a+)+)+)+b',
  '(a+a+a+)+b',
  '([ab]*[ac]*)*d',
  '(?i)(A+)+$',
  '(?s)(.*)*x',
  '(?m)^(.*)*$x',
  '[a-z]{1,1000}[a-z]{1,1000}x',
  '((a{0,30}){0,30})b',
  '(\\p{L}+)*\\d$',
  '([[:alpha:]]+)*[[:digit:]]x',
  '(?:\\x61|a)+x',
  '(a|b|ab)*c',
  '(a|ab)(c|bcd)(d*)x',
]

const inputs = ['a'.repeat(50_000), `${'a'.repeat(50_000)}!`, `${'ab '.repeat(15_000)}=`]

test('there are enough patterns', () => {
  expect(new Set(patterns).size).toBeGreaterThanOrEqual(50)
})

/** Every function ends, or says why it does not try. */
test.each(patterns)('%s', (pattern) => {
  for (const input of inputs) {
    for (const call of ['regexMatch .p .s', 'regexFind .p .s | len', 'regexReplaceAll .p .s "" | len']) {
      expect(matchOrMessage(`{{ ${call} }}`, { p: pattern, s: input })).toMatch(
        /^(true|false|\d+|error calling .*)$/,
      )
    }
  }
})

function matchOrMessage(source: string, data: { p: string; s: string }): string {
  try {
    return render(source, data)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return error.detail
  }
}

test('patterns and inputs have a limit', () => {
  expect(matchOrMessage('{{ regexMatch .p .s }}', { p: 'a'.repeat(2_000), s: 'a' })).toMatch(
    /error calling regexMatch/,
  )
  expect(matchOrMessage('{{ regexFind .p .s }}', { p: 'b', s: 'a'.repeat(2_000_000) })).toMatch(
    /error calling regexFind/,
  )
})
