import { describe, expect, test } from 'vitest'
import type { Value } from '../../helpers/go/value.ts'
import { TemplateError } from '../../src/template/errors.ts'
import { failure, renderHandlebars } from './render.ts'
import { readVectors } from './vectors.ts'

interface Vector {
  readonly name: string
  readonly template: string
  readonly data: Value
  readonly want?: string
  readonly stage?: 'parse' | 'exec'
}

const fails = (source: string, data: Value = null) => failure(source, data, { engine: 'handlebars' })

function outcome({ template, data }: Vector): { want?: string; stage?: string } {
  try {
    return { want: renderHandlebars(template, data) }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return { stage: error.stage }
  }
}

describe('handlebars.jsonl', () => {
  test.each(readVectors<Vector>('handlebars.jsonl'))('$name: $template', (vector) => {
    const wanted = vector.want === undefined ? { stage: vector.stage } : { want: vector.want }
    expect(outcome(vector)).toEqual(wanted)
  })
})

describe('paths', () => {
  test.each([
    ['{{a.b}}', { a: {} }, 'there is no key "b"'],
    ['{{a}}', {}, 'there is no key "a"'],
    ['{{a.b}}', { a: null }, 'there is no "b" in null'],
    ['{{a.b}}', { a: 'text' }, 'there is no "b" in a value that is no object'],
    ['{{a.length}}', { a: 'text' }, 'there is no "length" in a value that is no object'],
    ['{{../a}}', { a: 1 }, 'there is no parent context'],
    ['{{@index}}', {}, 'there is no @index here'],
    ['{{upper a}}', {}, 'there is no key "a"'],
    ['{{#if (eq a 1)}}{{/if}}', {}, 'there is no key "a"'],
  ])('%s of %o fails', (source, data, message) => {
    expect(fails(source, data).detail).toBe(`error calling path: ${message}`)
  })

  test.each([
    ['{{#if a.b}}x{{else}}y{{/if}}', 'y'],
    ['{{#unless a}}y{{/unless}}', 'y'],
    ['{{#each a}}x{{else}}y{{/each}}', 'y'],
    ['{{#with a.b.c}}x{{else}}y{{/with}}', 'y'],
    ['{{lookup a "b"}}|', '|'],
    ['{{default "y" a.b}}', 'y'],
    ['{{#if (default false a)}}x{{else}}y{{/if}}', 'y'],
  ])('%s forgives a path that is not there', (source, want) => {
    expect(renderHandlebars(source, {})).toBe(want)
  })

  test.each([
    ['{{l.length}} {{l.[0]}} {{l.[1].x}}', '2 a b'],
    ['{{[a b].c}}', '1'],
    ['{{this.n}} {{./n}}', '7 7'],
    ['{{12}} {{"n"}}', 'twelve 7'],
    ['{{#each l as |x i|}}{{i}}{{#unless @last}},{{/unless}}{{/each}}', '0,1'],
    ['{{#with n as |m|}}{{m}}{{this}}{{../n}}{{/with}}', '777'],
    ['{{#each o}}{{@key}}={{this}}{{#if @first}};{{/if}}{{/each}}', 'p=1;q=2'],
    ['{{#each l}}{{@root.n}}{{/each}}', '77'],
    ['{{#each l}}{{#@root.o}}{{@index}}{{p}}{{/@root.o}}{{/each}}', '0111'],
    ['{{#l}}{{@index}}{{/l}}{{#o}}{{q}}{{../n}}{{/o}}', '0127'],
    ['{{lookup false_ "x"}}{{lookup zero "x"}}', 'false0'],
  ])('%s → %s', (source, want) => {
    const data = {
      l: ['a', { x: 'b' }],
      'a b': { c: 1 },
      n: 7,
      '12': 'twelve',
      false_: false,
      zero: 0,
      o: { p: 1, q: 2 },
    }
    expect(renderHandlebars(source, data)).toBe(want)
  })
})

describe('functions', () => {
  test.each([
    ['{{mulf mem 1.2}}', '120'],
    ['{{upper (trunc 2 name)}}', 'SH'],
    ['{{trunc 2 text=name}}', 'sh'],
    ['{{ternary false_value="n" true_value="y" value=yes}}', undefined],
    ['{{#if (and yes (gt mem 5))}}big{{/if}}', 'big'],
    ['{{toJson (list 1 "a" yes)}}', '[1,"a",true]'],
    ['{{now.Year}}', undefined],
    ['{{title name}}', 'Shop'],
    ['{{date}}', 'of data'],
  ])('%s', (source, want) => {
    const data = { mem: 100, name: 'shop', yes: true, date: 'of data' }
    if (want === undefined) expect(() => renderHandlebars(source, data)).toThrow(TemplateError)
    else expect(renderHandlebars(source, data)).toBe(want)
  })

  test('a name that is no data is a function without parameters', () => {
    expect(renderHandlebars('{{list}}|{{dict}}', {})).toBe('|[object Object]')
    expect(renderHandlebars('{{list}}', { list: 'mine' })).toBe('mine')
  })

  test('an unknown named argument is an error that lists the known ones', () => {
    expect(fails('{{trunc 2 nosuch=1}}').detail).toMatch(/trunc has no option "nosuch" left; it takes: \w+/)
  })

  test.each(['{{> part}}', '{{#> part}}{{/part}}', '{{* deco}}', '{{#* inline "x"}}{{/inline}}'])(
    '%s is not offered',
    (source) => {
      expect(fails(source)).toMatchObject({
        stage: 'parse',
        detail: 'partials and decorators are not offered',
      })
    },
  )

  test.each(['{{nosuch 1}}', '{{#nosuch 1}}{{/nosuch}}', '{{#if}}{{/if}}', '{{#each a b}}{{/each}}'])(
    '%s fails when it is executed',
    (source) => {
      expect(fails(source, { a: 1, b: 2 }).stage).toBe('exec')
    },
  )
})

describe('output', () => {
  test.each([
    [[1, [2, null], 'x'], '1,2,,x'],
    [{ a: 1 }, '[object Object]'],
    [null, ''],
    [false, 'false'],
    [0.5, '0.5'],
    [1e21, '1e+21'],
    [-0, '0'],
  ])('%o prints as %s', (value, want) => {
    expect(renderHandlebars('{{x}}', { x: value })).toBe(want)
  })
})

describe('positions', () => {
  test('a parse error points to where the parser stopped', () => {
    expect(fails('ok\n {{#if a}}x{{/each}}')).toMatchObject({ position: { line: 2 }, stage: 'parse' })
    expect(fails('a\r\nb {{a..}}\r\n{{/x}}').position.line).toBe(3)
  })

  test('an exec error points to the path', () => {
    const error = fails('a\n  {{upper nosuch}}', {})
    expect(error.position).toEqual({ offset: 12, line: 2, column: 11 })
    expect(error.message).toContain('at <nosuch>')
  })
})

test.each([
  `${'{{#if a}}'.repeat(20_000)}${'{{/if}}'.repeat(20_000)}`,
  `{{upper ${'(upper '.repeat(20_000)}"a"${')'.repeat(20_000)}}}`,
  `{{#if a}}${'{{else if a}}'.repeat(20_000)}{{/if}}`,
  '{{#if a}}x{{^}}'.repeat(20_000),
])('deep nesting is an error before it costs time', (source) => {
  expect(fails(source)).toMatchObject({ stage: 'parse', detail: 'nested more than 500 levels deep' })
})

test('what is not nested is not deep', () => {
  const source = '{{#if a}}({{else if (eq 1 2)}}{{else}}((({{/if}}'.repeat(1_000)
  expect(renderHandlebars(source, { a: true })).toBe('('.repeat(1_000))
})
