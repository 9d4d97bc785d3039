import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatFloat, formatPlainFloat } from '../../../helpers/go/float.ts'
import type { FloatVerb } from '../../../helpers/go/float.ts'
import { findFloat, findFloatLiteral, findInt } from '../../../helpers/go/number-text.ts'

test.each<[number, FloatVerb, number, string]>([
  [1e6, 'g', -1, '1e+06'],
  [100000, 'g', -1, '100000'],
  [0.0001, 'g', -1, '0.0001'],
  [0.00001, 'g', -1, '1e-05'],
  [123456, 'g', 3, '1.23e+05'],
  [0, 'g', 3, '0'],
  [0, 'e', 2, '0.00e+00'],
  [2.5, 'f', 0, '2'],
  [3.5, 'f', 0, '4'],
  [9.995, 'f', 2, '9.99'],
  [999.9999, 'f', 2, '1000.00'],
  [0.004, 'f', 2, '0.00'],
  [1e22, 'f', -1, '10000000000000000000000'],
  [5e-324, 'e', -1, '5e-324'],
  [5e-324, 'b', -1, '1p-1074'],
  [1, 'x', -1, '0x1p+00'],
  [1.9999, 'x', 1, '0x1.0p+01'],
  [-1, 'X', 3, '-0X1.000P+00'],
  [Infinity, 'f', 2, '+Inf'],
])('%d as %%%s with %d is %s', (value, verb, precision, want) => {
  expect(formatFloat(value, verb, precision)).toBe(want)
})

test('what has enough digits reads back as the same', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      for (const verb of ['e', 'f', 'g', 'x'] as const) {
        expect(findFloat(formatFloat(value, verb, -1))).toBe(value)
      }
      expect(Number(formatPlainFloat(value))).toBe(value)
    }),
  )
})

test('rounding is exact', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e15, max: 1e15, noNaN: true }),
      fc.integer({ min: 0, max: 20 }),
      (value, digits) => {
        const text = formatFloat(value, 'f', digits)
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(
          0.5 * 10 ** -digits + Math.abs(value) * 2 ** -52,
        )
        expect(text.split('.')[1]?.length ?? 0).toBe(digits)
      },
    ),
  )
})

test.each([
  ['0x1p4', 16],
  ['0x1.8p1', 3],
  ['0x_1p0', 1],
  ['1_000', undefined],
  ['inf', Infinity],
  ['-Inf', -Infinity],
  ['+nan', undefined],
  ['1e400', undefined],
  ['1e-400', 0],
  ['', undefined],
  ['.', undefined],
  ['1.', 1],
  ['.5', 0.5],
  ['0x', undefined],
  ['0x1', undefined],
  ['0x1p-1074', 5e-324],
  ['0x1p-1075', 0],
  ['0x3p-1075', 1e-323],
  ['0x1.fffffffffffff8p0', 2],
])('the float %s is %d', (text, want) => {
  expect(findFloat(text)).toBe(want)
})

test('literals may have underscores', () => {
  expect(findFloatLiteral('1_000.5')).toBe(1000.5)
  expect(findFloatLiteral('1__0.5')).toBeUndefined()
})

test.each([
  ['0x1F', 31n],
  ['0b101', 5n],
  ['0o17', 15n],
  ['017', 15n],
  ['1_000', 1000n],
  ['0x_ff', 255n],
  ['-0', 0n],
  ['+7', 7n],
  ['08', undefined],
  ['1__0', undefined],
  ['_1', undefined],
  ['', undefined],
  ['-', undefined],
  ['0x', undefined],
  ['9223372036854775807', 9223372036854775807n],
  ['9223372036854775808', undefined],
  ['-9223372036854775808', -9223372036854775808n],
])('the integer %s is %s', (text, want) => {
  expect(findInt(text, 0)).toBe(want)
})

test('base 10 has no prefixes', () => {
  expect(findInt('010', 10)).toBe(10n)
  expect(findInt('0x10', 10)).toBeUndefined()
  expect(findInt('755', 8)).toBe(493n)
})
