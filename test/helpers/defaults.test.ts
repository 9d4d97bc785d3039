import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Value } from '../../helpers/go/value.ts'
import { render, renderError } from './render.ts'
import type { Case } from './render.ts'

/** Templates and what Go prints for them. */
const cases: readonly Case[] = [
  [
    '{{ default "d" }} {{ default "d" nil }} {{ default "d" "v" "w" }} {{ default 1 0.0 }} {{ default "d" (list nil) }}',
    'd d v 1 [<nil>]',
  ],
  [
    '{{ empty (dict "a" nil) }} {{ empty (semver "0.0.0") }} {{ empty false }} {{ empty "0" }} {{ empty (rest list) }}',
    'false false true false true',
  ],
  [
    '{{ coalesce }} {{ coalesce nil "" 0 false (list) "x" "y" }} {{ coalesce 0 "" }}',
    '<no value> x <no value>',
  ],
  [
    '{{ all }} {{ all 1 "a" }} {{ all 1 nil }} {{ any }} {{ any nil "" 1 }} {{ any 0 "" }}',
    'true true false false true false',
  ],
  ['{{ ternary "y" "n" true }} {{ false | ternary "y" "n" }} {{ ternary nil 1 false }}', 'y n 1'],
  [
    String.raw`{{ toJson (dict "b" (list 1 nil 1.5 true) "a" "<é&\u2028\"") }} {{ toJson nil }} {{ toJson (rest list) }} {{ toJson (until 2) }}`,
    '{"a":"\\u003cé\\u0026\\u2028\\"","b":[1,null,1.5,true]} null null [0,1]',
  ],
  ['{{ toJson (float64 "inf") }}|{{ toPrettyJson (float64 "nan") }}|{{ toYaml (float64 "nan") }}|', '|||'],
  [
    '{{ toPrettyJson (dict "a" (list 1 (dict)) "b" list) }}',
    '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}',
  ],
  ['{{ toRawJson (list "<>&" 1) }}', '["<>&",1]'],
  [
    String.raw`{{ (fromJson "{\"a\":[1,{\"b\":null}]}").a }} {{ fromJson "{" }} {{ fromJson "1 2" }} {{ fromJson "1e2" | kindOf }} {{ fromJson " [] " | toJson }}`,
    '[1 map[b:<nil>]] <no value> <no value> float64 []',
  ],
  [String.raw`{{ mustFromJson "\"\\u00e9\"" }} {{ mustFromJson "true" }}`, 'é true'],
  [
    '{{ toYaml (dict "b" (list 1 "yes" nil) "a" (dict "n" "1") "c" 1.5 "d" list "e" dict) }}',
    'a:\n  "n": "1"\nb:\n- 1\n- "yes"\n- null\nc: 1.5\nd: []\ne: {}',
  ],
  [
    '{{ toYaml nil }} {{ toYaml "a: b" }} {{ toYaml (until 2) }} {{ toYaml 100000000.0 }} {{ toYaml (int64 9007199254740993) }}',
    "null 'a: b' - 0\n- 1 100000000 9007199254740993",
  ],
]

describe('defaults', () => {
  test.each(cases)('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  test.each<Case>([
    ['{{ mustToJson (float64 "nan") }}', 'unsupported value: NaN'],
    ['{{ toRawJson (float64 "inf") }}', 'unsupported value: +Inf'],
    ['{{ mustToYaml (float64 "nan") }}', 'unsupported value: NaN'],
    ['{{ mustFromJson "{" }}', 'line 1'],
    ['{{ mustFromYaml "a: [" }}', 'yaml: line 1'],
    ['{{ ternary 1 2 3 }}', 'bool'],
  ])('%s fails: %s', (template, message) => {
    expect(renderError(template)).toContain(message)
  })

  test.each<Case>([
    [String.raw`{{ fromYaml "a: yes\nb: 014\n" | toJson }}`, '{"a":true,"b":12}'],
    ['{{ fromYaml "a: [" }}|{{ fromYaml "" }}', '<no value>|<no value>'],
    [String.raw`{{ mustFromYaml "- 1\n- x: a" | toJson }}`, '[1,{"x":"a"}]'],
    [String.raw`{{ fromYamlArray "- 1\n- b" | toJson }} {{ fromYamlArray "a: [" | toJson }}`, '[1,"b"] []'],
    ['{{ fromYamlArray "a: b" | len }} {{ mustToYaml (list "on") }}', '0 - "on"'],
  ])('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  test('integers of data keep their digits through JSON and YAML', () => {
    const text = '{"id":9007199254740993}'
    expect(render('{{ fromJson .t | toJson }} {{ fromJson .t | toYaml }}', { t: text })).toBe(
      `${text} id: 9007199254740993`,
    )
  })

  test('a limit is an error also where a malformed value is not', () => {
    const selfish = '{{ $a := dict }}{{ $_ := set $a "a" $a }}'
    for (const name of ['toJson', 'toPrettyJson', 'toYaml']) {
      expect(renderError(`${selfish}{{ ${name} $a }}`)).toContain('deep')
    }
  })

  test('what goes through JSON or YAML comes back the same', () => {
    const values = fc.jsonValue({ maxDepth: 3 })
    fc.assert(
      fc.property(values, (v) => {
        const data = { v } as Value
        expect(render('{{ deepEqual .v (fromJson (toJson .v)) }}', data)).toBe('true')
        expect(render('{{ deepEqual .v (mustFromYaml (toYaml .v)) }}', data)).toBe('true')
      }),
    )
  })
})
