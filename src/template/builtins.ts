import { HelperError } from '../../helpers/define.ts'
import type { Param } from '../../helpers/define.ts'
import { byteLength, toBytes } from '../../helpers/go/bytes.ts'
import { isEqual, isLess } from '../../helpers/go/compare.ts'
import { typeOf } from '../../helpers/go/kind.ts'
import { print, sprint, sprintln } from '../../helpers/go/print.ts'
import { printf } from '../../helpers/go/printf.ts'
import { isTrue } from '../../helpers/go/truth.ts'
import { findTypeTag, getKey, GoInt, isList, isMap, isNilCollection } from '../../helpers/go/value.ts'
import type { Value } from '../../helpers/go/value.ts'
import type { Callable } from './ast.ts'
import { escapeHtml, escapeJs, escapeUrlQuery } from './escapes.ts'

const anyParam = (name: string): Param => ({ name, type: 'any' })
const argument = (args: readonly Value[], index: number): Value => args[index] ?? null

function comparison(name: string, compare: (left: Value, right: Value) => boolean): Callable {
  const params = [anyParam('a'), anyParam('b')]
  return { name, params, call: (args) => compare(argument(args, 0), argument(args, 1)) }
}

const equal: Callable = {
  name: 'eq',
  params: [anyParam('a')],
  rest: anyParam('others'),
  call([first = null, ...others]) {
    if (others.length === 0) throw new HelperError('missing argument for comparison')
    return others.some((other) => isEqual(first, other))
  },
}

const lessOrEqual = (left: Value, right: Value): boolean => isLess(left, right) || isEqual(left, right)

/** `>` and `>=` negate the others, as in Go, which matters for NaN only. */
const comparisons: readonly Callable[] = [
  equal,
  comparison('ne', (left, right) => !isEqual(left, right)),
  comparison('lt', isLess),
  comparison('le', lessOrEqual),
  comparison('gt', (left, right) => !lessOrEqual(left, right)),
  comparison('ge', (left, right) => !isLess(left, right)),
]

/** `and` and `or` as functions: the interpreter evaluates their arguments one by one instead. */
function shortCircuit(name: 'and' | 'or'): Callable {
  const params = [anyParam('a')]
  return { name, params, rest: anyParam('others'), shortCircuit: name, call: (args) => args.at(-1) ?? null }
}

function printer(name: string, format: (args: readonly Value[]) => string): Callable {
  return { name, params: [], rest: anyParam('values'), call: format }
}

/** Text of arguments for an escaper: one string stays as it is, nil is `<no value>`. */
function escaped(args: readonly Value[]): string {
  return sprint(args.map((arg) => arg ?? '<no value>'))
}

const printers: readonly Callable[] = [
  printer('print', sprint),
  printer('println', sprintln),
  printer('html', (args) => escapeHtml(escaped(args))),
  printer('js', (args) => escapeJs(escaped(args))),
  printer('urlquery', (args) => escapeUrlQuery(escaped(args))),
  {
    name: 'printf',
    params: [{ name: 'format', type: 'string' }],
    rest: anyParam('values'),
    call: ([format = '', ...values]) => printf(format as string, values),
  },
]

function len(value: Value): bigint {
  if (typeof value === 'string') return BigInt(byteLength(value))
  if (isList(value)) return BigInt(value.length)
  if (isMap(value)) return BigInt(Object.keys(value).length)
  throw new HelperError(value === null ? 'len of untyped nil' : `len of type ${typeOf(value)}`)
}

function index([item = null, ...indexes]: readonly Value[]): Value {
  if (item === null) throw new HelperError('index of untyped nil')
  let value: Value = item
  for (const key of indexes) value = indexOnce(value, key)
  return value
}

function indexOnce(value: Value, key: Value): Value {
  if (value === null) throw new HelperError('index of nil pointer')
  if (typeof value === 'string') return byteAt(value, key)
  if (isList(value)) return value[toIndex(key, value.length)] ?? null
  if (!isMap(value)) throw new HelperError(`can't index item of type ${typeOf(value)}`)
  if (typeof key !== 'string') {
    throw new HelperError(
      key === null
        ? 'value is nil; should be of type string'
        : `value has type ${typeOf(key)}; should be string`,
    )
  }
  return getKey(value, key) ?? missingElement(findTypeTag(value))
}

/** The zero value of what a map holds. */
function missingElement(mapType: string | undefined): Value {
  return mapType === 'map[string]string' ? '' : null
}

function byteAt(text: string, key: Value): Value {
  const bytes = toBytes(text)
  return new GoInt('uint8', BigInt(bytes[toIndex(key, bytes.length)] ?? 0))
}

/** An index that is within the length. */
function toIndex(key: Value, length: number): number {
  const integer = indexInteger(key)
  if (integer === undefined) {
    throw new HelperError(
      key === null
        ? 'cannot index slice/array with nil'
        : `cannot index slice/array with type ${typeOf(key)}${typeof key === 'number' ? '; convert it with int' : ''}`,
    )
  }
  if (integer < 0n || integer >= BigInt(length)) throw new HelperError(`index out of range: ${integer}`)
  return Number(integer)
}

function indexInteger(key: Value): bigint | undefined {
  if (typeof key === 'bigint') return key
  return key instanceof GoInt ? key.value : undefined
}

function call([callee = null]: readonly Value[]): never {
  const isNil = callee === null || ((isList(callee) || isMap(callee)) && isNilCollection(callee))
  throw new HelperError(isNil ? 'call of nil' : `non-function ${print(callee)} of type ${typeOf(callee)}`)
}

const others: readonly Callable[] = [
  shortCircuit('and'),
  shortCircuit('or'),
  { name: 'not', params: [anyParam('value')], call: (args) => !isTrue(argument(args, 0)) },
  { name: 'len', params: [anyParam('value')], call: (args) => len(argument(args, 0)) },
  { name: 'index', params: [anyParam('value')], rest: anyParam('indexes'), call: index },
  { name: 'call', params: [anyParam('function')], rest: anyParam('args'), call },
]

/** text/template's own functions, except `slice`, which Sprig replaces. */
export const builtins: ReadonlyMap<string, Callable> = new Map(
  [...comparisons, ...printers, ...others].map((callable) => [callable.name, callable]),
)
