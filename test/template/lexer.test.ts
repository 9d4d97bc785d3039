import { expect, test } from 'vitest'
import { lex } from '../../src/template/lexer.ts'

const braces = { left: '{{', right: '}}' }
const kinds = (source: string, delimiters = braces) => lex(source, delimiters).map((token) => token.kind)
const texts = (source: string, delimiters = braces) => lex(source, delimiters).map((token) => token.text)

test('text without actions is one token', () => {
  expect(kinds('just text')).toEqual(['text', 'eof'])
  expect(kinds('')).toEqual(['eof'])
})

test('space inside an action is a token', () => {
  expect(kinds('{{ a  b }}')).toEqual([
    'leftDelim',
    'space',
    'identifier',
    'space',
    'identifier',
    'space',
    'rightDelim',
    'eof',
  ])
})

test('trim markers take the space of the text beside them, and need a space of their own', () => {
  expect(texts('a \n{{- 1 -}}\t b')).toEqual(['a', '{{', '1', '}}', 'b', ''])
  expect(texts('a {{-1}}')).toContain('-1')
})

test('a trimmed text that becomes empty is no token', () => {
  expect(kinds('  {{- 1 -}}  {{- 2 }}').filter((kind) => kind === 'text')).toEqual([])
})

test('comments leave nothing, and can trim', () => {
  expect(texts('a {{- /* c */ -}} b')).toEqual(['a', 'b', ''])
})

test('fields, variables and dots', () => {
  expect(texts('{{.a.b $x.c . $}}')).toEqual([
    '{{',
    '.a',
    '.b',
    ' ',
    '$x',
    '.c',
    ' ',
    '.',
    ' ',
    '$',
    '}}',
    '',
  ])
})

test.each([
  ['1', 'number'],
  ['+1.5e-3', 'number'],
  ['0x1F', 'number'],
  ['1_000', 'number'],
  ['2i', 'number'],
  ['1+2i', 'complex'],
  ["'x'", 'charConstant'],
  [String.raw`'\''`, 'charConstant'],
  ['"a\\"b"', 'string'],
  ['`raw "`', 'rawString'],
  ['true', 'bool'],
  ['nil', 'nil'],
  ['range', 'keyword'],
])('%s is a %s', (text, kind) => {
  expect(lex(`{{${text}}}`, braces)[1]).toMatchObject({ kind, text })
})

test('delimiters may be anything', () => {
  const delimiters = { left: '${{', right: '}}' }
  expect(texts('a ${{ .x }} {{ .y }}', delimiters)).toEqual([
    'a ',
    '${{',
    ' ',
    '.x',
    ' ',
    '}}',
    ' {{ .y }}',
    '',
  ])
})

test.each([
  ['{{ ( }}', 'unclosed left paren'],
  ['{{ ) }}', 'unexpected right paren'],
  ['{{ "a', 'unterminated quoted string'],
  ['{{ `a', 'unterminated raw quoted string'],
  ["{{ 'a", 'unterminated character constant'],
  ['{{ 1a }}', 'bad number syntax: "1a"'],
  ['{{ .a-b }}', "bad character U+002D '-'"],
  ['{{ \u0001 }}', "unrecognized character in action: U+0001 '\u0001'"],
  ['{{ a', 'unclosed action'],
  ['{{/* a', 'unclosed comment'],
  ['{{/* a */ }}', 'comment ends before closing delimiter'],
  ['{{ : }}', 'expected :='],
])('%s ends with the error %s', (source, message) => {
  expect(lex(source, braces).at(-1)).toMatchObject({ kind: 'error', text: message })
})

test('offsets count UTF-16 units', () => {
  expect(lex('é🙂{{ .x }}', braces).map((token) => token.pos)).toEqual([0, 3, 5, 6, 8, 9, 11])
})
