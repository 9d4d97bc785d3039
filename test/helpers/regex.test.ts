import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { render, renderError } from './render.ts'
import type { Case } from './render.ts'

/** Templates and what Go prints for them. */
const cases: readonly Case[] = [
  [
    String.raw`{{ regexMatch "^[a-z]+$" "abc" }} {{ regexMatch "(" "abc" }} {{ mustRegexMatch "\\d" "a1" }} {{ regexMatch "" "" }} {{ regexMatch "(?i)É" "é" }}`,
    'true false true true true',
  ],
  [
    '{{ regexFind "b+" "abbbcb" }} {{ regexFind "x" "abc" }}| {{ mustRegexFind "(a)(b)?" "xa" }} {{ regexFind "🙂." "a🙂é" }}',
    'bbb | a 🙂é',
  ],
  [
    '{{ regexFindAll "a." "ab ac ad" 2 }} {{ regexFindAll "a." "ab" 0 | toJson }} {{ regexFindAll "x" "ab" -1 | toJson }} {{ regexFindAll "" "é🙂" -1 | toJson }} {{ mustRegexFindAll "a*" "baac" -1 | toJson }}',
    '[ab ac] null null ["","",""] ["","aa",""]',
  ],
  [
    '{{ regexReplaceAll "(a)(b)?" "ab a" "[$1|${2}|$3|$x|$$|$]" }} {{ regexReplaceAll "(?P<x>.)" "ab" "$x${x}$xy" }} {{ regexReplaceAll "" "ab" "-" }} {{ regexReplaceAll "x*" "" "y" }}',
    '[a|b|||$|$] [a||||$|$] aabb -a-b- y',
  ],
  [
    '{{ regexReplaceAll "(.)" "ab" "$01 $1 ${1}0 $10" }} {{ mustRegexReplaceAll "b" "abc" "${" }} {{ regexReplaceAll "^" "a" "é" }}',
    ' a a0  b b0  a${c éa',
  ],
  [
    '{{ regexReplaceAllLiteral "(a)" "banana" "$1" }} {{ mustRegexReplaceAllLiteral "" "ab" "$" }}',
    'b$1n$1n$1 $a$b$',
  ],
  [
    '{{ regexSplit "," "a,b,,c" -1 | toJson }} {{ regexSplit "," "a,b,c" 2 | toJson }} {{ regexSplit "," "" -1 | toJson }} {{ regexSplit "" "" -1 | toJson }} {{ regexSplit "" "héy" 2 | toJson }} {{ regexSplit "a*" "aab" -1 | toJson }} {{ regexSplit "," "a" 0 | toJson }} {{ mustRegexSplit "^" "ab" -1 | toJson }}',
    '["a","b","","c"] ["a","b,c"] [""] [] ["h","éy"] ["","b"] null ["ab"]',
  ],
  [
    String.raw`{{ regexQuoteMeta "a.b+(c)[d]{e}^$|\\?*-" }}`,
    'a\\.b\\+\\(c\\)\\[d\\]\\{e\\}\\^\\$\\|\\\\\\?\\*-',
  ],
]

describe('regex', () => {
  test.each(cases)('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  test.each<Case>([
    ['{{ mustRegexMatch "(" "a" }}', 'error parsing regexp: missing closing ): `(`'],
    ['{{ regexFind "a**" "a" }}', 'invalid nested repetition operator'],
    ['{{ regexFindAll "(?=a)" "a" -1 }}', 'invalid or unsupported Perl syntax'],
    [String.raw`{{ regexReplaceAll "(a)\\1" "aa" "" }}`, 'invalid escape sequence'],
    ['{{ regexSplit "a{1001}" "a" -1 }}', 'invalid repeat count'],
    ['{{ regexMatch (repeat 1025 "a") "a" }}', 'the pattern is longer than 1024 bytes'],
    ['{{ regexMatch (repeat 513 "é") "a" }}', 'the pattern is longer than 1024 bytes'],
    ['{{ regexMatch "a" (repeat 1048577 "a") }}', 'the text to search is longer than 1048576 bytes'],
    ['{{ regexMatch (repeat 11 "x{1000}") "a" }}', 'amount to more than 10000 instructions'],
    [
      '{{ regexMatch (printf "(?P<n>%s)" (repeat 11 "x{1000}")) "a" }}',
      'amount to more than 10000 instructions',
    ],
    [
      '{{ regexMatch (printf "[]a(]%s" (repeat 11 "(?i)x{1000}")) "a" }}',
      'amount to more than 10000 instructions',
    ],
    ['{{ regexMatch "((x{100}){10}y{1000,}){10}" "a" }}', 'amount to more than 10000 instructions'],
    ['{{ regexFindAll "" (repeat 300000 "a") -1 }}', 'there are more than 200000 matches'],
    ['{{ regexReplaceAll "a[^0]*0|a" (repeat 50000 "a") "" }}', 'takes too much work'],
    ['{{ mustRegexMatch (trunc 1 "é") "a" }}', 'invalid UTF-8'],
  ])('%s fails: %s', (template, message) => {
    expect(renderError(template)).toContain(message)
  })

  test('the replacement of many matches is refused before it is made', () => {
    const template = '{{ regexReplaceAllLiteral "a" (repeat 100000 "a") (repeat 10000 "b") }}'
    expect(renderError(template)).toMatch(/more than \d+ bytes/)
  })

  test('a pattern is found among those compiled before, and the least used are forgotten', () => {
    const template = '{{ range until 300 }}{{ regexMatch (printf "^x%d$" .) "x7" | ternary "y" "" }}{{ end }}'
    expect(render(template)).toBe('y')
    expect(render(template)).toBe('y')
  })

  test('quoted text matches itself, and nothing longer', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const template =
          '{{ $p := printf "^%s$" (regexQuoteMeta .t) }}{{ regexMatch $p .t }} {{ regexMatch $p (print .t "x") }}'
        expect(render(template, { t: text })).toBe('true false')
      }),
    )
  })
})
