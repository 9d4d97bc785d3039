import type { Helper } from './define.ts'
import { HelperError } from './define.ts'
import type { Decimal } from './go/decimal.ts'
import { multiplyDecimals, toDecimal } from './go/decimal.ts'
import { typeOf } from './go/kind.ts'
import { print } from './go/print.ts'
import { divideUp, nanoPerMilli, nanoPerUnit, parseQuantity, Quantity, scaleByTen } from './go/quantity.ts'
import { quoteString } from './go/quote.ts'
import { GoInt, WideNumber } from './go/value.ts'
import type { Value } from './go/value.ts'
import { any, example, inFamily } from './typed.ts'

const define = inFamily('quantity')

const mebi = 1n << 20n
const maxUnits = (1n << 63n) - 1n

/**
 * A quantity of a helper's argument: quantity text, or any number.
 * @throws HelperError for text that is none, and for what no resource can have: empty, negative, not finite.
 */
function toQuantity(value: Value): Quantity {
  const quantity = parseAny(value)
  if (quantity.nano < 0n) {
    throw new HelperError(`${print(value)} is negative; resources cannot be, check the calculation`)
  }
  return checkSize(quantity)
}

function parseAny(value: Value): Quantity {
  const number = findNumberText(value)
  if (number !== undefined) return new Quantity(parseQuantity(number).nano, 'DecimalSI')
  if (typeof value !== 'string') {
    throw new HelperError(
      `expected a quantity such as "512Mi" or a number, got ${typeOf(value)}; give a default for what may be missing`,
    )
  }
  return parseText(value)
}

/** A number as quantity text; undefined for what is no number. */
function findNumberText(value: Value): string | undefined {
  if (value instanceof GoInt) return value.value.toString()
  if (value instanceof WideNumber) return value.text
  if (typeof value !== 'number') return typeof value === 'bigint' ? value.toString() : undefined
  if (Math.abs(value) < 2 ** 64) return String(value)
  throw new HelperError(
    `${value} is not a number that Kubernetes can hold; check the query or the calculation`,
  )
}

/** Kubernetes reads text without digits as zero, which here is a mistake. */
function parseText(text: string): Quantity {
  try {
    if (!/[0-9]/.test(text)) throw new HelperError('it has no digits')
    return parseQuantity(text)
  } catch (error) {
    if (!(error instanceof HelperError)) throw error
    throw new HelperError(
      `${quoteString(text.slice(0, 128))} is no quantity (${error.message}); expected one such as "512Mi" or "250m"`,
    )
  }
}

function checkSize(quantity: Quantity): Quantity {
  if (quantity.nano <= maxUnits * nanoPerUnit) return quantity
  throw new HelperError(`${quantity.canonical()} is more than the 2^63-1 that Kubernetes can hold`)
}

function isNumber(value: Value): boolean {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof GoInt ||
    value instanceof WideNumber
  )
}

/** Whether a text has a suffix, and so is an amount rather than a factor. */
function hasUnit(value: Value): boolean {
  return typeof value === 'string' && /[A-Za-z]$/.test(value)
}

/** A float keeps all its digits, of which a quantity has only nine after the point. */
function toFactor(value: Value): Decimal {
  const { nano } = toQuantity(value)
  return typeof value === 'number' ? toDecimal(value) : { coefficient: nano, exponent: -9 }
}

/** Bytes come out whole, everything else in whole thousandths: the smallest amounts that Kubernetes schedules. */
function multiply(values: readonly Value[]): string {
  if (values.filter(hasUnit).length > 1) {
    throw new HelperError('more than one argument has a unit; multiply a quantity by plain numbers')
  }
  const { format } = toQuantity(values.find(hasUnit) ?? values[0] ?? null)
  const product = values.map(toFactor).reduce(multiplyDecimals)
  const grain = format === 'BinarySI' ? nanoPerUnit : nanoPerMilli
  const nano = scaleByTen(product.coefficient, product.exponent + 9)
  return checkSize(new Quantity(divideUp(nano, grain) * grain, format)).canonical()
}

function add(values: readonly Value[]): string {
  const quantities = values.map(toQuantity)
  const sum = quantities.reduce((total, quantity) => total.add(quantity))
  return checkSize(sum).canonical()
}

/** The quantity that `isBetter` prefers to all others. */
function choose(values: readonly Value[], isBetter: (order: number) => boolean): string {
  return values
    .map(toQuantity)
    .reduce((best, candidate) => (isBetter(candidate.compare(best)) ? candidate : best))
    .canonical()
}

function clamp(low: Value, high: Value, value: Value): Value {
  const [lowest, highest, amount] = [toQuantity(low), toQuantity(high), toQuantity(value)]
  if (lowest.compare(highest) > 0) {
    throw new HelperError(
      `the lower bound ${print(low)} is above the upper bound ${print(high)}; exchange them`,
    )
  }
  const isNumeric = [low, high, value].every(isNumber)
  if (amount.compare(lowest) < 0) return isNumeric ? low : lowest.canonical()
  if (amount.compare(highest) > 0) return isNumeric ? high : highest.canonical()
  return isNumeric ? value : amount.canonical()
}

function roundUp(step: Value, value: Value): Value {
  const [grain, amount] = [toQuantity(step), toQuantity(value)]
  if (grain.nano === 0n) throw new HelperError('the step is zero; expected one such as "64Mi" or 10')
  const rounded = divideUp(amount.nano, grain.nano) * grain.nano
  const format = amount.format === 'DecimalSI' ? grain.format : amount.format
  const result = checkSize(new Quantity(rounded, format))
  return isNumber(step) && isNumber(value) ? toNumber(result, [step, value]) : result.canonical()
}

/** An int where all arguments are whole-number values, otherwise a float64. */
function toNumber(quantity: Quantity, values: readonly Value[]): Value {
  const isWhole = values.every((value) => typeof value === 'bigint' || value instanceof GoInt)
  return isWhole ? quantity.nano / nanoPerUnit : Number(`${quantity.nano}e-9`)
}

/** One argument, or a step before it. */
function toMemory(args: readonly Value[]): string {
  if (args.length > 2) throw new HelperError('expected bytes, or a step and bytes')
  const bytes = toQuantity(args.at(-1) ?? null).units()
  const step = args.length === 1 ? mebi : toQuantity(args[0] ?? null).units()
  if (step === 0n) throw new HelperError('the step is zero; expected one such as "64Mi"')
  return checkSize(Quantity.fromUnits(divideUp(bytes, step) * step, 'BinarySI')).canonical()
}

const conversions: readonly Helper[] = [
  define({
    name: 'quantity',
    params: [any('value')],
    doc: 'A Kubernetes quantity, or a number, in canonical form. Empty, negative and other values are errors.',
    example: example('{{ quantity "1.5Gi" }} {{ quantity 0.25 }}', '1536Mi 250m'),
    call: ([value]) => toQuantity(value).canonical(),
  }),
  define({
    name: 'quantityBytes',
    params: [any('quantity')],
    doc: 'A quantity in whole units, such as bytes, rounded up.',
    example: example('{{ quantityBytes "1Ki" }}', '1024'),
    call: ([value]) => toQuantity(value).units(),
  }),
  define({
    name: 'quantityMilli',
    params: [any('quantity')],
    doc: 'A quantity in thousandths, such as milli-cores, rounded up.',
    example: example('{{ quantityMilli "1.5" }}', '1500'),
    call: ([value]) => checkMilli(toQuantity(value).milli()),
  }),
  define({
    name: 'toMemory',
    params: [any('bytes')],
    rest: any('value'),
    doc: 'Bytes as a memory quantity, rounded up to 1Mi; with two arguments, the first is the step to round up to.',
    example: example('{{ toMemory 833000000 }} {{ toMemory "64Mi" 833000000 }}', '795Mi 832Mi'),
    call: (args) => toMemory(args),
  }),
  define({
    name: 'toCpu',
    params: [any('cores')],
    doc: 'Cores as a CPU quantity, rounded up to 1m.',
    example: example('{{ toCpu 0.2501 }} {{ toCpu 2 }}', '251m 2'),
    call: ([cores]) => Quantity.fromMilli(toQuantity(cores).milli()).canonical(),
  }),
]

function checkMilli(milli: bigint): bigint {
  if (milli <= maxUnits) return milli
  throw new HelperError('more than 2^63-1 thousandths; use quantityBytes')
}

const arithmetic: readonly Helper[] = [
  define({
    name: 'quantityAdd',
    params: [any('a')],
    rest: any('more'),
    doc: 'The sum of quantities.',
    example: example('{{ quantityAdd "1Gi" "512Mi" }}', '1536Mi'),
    call: (args) => add(args),
  }),
  define({
    name: 'quantityMul',
    params: [any('a')],
    rest: any('more'),
    doc: 'A quantity times numbers, in any order, rounded up to whole bytes or thousandths.',
    example: example('{{ quantityMul "1000Mi" 1.2 }}', '1200Mi'),
    call: (args) => multiply(args),
  }),
  define({
    name: 'quantityMax',
    params: [any('a')],
    rest: any('more'),
    doc: 'The largest of quantities.',
    example: example('{{ quantityMax "1G" "1Gi" }}', '1Gi'),
    call: (args) => choose(args, (order) => order > 0),
  }),
  define({
    name: 'quantityMin',
    params: [any('a')],
    rest: any('more'),
    doc: 'The smallest of quantities.',
    example: example('{{ quantityMin "1G" "1Gi" }}', '1G'),
    call: (args) => choose(args, (order) => order < 0),
  }),
  define({
    name: 'quantityCmp',
    params: [any('a'), any('b')],
    doc: '-1, 0 or 1 as the first quantity is less than, equal to or greater than the second.',
    example: example('{{ quantityCmp "1" "1000m" }}', '0'),
    call: ([a, b]) => BigInt(toQuantity(a).compare(toQuantity(b))),
  }),
  define({
    name: 'clamp',
    params: [any('low'), any('high'), any('value')],
    doc: 'The value, but not less than `low` and not more than `high`: a number if all are numbers, otherwise a quantity.',
    example: example('{{ clamp "100Mi" "1Gi" "3Gi" }} {{ clamp 1 10 4 }}', '1Gi 4'),
    call: ([low, high, value]) => clamp(low, high, value),
  }),
  define({
    name: 'roundUp',
    params: [any('step'), any('value')],
    doc: 'The next multiple of a step that is not less: a number if both are numbers, otherwise a quantity.',
    example: example('{{ roundUp "64Mi" "1000Mi" }} {{ roundUp 10 42 }}', '1Gi 50'),
    call: ([step, value]) => roundUp(step, value),
  }),
]

/** Exact arithmetic on Kubernetes quantities; results are canonical text. */
export const quantity: readonly Helper[] = [...conversions, ...arithmetic]
