import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  byteLength,
  compareStrings,
  fromBytes,
  normalizeBytes,
  sliceBytes,
  sortedKeys,
  toBytes,
  toValidText,
} from '../../../helpers/go/bytes.ts'
import { canBackquote, quoteRune, quoteString, unquote } from '../../../helpers/go/quote.ts'

const bytes = fc.uint8Array({ maxLength: 12 })
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), bytes.map(fromBytes))

describe('bytes', () => {
  test('survive a round trip, UTF-8 or not', () => {
    fc.assert(
      fc.property(bytes, (raw) => {
        expect([...toBytes(fromBytes(raw))]).toEqual([...raw])
        expect(byteLength(fromBytes(raw))).toBe(raw.length)
      }),
    )
  })

  test('strings order as their bytes', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(compareStrings(left, right))).toBe(Buffer.compare(toBytes(left), toBytes(right)))
      }),
    )
  })

  test('halves of a character join again', () => {
    const [first, second] = [sliceBytes('é', 0, 1), sliceBytes('é', 1, 2)]
    expect(first.isWellFormed()).toBe(false)
    expect(normalizeBytes(first + second)).toBe('é')
    expect(toValidText(first)).toBe('\ufffd')
  })

  test('keys sort in byte order', () => {
    expect(sortedKeys({ b: 1, '\u{10000}': 1, '\uffff': 1, a: 1 })).toEqual(['a', 'b', '\uffff', '\u{10000}'])
  })
})

describe('quotes', () => {
  test.each([
    ['a"b\\c', String.raw`"a\"b\\c"`],
    ['\0\x07\n\x7f', String.raw`"\x00\a\n\x7f"`],
    ['é\u200b\u{1f642}', '"é\\u200b\u{1f642}"'],
    ['\udcff', String.raw`"\xff"`],
  ])('%j', (value, want) => {
    expect(quoteString(value)).toBe(want)
  })

  test('in ASCII only', () => {
    expect(quoteString('é\u{1f642}', true)).toBe(String.raw`"\u00e9\U0001f642"`)
    expect(quoteRune(0x6f22n, true)).toBe(String.raw`'\u6f22'`)
    expect(quoteRune(-1n)).toBe("'\ufffd'")
  })

  test('unquote undoes quote', () => {
    fc.assert(
      fc.property(bytes.map(fromBytes), fc.boolean(), (value, asciiOnly) => {
        expect(unquote(quoteString(value, asciiOnly))).toBe(value)
      }),
    )
  })

  test.each([
    [String.raw`"\x41\101\u0041\U00000041"`, 'AAAA'],
    ['`a\\n`', 'a\\n'],
    [String.raw`'\''`, "'"],
    [String.raw`"\'"`, undefined],
    [String.raw`'\"'`, undefined],
    [String.raw`"\q"`, undefined],
    [String.raw`"\u12"`, undefined],
    [String.raw`"\ud800"`, undefined],
    [String.raw`"\400"`, undefined],
    ['"a', undefined],
    ['"a"b"', undefined],
    ["'ab'", undefined],
    ["''", undefined],
    ['"', undefined],
    ['', undefined],
  ])('%s is %j', (literal, want) => {
    expect(unquote(literal)).toBe(want)
  })

  test('back quotes hold one line of ordinary text', () => {
    expect(canBackquote('a\tb"')).toBe(true)
    for (const value of ['a`b', 'a\nb', '\x7f', '\udcff', '\ufeff']) expect(canBackquote(value)).toBe(false)
  })
})
