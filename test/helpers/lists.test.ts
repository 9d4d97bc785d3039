import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { render, renderError } from './render.ts'
import type { Case } from './render.ts'

/** Templates and what Go prints for them. */
const cases: readonly Case[] = [
  [
    '{{ list 1 "a" nil | toJson }} {{ tuple | toJson }} {{ list | typeOf }}',
    '[1,"a",null] [] []interface {}',
  ],
  [
    '{{ $a := list 1 2 }}{{ $b := append $a 3 }}{{ $c := prepend $a 0 }}{{ $a }} {{ $b }} {{ $c }} {{ push $a nil }}',
    '[1 2] [1 2 3] [0 1 2] [1 2 <nil>]',
  ],
  [
    '{{ concat (list 1) (until 2) (splitList "," "x") }} {{ concat list list | toJson }} {{ concat | toJson }}',
    '[1 0 1 x] null null',
  ],
  [
    '{{ chunk 2 (list 1 2 3) | toJson }} {{ chunk 3 (list 1 2 3) | typeOf }} {{ chunk 9 list | toJson }} {{ chunk -1 (list 1 2) | toJson }} {{ chunk -2 (list 1) | toJson }}',
    '[[1,2],[3]] [][]interface {} [] [] [[1]]',
  ],
  [
    '{{ until 3 }} {{ until -3 }} {{ until 0 | toJson }} {{ untilStep 5 0 -2 }} {{ untilStep 0 5 0 }} {{ untilStep 3 0 1 }} {{ untilStep 1 8 3 | typeOf }}',
    '[0 1 2] [0 -1 -2] [] [5 3 1] [] [] []int',
  ],
  [
    '{{ seq 3 }}|{{ seq -1 }}|{{ seq 2 4 }}|{{ seq 4 2 }}|{{ seq 1 3 9 }}|{{ seq 9 -4 1 }}|{{ seq 9 4 1 }}|{{ seq 1 0 3 }}|{{ seq }}|{{ seq 1 2 3 4 }}|',
    '1 2 3|1 0 -1|2 3 4|4 3 2|1 4 7|9 5 1|||||',
  ],
  [
    '{{ first list }} {{ last (list 1 2) }} {{ rest (list 1) | toJson }} {{ rest list | toJson }} {{ initial list | toJson }} {{ initial (splitList "," "a,b,c") | typeOf }}',
    '<no value> 2 [] null null []interface {}',
  ],
  [
    '{{ slice (list 1 2 3 4) 1 3 }} {{ slice (list 1 2 3 4) "2" }} {{ slice (until 3) 1 | typeOf }} {{ slice list 5 }} {{ slice (list 1 2) 2 | toJson }} {{ slice (list 1 2 3) 0 2 "x" }}',
    '[2 3] [3 4] []int <no value> [] [1 2]',
  ],
  ['{{ reverse (list 1 2 3) }} {{ reverse (until 2) | typeOf }}', '[3 2 1] []interface {}'],
  ['{{ compact (list 0 1 "" nil false (list) (dict) 0.0 "0") | toJson }}', '[1,"0"]'],
  [
    '{{ uniq (list 1 1.0 1 "1" nil nil (list 1) (list 1) (dict "a" 1) (dict "a" 1)) | toJson }} {{ uniq (list (rest list) list) | len }}',
    '[1,1,"1",null,[1],{"a":1}] 2',
  ],
  [
    '{{ without (list 1 2 1.0 "1" nil) 1 nil | toJson }} {{ without (list (list 1) (list 2)) (list 1) | toJson }}',
    '[2,1,"1"] [[2]]',
  ],
  [
    '{{ has (list 1) (list (list 1)) }} {{ has 1 (list 1.0) }} {{ has nil (list nil) }} {{ has 1 nil }} {{ has "b" (splitList "," "a,b") }} {{ has 2 (until 3) }}',
    'true false true false true true',
  ],
  [
    '{{ sortAlpha (list "é" "z" "Z" 10 9 nil true "🙂" "￿") | toJson }} {{ sortAlpha 5 }} {{ sortAlpha (list nil) | toJson }} {{ sortAlpha nil }}',
    '["10","9","Z","true","z","é","￿","🙂"] [5] [] [<nil>]',
  ],
  [
    '{{ split "," "a,,b" | toJson }} {{ split "" "é🙂" | toJson }} {{ split "," "" | toJson }} {{ split "" "" | toJson }} {{ split "," "a" | typeOf }}',
    '{"_0":"a","_1":"","_2":"b"} {"_0":"é","_1":"🙂"} {"_0":""} {} map[string]string',
  ],
  [
    '{{ splitn "," 2 "a,b,c" | toJson }} {{ splitn "" 2 "abc" | toJson }} {{ splitn "," 0 "a" | toJson }} {{ splitn "," -1 "a,b" | toJson }}',
    '{"_0":"a","_1":"b,c"} {"_0":"a","_1":"bc"} {} {"_0":"a","_1":"b"}',
  ],
  [
    '{{ splitList "ab" "xabyab" | toJson }} {{ splitList "" "" | toJson }} {{ splitList "," "a" | typeOf }}',
    '["x","y",""] [] []string',
  ],
  [
    '{{ join "-" (list 1 nil "a" (list 2)) }} {{ join "," "x" }} {{ join "," nil }}| {{ join "," (until 3) }} {{ join "," (dict "a" 1) }}',
    '1-a-[2] x | 0,1,2 map[a:1]',
  ],
  [
    '{{ toStrings (list 1 nil true) | toJson }} {{ toStrings "a" | toJson }} {{ toStrings nil | toJson }} {{ toStrings (until 2) | typeOf }}',
    '["1","true"] ["a"] [] []string',
  ],
]

describe('lists', () => {
  test.each(cases)('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  test.each<Case>([
    ['{{ first nil }}', 'Cannot find first on nil'],
    ['{{ first "abc" }}', 'Cannot find first on type string'],
    ['{{ append (dict) 1 }}', 'Cannot push on type map'],
    ['{{ concat (list 1) 2 }}', 'Cannot concat type int'],
    ['{{ has 1 "abc" }}', 'Cannot find has on type string'],
    ['{{ slice (list 1 2) 3 }}', 'slice index out of bounds'],
    ['{{ slice (list 1 2) 1 0 }}', 'slice index out of bounds'],
    ['{{ slice (list 1 2) -1 }}', 'slice index out of bounds'],
    ['{{ chunk 0 (list 1) }}', 'cannot cut a list into parts of 0'],
    ['{{ chunk -1 (list 1) }}', 'cannot cut a list into parts of -1'],
    ['{{ chunk -2 (list) }}', 'cannot cut a list into parts of -2'],
  ])('%s fails: %s', (template, message) => {
    expect(renderError(template)).toContain(message)
  })

  test.each([
    ['{{ until 999999999 }}'],
    ['{{ until 9223372036854775807 }}'],
    ['{{ untilStep 0 -999999999999 -1 }}'],
    ['{{ seq 99999999999 }}'],
    ['{{ $l := until 100000 }}{{ range until 1000 }}{{ $l = concat $l $l }}{{ end }}'],
    ['{{ $l := until 100000 }}{{ range until 1000 }}{{ $_ := append $l 1 }}{{ end }}'],
    ['{{ $l := until 20000 }}{{ range until 20000 }}{{ $_ := reverse $l }}{{ end }}'],
    ['{{ $s := repeat 100000 "a," }}{{ range until 1000 }}{{ $_ := split "," $s }}{{ end }}'],
    ['{{ $s := repeat 10000 "a" }}{{ $l := until 10000 }}{{ join $s $l }}'],
    ['{{ $l := list }}{{ range until 9000 }}{{ $l = append $l (list .) }}{{ end }}{{ uniq $l }}'],
  ])('%s is refused before it uses up the memory or the time', (template) => {
    expect(renderError(template)).toMatch(/more than \d+ bytes|limit/)
  })

  test('uniq of many scalars is quick enough to allow', () => {
    expect(render('{{ uniq (concat (until 20000) (until 20000)) | len }}')).toBe('20000')
  })

  test('split and join are inverse', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 3 }), (text, separator) => {
        const template =
          '{{ splitList .s .t | join .s }}|{{ join .s (regexSplit (regexQuoteMeta .s) .t -1) }}'
        expect(render(template, { t: text, s: separator })).toBe(`${text}|${text}`)
      }),
    )
  })

  test('until, len and last agree', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (n) => {
        expect(render(`{{ $u := until ${n} }}{{ len $u }} {{ last $u }}`)).toBe(`${n} ${n - 1}`)
      }),
    )
  })
})
