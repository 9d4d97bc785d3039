import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Value } from '../../helpers/go/value.ts'
import { render, renderError } from './render.ts'
import type { Case } from './render.ts'

/** Templates and what Go prints for them. */
const cases: readonly Case[] = [
  [
    '{{ dict "a" 1 2 "b" nil 3 "z" | toJson }} {{ dict "a" 1 "a" 2 }} {{ dict "__proto__" 1 "constructor" 2 | toJson }}',
    '{"2":"b","\\u003cnil\\u003e":3,"a":1,"z":""} map[a:2] {"__proto__":1,"constructor":2}',
  ],
  [
    '{{ get (dict "a" nil) "a" }} {{ get (dict) "a" | printf "%q" }} {{ get nil "a" | printf "%q" }} {{ get (dict) "toString" | printf "%q" }}',
    '<no value> "" "" ""',
  ],
  [
    '{{ getordefault (dict "a" nil) "a" 1 }} {{ getordefault nil "a" 2 }} {{ getordefault (dict "a" "") "a" 3 }}|',
    '<no value> 2 |',
  ],
  [
    '{{ hasKey (dict "a" nil) "a" }} {{ hasKey nil "a" }} {{ hasKey (dict) "__proto__" }}',
    'true false false',
  ],
  [
    '{{ $d := dict }}{{ $e := set $d "__proto__" "x" }}{{ $e | toJson }} {{ unset $d "__proto__" | toJson }} {{ $d | len }}',
    '{"__proto__":"x"} {} 0',
  ],
  [
    '{{ $d := dict "n" (dict) }}{{ $_ := set $d.n "k" 1 }}{{ $d | toJson }} {{ unset nil "a" | toJson }}',
    '{"n":{"k":1}} null',
  ],
  [
    '{{ pick (dict "a" 1 "b" nil) "b" "c" | toJson }} {{ pick nil "a" | toJson }} {{ omit (dict "a" 1 "b" nil) "a" | toJson }} {{ omit nil | toJson }}',
    '{"b":null} {} {"b":null} {}',
  ],
  ['{{ pluck "a" (dict "a" nil) (dict) nil (dict "a" 2) | toJson }}', '[null,2]'],
  [
    '{{ keys nil | toJson }} {{ keys (dict "b" 1) (dict "a" 2) }} {{ keys (dict) | typeOf }} {{ values nil | toJson }} {{ values (dict "a" nil) | toJson }}',
    '[] [b a] []string [] [null]',
  ],
  ['{{ dig "a" "b" "d" (dict "a" (dict "b" nil)) }} {{ dig "a" "b" "d" (dict "a" (dict)) }}', '<no value> d'],
  ['{{ dig "a" "b" "d" (dict) }} {{ dig "__proto__" "d" (dict) }}', 'd d'],
  [
    '{{ merge (dict "a" 0 "b" "x" "c" (list)) (dict "a" 1 "b" "y" "c" (list 2) "d" nil) | toJson }}',
    '{"a":1,"b":"x","c":[2]}',
  ],
  [
    '{{ merge (dict "a" (dict "x" 1)) (dict "a" (dict "x" 2 "y" (dict "z" 3))) (dict "a" (dict "y" (dict "w" 4))) | toJson }}',
    '{"a":{"x":1,"y":{"w":4,"z":3}}}',
  ],
  [
    '{{ mergeOverwrite (dict "a" 1 "b" (dict "x" 1) "c" (list 1)) (dict "a" nil "b" (dict "x" "" "y" 2) "c" list) | toJson }}',
    '{"a":null,"b":{"x":"","y":2},"c":[]}',
  ],
  [
    '{{ mergeOverwrite (dict "a" (dict "x" 1)) (dict "a" "s") | toJson }} {{ mergeOverwrite (dict "a" (dict "x" 1)) (dict "a" dict) | toJson }}',
    '{"a":"s"} {"a":{"x":1}}',
  ],
  [
    '{{ $a := dict "k" (dict) }}{{ $b := dict "k" (dict) }}{{ $_ := merge $a $b }}{{ $_ := set $b.k "x" 1 }}{{ $a | toJson }}',
    '{"k":{"x":1}}',
  ],
  [
    '{{ $a := dict "k" (dict) }}{{ $b := dict "k" (dict "y" 1) }}{{ $_ := merge $a $b }}{{ $_ := set $b.k "x" 1 }}{{ $a | toJson }}',
    '{"k":{"y":1}}',
  ],
  [
    '{{ merge nil | toJson }} {{ merge nil dict | toJson }} {{ merge nil nil | typeOf }} {{ merge (merge nil) (dict "a" 1) | toJson }}',
    'null {} map[string]interface {} {"a":1}',
  ],
  [
    '{{ merge (dict "v" (semver "2.0.0")) (dict "v" (dict "a" 1)) | printf "%q" }} {{ mergeOverwrite (dict "v" (semver "2.0.0")) (dict "v" (dict "a" 1)) | toJson }}',
    '"" {"v":{"a":1}}',
  ],
  [
    '{{ merge (dict "a" (splitList "," "x")) (dict "a" (list 1)) | toJson }} {{ merge (dict "a" list) (dict "a" (rest list)) | toJson }}',
    '{"a":["x"]} {"a":null}',
  ],
  [
    '{{ $a := dict "l" (list (dict "k" 1)) }}{{ $b := deepCopy $a }}{{ $_ := set (first $b.l) "k" 2 }}{{ $a | toJson }}{{ $b | toJson }}',
    '{"l":[{"k":1}]}{"l":[{"k":2}]}',
  ],
  [
    '{{ deepCopy (splitList "," "a,b") | typeOf }} {{ deepCopy (split "," "a") | typeOf }} {{ deepCopy (rest list) | toJson }} {{ deepCopy 1 }} {{ deepCopy (list nil) | toJson }}',
    '[]string map[string]string null 1 [null]',
  ],
]

describe('dict', () => {
  test.each(cases)('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  test.each<Case>([
    ['{{ set nil "a" 1 }}', 'cannot set a key of nil'],
    ['{{ set (merge nil) "a" 1 }}', 'cannot set a key of nil'],
    ['{{ dig "a" (dict) }}', 'dig needs at least three arguments'],
    ['{{ dig 1 "d" (dict) }}', 'a key must be a string, not int'],
    ['{{ dig "a" "b" "d" (dict "a" 5) }}', 'cannot look up a key in int'],
    ['{{ dig "a" "d" (split "," "x") }}', 'cannot look up a key in map[string]string'],
    ['{{ dig "a" "d" nil }}', 'cannot look up a key in nil'],
    ['{{ deepCopy nil }}', 'cannot copy nil'],
    [
      '{{ merge (dict "a" (split "," "x")) (dict "a" (dict "b" 1)) }}',
      'cannot merge into a map[string]string',
    ],
    ['{{ mustMerge (dict "v" (semver "2.0.0")) (dict "v" (dict "a" 1)) }}', 'values of different types'],
    ['{{ get (split "," "a") "_0" }}', 'map[string]string'],
  ])('%s fails: %s', (template, message) => {
    expect(renderError(template)).toContain(message)
  })

  test('keys and values come in the order of the keys, by bytes', () => {
    const data = { m: { b: 1, '\uffff': 2, '🙂': 3, B: 4 } }
    expect(render('{{ keys .m }} {{ values .m }}', data)).toBe('[B b \uffff 🙂] [4 1 2 3]')
  })

  test('a value that contains itself is no endless loop', () => {
    const selfish = '{{ $a := dict }}{{ $_ := set $a "a" $a }}{{ $b := dict }}{{ $_ := set $b "a" $b }}'
    expect(renderError(`${selfish}{{ merge $a $b }}`)).toContain('nested more than')
    expect(renderError(`${selfish}{{ deepCopy $a }}`)).toContain('nested more than')
    expect(renderError(`${selfish}{{ deepEqual $a $b }}`)).toContain('nested more than')
    expect(render(`${selfish}{{ deepEqual $a $a }}`)).toBe('true')
  })

  test('values that share parts many times over are refused', () => {
    const build = (name: string): string =>
      `{{ $${name} := list }}{{ range until 40 }}{{ $${name} = list $${name} $${name} }}{{ end }}`
    expect(renderError(`${build('a')}{{ deepCopy $a }}`)).toMatch(/more than \d+ bytes/)
    expect(renderError(`${build('a')}${build('b')}{{ deepEqual $a $b }}`)).toMatch(/more than \d+ bytes/)
  })

  test('no key reaches a prototype', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      const template = `{{ hasKey .m "${key}" }} {{ get .m "${key}" | quote }} {{ dig "${key}" "none" .m }}`
      expect(render(template, { m: {} })).toBe('false "" none')
      expect(render(`{{ merge (dict) (set (dict) "${key}" (dict "polluted" 1)) | toJson }}`)).toBe(
        `{"${key}":{"polluted":1}}`,
      )
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  test('what merge does to the target, a second merge does not change', () => {
    const maps = fc.object({ values: [fc.integer(), fc.string(), fc.constant(null)], maxDepth: 3 })
    fc.assert(
      fc.property(maps, maps, (a, b) => {
        const data = { a, b } as Value
        const once = render('{{ mergeOverwrite (deepCopy .a) .b | toJson }}', data)
        expect(render('{{ mergeOverwrite (mergeOverwrite (deepCopy .a) .b) .b | toJson }}', data)).toBe(once)
        expect(render('{{ deepEqual (deepCopy .a) .a }}', data)).toBe('true')
      }),
    )
  })
})
