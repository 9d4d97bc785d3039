import { HelperError } from './define.ts'
import type { Helper } from './define.ts'
import { toFloat64, toInt, toInt64, wrapInt64 } from './go/cast.ts'
import type { Decimal } from './go/decimal.ts'
import {
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  subtractDecimals,
  toDecimal,
  toFloat,
} from './go/decimal.ts'
import { formatFloat } from './go/float.ts'
import { findInt } from './go/number-text.ts'
import { print } from './go/print.ts'
import { GoInt } from './go/value.ts'
import type { Value } from './go/value.ts'
import { aliasOf, any, example, inFamily, int, string } from './typed.ts'

const define = inFamily('math')

function int64(value: bigint): GoInt {
  return new GoInt('int64', wrapInt64(value))
}

function nonZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new HelperError('integer divide by zero: check the divisor before')
  return divisor
}

/** Adds, multiplies … floats as exact decimals; only the result is rounded to a float64. */
function calculate(
  [first = 0, ...others]: readonly Value[],
  step: (left: Decimal, right: Decimal) => Decimal,
): number {
  let result = toDecimal(toFloat64(first))
  for (const other of others) result = step(result, toDecimal(toFloat64(other)))
  return toFloat(result)
}

/** The value that `isBetter` prefers to all others. */
function pick(values: readonly Value[], isBetter: (candidate: bigint, best: bigint) => boolean): GoInt {
  const [first = 0n, ...others] = values.map(toInt64)
  return int64(others.reduce((best, candidate) => (isBetter(candidate, best) ? candidate : best), first))
}

/** Go's math.Max and math.Min: an infinity that decides the result wins over NaN. */
function pickFloat(values: readonly Value[], limit: number, choose: typeof Math.max): number {
  const floats = values.map(toFloat64)
  return floats.includes(limit) ? limit : choose(...floats)
}

const largestAtoi = 2n ** 63n - 1n

/** strconv.Atoi without its error: numbers out of range give the nearest integer, other text gives 0. */
function atoi(text: string): bigint {
  if (!/^[+-]?[0-9]+$/.test(text)) return 0n
  const overflow = text.startsWith('-') ? -largestAtoi - 1n : largestAtoi
  const known = findInt(text, 10)
  return known ?? (/^[+-]?0*$/.test(text) ? 0n : overflow)
}

/** 10^places computed as Go's math.Pow does, by squaring, so that rounding agrees in the last bit. */
function powerOfTen(places: number): number {
  let result = 1
  let factor = 10
  for (let rest = Math.abs(places); rest > 0 && rest < 1024; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= factor
    factor *= factor
  }
  if (Math.abs(places) >= 1024) result = Infinity
  return places < 0 ? 1 / result : result
}

/** Sprig's round: up when the fraction is at least `roundOn`, which for negative numbers means nearly always down. */
function round(value: number, places: number, roundOn: number): number {
  const power = powerOfTen(places)
  const scaled = power * value
  const fraction = scaled - Math.trunc(scaled)
  return (fraction >= roundOn ? Math.ceil(scaled) : Math.floor(scaled)) / power
}

const max = define({
  name: 'max',
  params: [any('a')],
  rest: any('more'),
  doc: 'The largest of whole numbers.',
  example: example('{{ max 1 5 3 }}', '5'),
  call: (args) => pick(args, (candidate, best) => candidate > best),
})

/** Go's text of the value, where a large float has an exponent, and so is no octal number. */
function octalText(value: Value): string {
  return typeof value === 'number' ? formatFloat(value, 'g', -1) : print(value)
}

const casts: readonly Helper[] = [
  define({
    name: 'int',
    params: [any('value')],
    doc: 'A whole number from a number, a text or a boolean; fractions are cut off, and what is no number is 0.',
    example: example('{{ int "42" }} {{ int 3.9 }} {{ int "x" }}', '42 3 0'),
    call: ([value]) => toInt(value),
  }),
  define({
    name: 'int64',
    params: [any('value')],
    doc: 'As `int`, as a Go int64.',
    example: example('{{ int64 "42" }}', '42'),
    call: ([value]) => int64(toInt64(value)),
  }),
  define({
    name: 'float64',
    params: [any('value')],
    doc: 'A floating point number from a number, a text or a boolean; what is no number is 0.',
    example: example('{{ float64 "1.50" }}', '1.5'),
    call: ([value]) => toFloat64(value),
  }),
  define({
    name: 'toDecimal',
    params: [any('value')],
    doc: 'Reads an octal number, such as a file mode.',
    example: example('{{ toDecimal "0755" }}', '493'),
    call: ([value]) => int64(findInt(octalText(value), 8) ?? 0n),
  }),
  define({
    name: 'atoi',
    params: [string('text')],
    doc: 'A whole number from a decimal text; other text gives 0.',
    example: example('{{ atoi "42" }}', '42'),
    call: ([text]) => atoi(text),
  }),
]

const integers: readonly Helper[] = [
  define({
    name: 'add',
    params: [],
    rest: any('numbers'),
    doc: 'The sum of whole numbers. Fractions are cut off first; `addf` keeps them.',
    example: example('{{ add 1 2 3 }}', '6'),
    call: (args) => int64(args.reduce<bigint>((sum, arg) => sum + toInt64(arg), 0n)),
  }),
  define({
    name: 'add1',
    params: [any('a')],
    doc: 'The number plus one.',
    example: example('{{ add1 4 }}', '5'),
    call: ([a]) => int64(toInt64(a) + 1n),
  }),
  define({
    name: 'sub',
    params: [any('a'), any('b')],
    doc: 'The first number minus the second.',
    example: example('{{ sub 5 2 }}', '3'),
    call: ([a, b]) => int64(toInt64(a) - toInt64(b)),
  }),
  define({
    name: 'mul',
    params: [any('a')],
    rest: any('more'),
    doc: 'The product of whole numbers. Fractions are cut off first; `mulf` keeps them.',
    example: example('{{ mul 2 3 4 }}', '24'),
    call: (args) => int64(args.reduce<bigint>((product, arg) => wrapInt64(product * toInt64(arg)), 1n)),
  }),
  define({
    name: 'div',
    params: [any('a'), any('b')],
    doc: 'Whole-number division, rounding towards zero.',
    example: example('{{ div 7 2 }}', '3'),
    call: ([a, b]) => int64(toInt64(a) / nonZero(toInt64(b))),
  }),
  define({
    name: 'mod',
    params: [any('a'), any('b')],
    doc: 'The rest of a whole-number division.',
    example: example('{{ mod 7 3 }}', '1'),
    call: ([a, b]) => int64(toInt64(a) % nonZero(toInt64(b))),
  }),
  max,
  aliasOf(max, 'biggest'),
  define({
    name: 'min',
    params: [any('a')],
    rest: any('more'),
    doc: 'The smallest of whole numbers.',
    example: example('{{ min 1 5 3 }}', '1'),
    call: (args) => pick(args, (candidate, best) => candidate < best),
  }),
]

const floats: readonly Helper[] = [
  define({
    name: 'addf',
    params: [],
    rest: any('numbers'),
    doc: 'The sum of numbers, calculated as exact decimals.',
    example: example('{{ addf 0.1 0.2 }}', '0.3'),
    call: (args) => calculate([0, ...args], addDecimals),
  }),
  define({
    name: 'add1f',
    params: [any('a')],
    doc: 'The number plus one, calculated as exact decimals.',
    example: example('{{ add1f 1.5 }}', '2.5'),
    call: ([a]) => calculate([a, 1], addDecimals),
  }),
  define({
    name: 'subf',
    params: [any('a')],
    rest: any('more'),
    doc: 'The first number minus all others, calculated as exact decimals.',
    example: example('{{ subf 7.5 2 0.1 }}', '5.4'),
    call: (args) => calculate(args, subtractDecimals),
  }),
  define({
    name: 'mulf',
    params: [any('a')],
    rest: any('more'),
    doc: 'The product of numbers, calculated as exact decimals.',
    example: example('{{ mulf 1.1 1.1 }}', '1.21'),
    call: (args) => calculate(args, multiplyDecimals),
  }),
  define({
    name: 'divf',
    params: [any('a')],
    rest: any('more'),
    doc: 'The first number divided by all others, with 16 digits after the point.',
    example: example('{{ divf 1 3 }}', '0.3333333333333333'),
    call: (args) => calculate(args, divideDecimals),
  }),
  define({
    name: 'maxf',
    params: [any('a')],
    rest: any('more'),
    doc: 'The largest of numbers.',
    example: example('{{ maxf 1.5 2.5 }}', '2.5'),
    call: (args) => pickFloat(args, Infinity, Math.max),
  }),
  define({
    name: 'minf',
    params: [any('a')],
    rest: any('more'),
    doc: 'The smallest of numbers.',
    example: example('{{ minf 1.5 2.5 }}', '1.5'),
    call: (args) => pickFloat(args, -Infinity, Math.min),
  }),
]

const rounding: readonly Helper[] = [
  define({
    name: 'floor',
    params: [any('value')],
    doc: 'The largest whole number that is not greater.',
    example: example('{{ floor 1.9 }}', '1'),
    call: ([value]) => Math.floor(toFloat64(value)),
  }),
  define({
    name: 'ceil',
    params: [any('value')],
    doc: 'The smallest whole number that is not less.',
    example: example('{{ ceil 1.1 }}', '2'),
    call: ([value]) => Math.ceil(toFloat64(value)),
  }),
  define({
    name: 'round',
    params: [any('value'), int('places')],
    rest: { name: 'roundOn', type: 'float64' },
    doc: 'Rounds to so many places after the point. `roundOn` is the fraction from which it rounds up, 0.5 unless given.',
    example: example('{{ round 3.14159 2 }}', '3.14'),
    call: ([value, places, roundOn = 0.5]) => round(toFloat64(value), Number(places), roundOn),
  }),
]

/** Sprig's arithmetic. Whole numbers are int64 and wrap as Go's do. */
export const math: readonly Helper[] = [...casts, ...integers, ...floats, ...rounding]
