import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HelperError } from '../../../helpers/define.ts'
import { parseJson, stringifyJson } from '../../../helpers/go/json.ts'
import { formatJsonNumber, marshalJson } from '../../../helpers/go/json-marshal.ts'
import { GoInt, newNilList, tagType, WideNumber } from '../../../helpers/go/value.ts'
import type { Value } from '../../../helpers/go/value.ts'

describe('parseJson', () => {
  test.each(['9007199254740993', '-18446744073709551616', '123456789012345678901234567890'])(
    '%s keeps its digits',
    (text) => {
      expect(parseJson(text)).toEqual(new WideNumber(text))
      expect(stringifyJson(parseJson(`{"a":[${text}]}`))).toBe(`{"a":[${text}]}`)
    },
  )

  test.each([
    ['9007199254740992', 9007199254740992],
    ['1e3', 1000],
    ['-0', -0],
    ['1.5', 1.5],
    ['100000000000000000000', 1e20],
  ])('%s is a plain number', (text, want) => {
    expect(parseJson(text)).toBe(want)
  })

  test('every key is an own property', () => {
    for (const text of ['{"__proto__":{"a":1}}', '{"__proto__":{"a":9007199254740993}}']) {
      const value = parseJson(text) as object
      expect(Object.hasOwn(value, '__proto__')).toBe(true)
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect((value as { a?: unknown }).a).toBeUndefined()
    }
  })

  test('lone surrogates are replaced, as in Go', () => {
    expect(parseJson(String.raw`["\ud800", "\ud83d\ude42"]`)).toEqual(['\ufffd', '\u{1f642}'])
    expect(parseJson('"\udcff"')).toBe('\ufffd')
  })

  test('the last of several equal keys counts', () => {
    expect(parseJson('{"a":1,"a":1e0}')).toEqual({ a: 1 })
  })

  test.each([
    ['{"a" 1}', "invalid character '1' after object key (line 1, column 6)"],
    ['[1,\n x]', "invalid character 'x' looking for beginning of value (line 2, column 2)"],
    ['[1 2]', "invalid character '2' after array element (line 1, column 4)"],
    ['{"a":1', 'unexpected end of JSON after object key:value pair (line 1, column 7)'],
    ['1 2', "invalid character '2' after top-level value (line 1, column 3)"],
    ['', 'unexpected end of JSON looking for beginning of value (line 1, column 1)'],
    ['1e999', 'the JSON has a number that is too large for a float64'],
    ['['.repeat(2_000), 'the JSON is nested more than 1000 levels deep'],
    [`[${'{"a":'.repeat(1_000)}`, 'the JSON is nested more than 1000 levels deep'],
  ])('%s fails', (text, message) => {
    expect(() => parseJson(text)).toThrow(new HelperError(message))
  })

  test('brackets in strings do not nest', () => {
    const text = `["${String.raw`\"[[`.repeat(2_000)}"]`
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 4 }), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent)
        expect(stringifyJson(parseJson(spaced))).toBe(JSON.stringify(JSON.parse(text)))
      }),
    )
  })

  test('fails where JSON.parse fails, and for numbers that are too large', () => {
    const extras = fc.constantFrom('', '"', '{', ',', 'e1', '\\ud800')
    fc.assert(
      fc.property(fc.json(), fc.nat(), extras, (text, seed, extra) => {
        const at = seed % (text.length + 1)
        const broken = text.slice(0, at) + extra + text.slice(at + 1)
        const failure = failureOf(() => parseJson(broken))
        fc.pre(failure === undefined || !failure.includes('too large'))
        expect(failure === undefined).toBe(failureOf(() => JSON.parse(broken) as unknown) === undefined)
      }),
      { numRuns: 500 },
    )
  })

  function failureOf(run: () => unknown): string | undefined {
    try {
      run()
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
})

describe('marshalJson', () => {
  const line = { escapeHtml: true, indent: 0 }

  test.each<[Value, string]>([
    [{ b: 1n, a: [null, true, 'x'] }, '{"a":[null,true,"x"],"b":1}'],
    ['<a>&\u2028"\\\n\u0001', String.raw`"\u003ca\u003e\u0026\u2028\"\\\n\u0001"`],
    ['a\udcffb\ufffd', '"a\\ufffdb\ufffd"'],
    [[1e20, 1e21, 1e-6, 1e-7, -0, 1.5], '[100000000000000000000,1e+21,0.000001,1e-7,-0,1.5]'],
    [new WideNumber('9007199254740993'), '9007199254740993'],
    [new GoInt('uint8', 7n), '7'],
    [newNilList(), 'null'],
    [tagType([new GoInt('uint8', 104n)], '[]uint8'), '"aA=="'],
    [[], '[]'],
    [{}, '{}'],
  ])('%o', (value, want) => {
    expect(marshalJson(value, line)).toBe(want)
  })

  test('indents as json.MarshalIndent does', () => {
    expect(marshalJson({ a: [1n], b: {}, c: [] }, { escapeHtml: false, indent: 2 })).toBe(
      '{\n  "a": [\n    1\n  ],\n  "b": {},\n  "c": []\n}',
    )
  })

  test.each([NaN, Infinity])('%d has no JSON', (value) => {
    expect(() => formatJsonNumber(value)).toThrow(/json: unsupported value/)
  })

  test('what it writes reads back', () => {
    // JSON.stringify has no minus zero, which Go writes; the next test has it.
    const values = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Value)
    fc.assert(
      fc.property(values, (value) => {
        expect(parseJson(marshalJson(value, line))).toEqual(parseJson(JSON.stringify(value)))
      }),
    )
  })

  test('keeps the sign of zero, as Go does', () => {
    expect(marshalJson(-0, line)).toBe('-0')
  })
})
