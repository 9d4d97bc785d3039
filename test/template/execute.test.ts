import { describe, expect, test } from 'vitest'
import { GoInt, tagType, WideNumber } from '../../helpers/go/value.ts'
import { failure, render } from './render.ts'

describe('variables', () => {
  test.each([
    ['{{ $x := 1 }}{{ $x = 2 }}{{ $x }}', '2'],
    ['{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}', '1'],
    ['{{ $x := 1 }}{{ $x := print $x "b" }}{{ $x }}', '1b'],
    ['{{ $x := 1 }}{{ range until 3 }}{{ $x = . }}{{ end }}{{ $x }}', '2'],
    ['{{ with $y := 5 }}{{ $y }}{{ end }}', '5'],
    ['{{ range $i, $v := list "a" "b" }}{{ $i }}{{ $v }}{{ end }}', '0a1b'],
    ['{{ range $v := dict "k" "v" }}{{ $v }}{{ end }}', 'v'],
    ['{{ range $i, $v := list }}x{{ else }}{{ $v }}{{ end }}', '[]'],
    ['{{ $ }}{{ with 1 }}{{ $ }}{{ end }}', '<no value><no value>'],
    ['{{ print ($x := 3) $x }}', '3 3'],
  ])('%s → %s', (source, want) => {
    expect(render(source)).toBe(want)
  })

  test('a declaration does not see itself', () => {
    expect(failure('{{ $x := $x }}').detail).toBe('undefined variable: $x')
  })

  test('a declaration that was skipped leaves its variable undefined', () => {
    expect(failure('{{ $a := and false ($x := 1) }}{{ $x }}').detail).toBe('undefined variable: $x')
  })
})

describe('control', () => {
  test.each([
    ['{{ range 3 }}{{ . }}{{ end }}', '012'],
    ['{{ range $i := 2 }}{{ $i }}{{ end }}', '01'],
    ['{{ range until 5 }}{{ if eq . 3 }}{{ break }}{{ end }}{{ . }}{{ end }}', '012'],
    ['{{ range until 4 }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ . }}{{ end }}', '023'],
    ['{{ range until 2 }}{{ range until 5 }}{{ break }}{{ end }}{{ . }}{{ end }}', '01'],
    ['{{ if false }}a{{ else if true }}b{{ else }}c{{ end }}', 'b'],
    ['{{ with "" }}a{{ else with "b" }}{{ . }}{{ end }}', 'b'],
    ['{{ block "x" 5 }}[{{ . }}]{{ end }}{{ template "x" 6 }}', '[5][6]'],
    ['{{ define "x" }}{{ . }}{{ end }}{{ range list 1 2 }}{{ template "x" . }}{{ end }}', '12'],
    [
      '{{ define "x" }}{{ if . }}{{ . }}{{ template "x" (slice . 1) }}{{ end }}{{ end }}{{ template "x" list 1 2 }}',
      '[1 2][2]',
    ],
  ])('%s → %s', (source, want) => {
    expect(render(source)).toBe(want)
  })

  test('maps range in byte order, which is not UTF-16 order', () => {
    const data = { '\u{1f642}': 2, '\uff5e': 1, a: 0 }
    expect(render('{{ range $k, $v := . }}{{ $v }}{{ end }}', data)).toBe('012')
  })

  test('a list that grows in its own loop is ranged over as it was', () => {
    const source =
      '{{ $d := dict "l" (list 1 2) }}{{ range $d.l }}{{ $_ := set $d "l" (append $d.l 3) }}{{ . }}{{ end }}'
    expect(render(source)).toBe('12')
  })
})

describe('pipelines', () => {
  test('a piped value is evaluated before the arguments', () => {
    expect(failure('{{ .a | printf "%s" .b }}', {}).detail).toBe('map has no entry for key "a"')
  })

  test('a piped value is the last argument', () => {
    expect(render('{{ "c" | printf "%s%s%s" "a" "b" }}')).toBe('abc')
  })

  test.each([
    ['{{ and 1 0 (fail "x") }}', '0'],
    ['{{ or 0 2 (fail "x") }}', '2'],
    ['{{ (fail "x") | and 0 }}', undefined],
  ])('%s', (source, want) => {
    if (want === undefined) expect(failure(source).detail).toBe('error calling fail: x')
    else expect(render(source)).toBe(want)
  })
})

describe('arguments', () => {
  test.each([
    ['{{ upper 1 }}', 'expected string; found 1'],
    ['{{ upper nil }}', 'cannot assign nil to string'],
    ['{{ upper .n }}', 'wrong type for value; expected string; got float64'],
    ['{{ upper .z }}', 'wrong type for value; expected string; got interface {}'],
    ['{{ until .f }}', 'wrong type for value; expected int; got float64 that is not a whole number'],
    ['{{ keys .l }}', 'wrong type for value; expected map[string]interface {}; got []interface {}'],
    ['{{ upper }}', 'wrong number of args for upper: want 1 got 0'],
    ['{{ ternary 1 2 }}', 'wrong number of args for ternary: want 3 got 2'],
    ['{{ .n 1 }}', 'n is not a method but has arguments'],
    ['{{ 1 2 }}', "can't give argument to non-function 1"],
    ['{{ nil }}', 'nil is not a command'],
    ['{{ range "abc" }}{{ end }}', "range can't iterate over abc"],
    ['{{ template "nosuch" }}', 'template "nosuch" not defined'],
  ])('%s fails: %s', (source, detail) => {
    expect(failure(source, { n: 3, f: 1.5, z: null, l: [] }).detail).toBe(detail)
  })

  test('a whole number of data passes as an int', () => {
    expect(render('{{ until .n }} {{ range .n }}{{ . }}{{ end }}', { n: 2 })).toBe('[0 1] 01')
  })
})

describe('values', () => {
  test.each([
    [new WideNumber('9007199254740993'), '9007199254740993'],
    [new GoInt('uint8', 7n), '7'],
    [tagType(['a'], '[]string'), '[a]'],
    [[null, { b: 1, a: '' }], '[<nil> map[a: b:1]]'],
    [1e6, '1000000'],
    [null, '<no value>'],
  ])('%o prints as %s', (value, want) => {
    expect(render('{{ . }}', value)).toBe(want)
  })

  test('bytes that are split and joined again are text', () => {
    expect(render('{{ substr 0 1 "é" }}{{ substr 1 2 "é" }}')).toBe('é')
  })
})
