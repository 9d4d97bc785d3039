import { expect, test } from 'vitest'
import { prettyError } from '../../src/template/errors.ts'
import { failure } from './render.ts'

test('a parse error has the line', () => {
  const error = failure('a\n{{ nosuch }}')
  expect(error.stage).toBe('parse')
  expect(error.message).toBe('template: tmpl:2: function "nosuch" not defined')
  expect(error.position).toEqual({ offset: 5, line: 2, column: 4 })
})

test('an exec error is worded as in Go, its column in bytes', () => {
  const error = failure('é\n{{ "é" }}{{ .a.b }}', { a: {} })
  expect(error.message).toBe('template: tmpl:2:15: executing "tmpl" at <.a.b>: map has no entry for key "b"')
  expect(error.position.column).toBe(15)
  expect(error.lineText).toBe('{{ "é" }}{{ .a.b }}')
})

test('an error in a definition names it', () => {
  const error = failure('{{ define "d" }}{{ .x }}{{ end }}{{ template "d" dict }}')
  expect(error.message).toContain('template: tmpl:1:19: executing "d" at <.x>')
})

test('an unclosed action tells where it started', () => {
  expect(failure('a {{ upper\n"x"').message).toBe('template: tmpl:2: unclosed action started at tmpl:1')
})

test.each([
  ['{{ fail "x" | upper | printf "%s" }}', '<fail "x">'],
  ['{{ index (list 1 2) 5 }}', '<index (list 1 2) 5>'],
  ['{{ (dict "a" 1).b }}', '<(dict "a" 1).b>'],
  ['{{ $x := dict }}{{ $x.y }}', '<$x.y>'],
])('%s fails at %s', (source, expression) => {
  expect(failure(source).message).toContain(` at ${expression}: `)
})

test('the caret is under the place', () => {
  expect(prettyError(failure('ok\n  {{ .x }}', {}))).toBe(
    [
      'template: tmpl:2:5: executing "tmpl" at <.x>: map has no entry for key "x"',
      '2 |   {{ .x }}',
      '         ^',
    ].join('\n'),
  )
})

test('tabs before the place stay tabs', () => {
  const [, line = '', caret = ''] = prettyError(failure('\t\t{{ .x }}', {})).split('\n')
  expect(caret.replaceAll('\t', '').length).toBe(line.replaceAll('\t', '').indexOf('.x') + 1)
  expect(caret).toContain('\t\t')
})

test('a long line is cut around the place', () => {
  const [, line = '', caret = ''] = prettyError(failure(`${'x'.repeat(5_000)}{{ .y }}`, {})).split('\n')
  expect(line.length).toBeLessThan(120)
  expect(line.slice(caret.length - 1)).toMatch(/^\.y/)
})

test("a function's own error is the cause", () => {
  expect(failure('{{ fail "why" }}').cause).toMatchObject({ name: 'HelperError', message: 'why' })
})
