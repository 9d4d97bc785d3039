import { describe, expect, test } from 'vitest'
import { HelperError } from '../../../helpers/define.ts'
import { GoComplex } from '../../../helpers/go/complex.ts'
import { print, sprint, sprintln, toStr } from '../../../helpers/go/print.ts'
import { printf } from '../../../helpers/go/printf.ts'
import { GoInt, newNilList, newNilMap, tagType, WideNumber } from '../../../helpers/go/value.ts'
import type { Value } from '../../../helpers/go/value.ts'

test.each<[Value, string]>([
  [null, '<nil>'],
  ['', ''],
  [true, 'true'],
  [-5n, '-5'],
  [1e6, '1000000'],
  [1e21, '1e+21'],
  [1e-7, '1e-7'],
  [-0, '-0'],
  [NaN, 'NaN'],
  [-Infinity, '-Inf'],
  [[], '[]'],
  [[1, 'a b', null], '[1 a b <nil>]'],
  [{ b: 1, a: [true] }, 'map[a:[true] b:1]'],
  [new GoInt('uint8', 255n), '255'],
  [new WideNumber('-9007199254740993'), '-9007199254740993'],
  [new GoComplex(1, -2), '(1-2i)'],
])('%o prints as %s', (value, want) => {
  expect(print(value)).toBe(want)
  expect(toStr(value)).toBe(want)
})

test('sprint puts spaces between operands that are no strings', () => {
  expect(sprint([1n, 2n, 'a', 'b', 3n, null])).toBe('1 2ab3 <nil>')
  expect(sprintln(['a', 1n])).toBe('a 1\n')
})

test('keys sort by bytes', () => {
  expect(print({ '\u{1f642}': 1, '\uff5e': 2, Z: 3, a: 4 })).toBe('map[Z:3 a:4 \uff5e:2 \u{1f642}:1]')
})

test('a value that contains itself is an error', () => {
  const map: Record<string, Value> = {}
  map['self'] = map
  expect(() => print(map)).toThrow(HelperError)
  expect(() => printf('%v', [map])).toThrow(HelperError)
})

describe('printf', () => {
  test.each<[string, Value[], string]>([
    ['%d|%5d|%-5d|%05d|%+d|% d', [1n, 2n, 3n, 4n, 5n, 6n], '1|    2|3    |00004|+5| 6'],
    ['%x %X %#x %o %#o %O %b', [255n, 255n, 255n, 8n, 8n, 8n, 5n], 'ff FF 0xff 10 010 0o10 101'],
    ['%c %q %U %#U', [0x1f642n, 10n, 0x41n, 0x41n], "\u{1f642} '\\n' U+0041 U+0041 'A'"],
    ['%6.2f|%-8.3f|%+.1e|%g', [2.71234, 2.5, 12345.678, 1e21], '  2.71|2.500   |+1.2e+04|1e+21'],
    ['%.0f %.0f %.0f %.1f', [0.5, 1.5, 2.5, 0.25], '0 2 2 0.2'],
    ['%x %b', [-2.75, 1], '-0x1.6p+01 4503599627370496p-52'],
    [
      '%s|%8s|%-8s|%.2s|%q|%x|% X',
      ['ab', 'ab', 'ab', 'abc', 'a"b', 'hi', 'hi'],
      'ab|      ab|ab      |ab|"a\\"b"|6869|68 69',
    ],
    ['%t %v %T', [true, false, 1.5], 'true false float64'],
    ['%d %s', ['a', 1n], '%!d(string=a) %!s(int=1)'],
    ['%d', [], '%!d(MISSING)'],
    ['%d', [1n, 'x', null], '1%!(EXTRA string=x, <nil>)'],
    ['%[2]d %[1]d', [1n, 2n], '2 1'],
    ['%[3]d', [1n], '%!d(BADINDEX)'],
    ['%*d|%-*d|%.*f', [4n, 7n, 4n, 7n, 1n, 2.55], '   7|7   |2.5'],
    ['%*d', ['x', 7n], '%!(BADWIDTH)7'],
    ['100%%', [], '100%'],
    ['%', [], '%!(NOVERB)'],
    ['%d', [[1n, 'a', null]], '[1 %!d(string=a) <nil>]'],
    ['%#v', [[1n, 'a', null]], '[]interface {}{1, "a", interface {}(nil)}'],
    ['%#v %#v', [newNilList(), newNilMap()], '[]interface {}(nil) map[string]interface {}(nil)'],
    ['%s', [tagType([new GoInt('uint8', 104n), new GoInt('uint8', 105n)], '[]uint8')], 'hi'],
    ['%v %d', [new GoInt('int64', 5n), new GoInt('uint', 6n)], '5 6'],
    ['%v', [1e6], '1000000'],
    ['%.3v', [2.71234], '2.71'],
  ])('%s', (format, args, want) => {
    expect(printf(format, args)).toBe(want)
  })

  test('widths have a limit', () => {
    expect(printf('%1000001d', [1n])).toBe('%!(NOVERB)%!(EXTRA int=1)')
    expect(() => printf('%999999d%999999d%999999d%999999d%999999d', [1n, 1n, 1n, 1n, 1n])).toThrow(
      /longer than/,
    )
  })
})
