import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { render, renderError } from './render.ts'
import type { Case } from './render.ts'

/** Templates and what Go prints for them. */
const cases: readonly Case[] = [
  ['{{ upper "straße ﬁ ŉ" }}', 'STRAßE ﬁ ŉ'],
  ['{{ lower "ΑΣΣ İI" }}', 'ασσ ii'],
  ['{{ upper "ᾳᾀ ა" }} {{ title "ა ǳ" }}', 'ᾼᾈ Ა ა ǲ'],
  [String.raw`{{ title "o'neil-smith x_y 1st éa" }}`, "O'Neil-Smith X_y 1st Éa"],
  [String.raw`{{ untitle "Hello Big-World\tÉa" }}`, 'hello big-World\téa'],
  ['{{ swapcase "aB éÉ ǅx" }}', 'Ab Éé ǆX'],
  [
    '{{ snakecase "SomeIDs4You" }} {{ snakecase "a1b2" }} {{ snakecase "X509Cert" }} {{ snakecase "a.B c" }}',
    'some_i_ds4_you a_1b2 x509_cert a.b_c',
  ],
  [
    '{{ kebabcase "MyHTTPServer2Go" }} {{ kebabcase "1st place" }} {{ kebabcase "ÀÉx" }}',
    'my-http-server2-go 1st-place à-éx',
  ],
  [
    '{{ camelcase "_lead__two_ trail_" }} {{ camelcase "ID_of_ABCDef" }} {{ camelcase "--" }}',
    '_Lead_Two_Trail_ IdOfAbcdef ---',
  ],
  [String.raw`{{ trim "\t\u2003a b\u0085\n" }}|{{ trim "\ufeffx" | len }}`, 'a b|4'],
  ['{{ trimAll "é" "ééaéé" }} {{ trimAll "🙂x" "x🙂a🙂" }} {{ trimAll "" "a" }}', 'a a a'],
  ['{{ trimPrefix "ab" "ababc" }} {{ trimSuffix "bc" "abcbc" }} {{ trimPrefix "x" "abc" }}', 'abc abc abc'],
  ['{{ trunc 2 "é€" }} {{ trunc -3 "é€" }} {{ trunc -10 "abc" }} {{ trunc 0 "abc" }}|', 'é € abc |'],
  [
    '{{ substr 0 -1 "abc" }} {{ substr -5 2 "abc" }} {{ substr 2 99 "abc" }} {{ substr 3 3 "abc" }}|',
    'abc ab c |',
  ],
  [
    '{{ abbrev 4 "abcdef" }} {{ abbrev 9 "été à la mer" }} {{ abbrev 3 "abcdef" }} {{ abbrev 6 "abcdef" }}',
    'a... été ... abcdef abcdef',
  ],
  [
    '{{ abbrevboth 6 8 "abcdefghijklmnop" }} {{ abbrevboth 12 7 "abcdefghijklmnop" }} {{ abbrevboth 99 9 "abcdefghijkl" }} {{ abbrevboth 5 7 "abcdefghijklmnop" }}',
    '...gh... ...mnop ...ghijkl ...f...',
  ],
  [String.raw`{{ initials "ab  cd\tef" }} {{ initials "été ça" }}`, 'ace ÃÃ'],
  [String.raw`{{ nospace " a\tb\u00a0c " }} {{ nospace "été" }} {{ nospace "é t" }}`, 'abÂc été Ã©t'],
  [String.raw`{{ indent 3 "a\n\nb" }}|{{ nindent 1 "x\n" }}|`, '   a\n   \n   b|\n x\n |'],
  ['{{ wrap 8 "one two three  four" }}', 'one two\nthree \nfour'],
  ['{{ wrap 3 "abcdef gh  i" }}', 'abcdef\ngh \ni'],
  ['{{ wrapWith 4 "/" "abcdefghij kl mnopq" }} {{ wrapWith 0 "+" "ab c" }}', 'abcd/efgh/ij/kl/mnop/q a+b+c'],
  [
    String.raw`{{ quote "a\tb\u0001\"é" 1.5 nil true }} {{ squote "it's" nil 2 }}`,
    '"a\\tb\\x01\\"é" "1.5" "true" \'it\'s\' \'2\'',
  ],
  ['{{ cat nil 1 "a b" (list 1 nil) }}|{{ cat }}|', '1 a b [1 <nil>]||'],
  ['{{ repeat 2 "a-" }}|{{ repeat 0 "x" }}|', 'a-a-||'],
  [
    '{{ replace "" "." "é🙂" }} {{ replace "a" "$&" "aa" }} {{ replace "aa" "b" "aaaaa" }}',
    '.é.🙂. $&$& bba',
  ],
  ['{{ plural "a" "b" 1 }}{{ plural "a" "b" -1 }}', 'ab'],
  ['{{ toString (list 1 "a" nil) }} {{ toString nil }} {{ toString true }}', '[1 a <nil>] <nil> true'],
  ['{{ contains "" "" }} {{ hasPrefix "é" "été" }} {{ hasSuffix "" "x" }}', 'true true true'],
]

describe('strings', () => {
  test.each(cases)('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  test.each<Case>([
    ['{{ substr 4 2 "abcdef" }}', 'cannot cut [4:2] out of a text of 6 bytes'],
    ['{{ substr 4 9 "abc" }}', 'cannot cut [4:9] out of a text of 3 bytes'],
    ['{{ substr -1 9 "abc" }}', 'cannot cut [-1:9] out of a text of 3 bytes'],
    ['{{ repeat -1 "a" }}', 'cannot repeat a text -1 times'],
    ['{{ indent -1 "a" }}', 'cannot indent by -1 spaces'],
    ['{{ nindent -1 "a" }}', 'cannot indent by -1 spaces'],
    ['{{ randBytes -1 }}', 'cannot make -1 bytes'],
    ['{{ randInt 5 5 }}', 'no whole number is at least 5 and below 5'],
    ['{{ randInt 0 999999999999999 }}', 'wider than 2^48'],
    ['{{ upper 5 }}', 'expected string'],
  ])('%s fails: %s', (template, message) => {
    expect(renderError(template)).toContain(message)
  })

  test.each([
    ['{{ repeat 99999999999 "ab" }}'],
    ['{{ indent 999999999 "a" }}'],
    ['{{ nindent 9223372036854775807 "a" }}'],
    ['{{ range until 2000 }}{{ $_ := replace "" (repeat 1000 "x") (repeat 100 "y") }}{{ end }}'],
    ['{{ wrapWith 1 (repeat 100000 "-") (repeat 1000 "a") }}'],
    ['{{ randAlpha 999999999 }}'],
    ['{{ randBytes 999999999 }}'],
    ['{{ $x := repeat 60000 "x" }}{{ range until 2000 }}{{ $_ := cat $x $x }}{{ end }}'],
  ])('%s is refused before it uses up the memory', (template) => {
    expect(renderError(template)).toMatch(/more than \d+ bytes|limit/)
  })

  test('random text has the length and the alphabet asked for', () => {
    expect(render('{{ randAlphaNum 40 }}')).toMatch(/^[0-9A-Za-z]{40}$/)
    expect(render('{{ randAlpha 40 }}')).toMatch(/^[A-Za-z]{40}$/)
    expect(render('{{ randNumeric 40 }}')).toMatch(/^[0-9]{40}$/)
    expect(render('{{ randAscii 40 }}')).toMatch(/^[ -~]{40}$/)
    expect(render('{{ randAlpha -1 }}|{{ randAscii 0 }}|')).toBe('||')
    expect(Buffer.from(render('{{ randBytes 40 }}'), 'base64')).toHaveLength(40)
    expect(render('{{ randAlphaNum 40 }}')).not.toBe(render('{{ randAlphaNum 40 }}'))
  })

  test('randInt draws every number of its range and no other', () => {
    const drawn = new Set(Array.from({ length: 400 }, () => render('{{ randInt -1 2 }}')))
    expect([...drawn].sort()).toEqual(['-1', '0', '1'])
  })

  test('shuffle keeps the characters', () => {
    const out = render('{{ shuffle "aé🙂b" }}')
    expect(Array.from(out).sort()).toEqual(Array.from('aé🙂b').sort())
  })

  test('trunc, substr and abbrev never make more bytes than asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, width) => {
        const data = { text }
        expect(Number(render(`{{ trunc ${width} .text | len }}`, data))).toBeLessThanOrEqual(width)
        expect(Number(render(`{{ abbrev ${width + 4} .text | len }}`, data))).toBeLessThanOrEqual(width + 4)
      }),
    )
  })

  test('cut at any byte and joined again, a text is the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), (text, n) => {
        const at = n % (Buffer.byteLength(text) + 1)
        expect(render(`{{ substr 0 ${at} .t }}{{ substr ${at} -1 .t }}`, { t: text })).toBe(text)
      }),
    )
  })
})
