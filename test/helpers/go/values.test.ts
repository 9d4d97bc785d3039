import { describe, expect, test } from 'vitest'
import { toFloat64, toInt64 } from '../../../helpers/go/cast.ts'
import { isEqual, isLess } from '../../../helpers/go/compare.ts'
import { kindOf, typeOf } from '../../../helpers/go/kind.ts'
import { isTrue } from '../../../helpers/go/truth.ts'
import { GoInt, HostValue, tagType, WideNumber } from '../../../helpers/go/value.ts'
import type { Value } from '../../../helpers/go/value.ts'

class Month extends HostValue {
  readonly typeName = 'time.Month'
  readonly kind = 'int'
  readonly #month: bigint

  constructor(month: bigint) {
    super()
    this.#month = month
  }

  override toGoString(): string {
    return `month ${this.#month}`
  }

  override integer(): bigint {
    return this.#month
  }
}

describe('truth', () => {
  test.each<Value>([null, false, 0, -0, 0n, '', [], {}, new GoInt('uint', 0n), new Month(0n)])(
    '%o is false',
    (value) => {
      expect(isTrue(value)).toBe(false)
    },
  )

  test.each<Value>([
    true,
    1,
    NaN,
    1n,
    ' ',
    [null],
    { a: null },
    new GoInt('uint', 1n),
    new WideNumber('9007199254740993'),
    new Month(1n),
  ])('%o is true', (value) => {
    expect(isTrue(value)).toBe(true)
  })

  test('inherited keys do not count', () => {
    expect(isTrue(Object.create({ inherited: 1 }) as Value)).toBe(false)
  })
})

test.each<[Value, string, string]>([
  [null, 'invalid', '<nil>'],
  ['', 'string', 'string'],
  [1, 'float64', 'float64'],
  [1n, 'int', 'int'],
  [new WideNumber('9007199254740993'), 'float64', 'float64'],
  [new GoInt('int64', 1n), 'int64', 'int64'],
  [[], 'slice', '[]interface {}'],
  [tagType([], '[]string'), 'slice', '[]string'],
  [{}, 'map', 'map[string]interface {}'],
  [new Month(1n), 'int', 'time.Month'],
])('%o is of kind %s and type %s', (value, kind, type) => {
  expect(kindOf(value)).toBe(kind)
  expect(typeOf(value)).toBe(type)
})

describe('comparison', () => {
  test.each<[Value, Value]>([
    [1, 1n],
    [new GoInt('uint8', 1n), 1],
    [new WideNumber('9007199254740993'), 9007199254740993n],
    ['a', 'a'],
    [null, null],
    [new Month(2n), 2n],
  ])('%o equals %o', (left, right) => {
    expect(isEqual(left, right)).toBe(true)
    expect(isEqual(right, left)).toBe(true)
  })

  test.each<[Value, Value]>([
    [new WideNumber('9007199254740993'), 9007199254740992],
    [1.5, 1n],
    [NaN, NaN],
    ['a', 'b'],
    [null, 'a'],
  ])('%o does not equal %o', (left, right) => {
    expect(isEqual(left, right)).toBe(false)
  })

  test.each<[Value, Value]>([
    [1, '1'],
    [true, 1n],
    [[1], [1]],
    [{}, {}],
    ['a', []],
  ])('%o cannot be compared with %o', (left, right) => {
    expect(() => isEqual(left, right)).toThrow(/incompatible types|non-comparable type/)
  })

  test('order', () => {
    expect(isLess(1n, 1.5)).toBe(true)
    expect(isLess(2n, 1.5)).toBe(false)
    expect(isLess('\uffff', '\u{10000}')).toBe(true)
    expect(() => isLess(true, false)).toThrow('invalid type for comparison')
    expect(() => isLess(null, 1)).toThrow('invalid type for comparison')
    expect(() => isLess('a', 1n)).toThrow('incompatible types for comparison: string and int')
  })
})

test.each<[Value, bigint, number]>([
  ['12', 12n, 12],
  ['12.00', 12n, 12],
  ['12.5', 0n, 12.5],
  ['0x1F', 31n, 0],
  ['010', 8n, 10],
  [' 1', 0n, 0],
  ['x', 0n, 0],
  [-1.9, -1n, -1.9],
  [1e300, -(2n ** 63n), 1e300],
  [true, 1n, 1],
  [null, 0n, 0],
  [[1], 0n, 0],
  [new GoInt('uint64', 2n ** 64n - 1n), -1n, 18446744073709552000],
  [new WideNumber('9007199254740993'), 9007199254740993n, 9007199254740992],
  [new Month(3n), 3n, 3],
])('%o casts to %s and %d', (value, int, float) => {
  expect(toInt64(value)).toBe(int)
  expect(toFloat64(value)).toBe(float)
})
