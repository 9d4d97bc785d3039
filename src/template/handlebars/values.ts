import { HelperError } from '../../../helpers/define.ts'
import type { Param } from '../../../helpers/define.ts'
import { printLimits } from '../../../helpers/go/print.ts'
import { getKey, GoInt, HostValue, isList, isMap, newMap, WideNumber } from '../../../helpers/go/value.ts'
import type { Value, ValueList, ValueMap } from '../../../helpers/go/value.ts'
import type { Callable } from '../ast.ts'

/** Functions that only the lowering calls: they give Go's interpreter the ways of Handlebars. */

const value: Param = { name: 'value', type: 'any' }
const rest: Param = { name: 'more', type: 'any' }

function internal(name: string, call: (args: readonly Value[]) => Value): Callable {
  return { name, params: [], rest, call }
}

/** As Handlebars prints without escaping: lists join with commas, null is empty. */
export const toText = internal('toText', ([item = null]) => textOf(item, 0))

function textOf(item: Value, depth: number): string {
  if (typeof item === 'string') return item
  if (item === null) return ''
  if (isList(item)) return joinList(item, depth)
  return typeof item === 'object' ? boxedText(item) : String(item)
}

function boxedText(item: Value & object): string {
  if (item instanceof GoInt) return String(item.value)
  if (item instanceof WideNumber) return item.text
  return item instanceof HostValue ? item.toGoString() : '[object Object]'
}

function joinList(list: ValueList, depth: number): string {
  if (depth > printLimits.maxDepth) throw new HelperError('the list is nested too deeply to print')
  let out = ''
  for (const [index, item] of list.entries()) {
    out += (index === 0 ? '' : ',') + textOf(item, depth + 1)
    if (out.length > printLimits.maxLength) throw new HelperError('the list is too long to print')
  }
  return out
}

/** The condition of `#if`. `includeZero` makes 0 true. */
export const isTruthy = internal('if', ([item = null, includeZero = false]) => {
  if (includeZero === true && isZero(item)) return true
  return !isZero(item) && !isEmpty(item)
})

/** The condition of `#with`. */
export const isPresent = internal('with', ([item = null]) => !isEmpty(item))

function isZero(item: Value): boolean {
  return item === 0 || item === 0n || (item instanceof GoInt && item.value === 0n)
}

function isEmpty(item: Value): boolean {
  if (isList(item)) return item.length === 0
  return item === null || item === false || item === '' || Number.isNaN(item)
}

/** What `#each` loops over: for each item its value and `@key`, `@index`, `@first`, `@last`. */
export const toEntries = internal('each', ([item = null]) => entriesOf(item))

function entriesOf(item: Value): ValueList {
  if (isList(item))
    return item.map((element, index) => newEntry(element, BigInt(index), [index, item.length]))
  if (!isMap(item)) return []
  const keys = Object.keys(item)
  return keys.map((key, index) => newEntry(item[key] ?? null, key, [index, keys.length]))
}

function newEntry(element: Value, key: Value, [index, count]: readonly [number, number]): ValueMap {
  const entry = newMap()
  entry['value'] = element
  entry['key'] = key
  entry['index'] = BigInt(index)
  entry['first'] = index === 0
  entry['last'] = index === count - 1
  return entry
}

/**
 * What `{{#name}}` loops over: a list's items, nothing for false and null, else the value itself, or the context
 * where the value is just true. That is no loop: `@index` and such stay those of the loop around, `loop`.
 */
export const toSection = internal('section', ([item = null, context = null, loop = null]) => {
  if (isList(item)) return entriesOf(item)
  if (item === null || item === false) return []
  const entry: ValueMap = Object.assign(newMap(), isMap(loop) ? loop : undefined)
  entry['value'] = item === true ? context : item
  return [entry]
})

/** `a.b.c`; a part that is not there is an error. */
export const readPath = internal('path', ([start = null, ...parts]) => {
  let current: Value = start
  for (const part of parts) {
    const next = findOwn(current, part)
    if (next === undefined) throw new HelperError(explainMissing(current, part))
    current = next
  }
  return current
})

function explainMissing(owner: Value, part: Value): string {
  const name = JSON.stringify(part)
  if (owner === null) return `there is no ${name} in null`
  return isMap(owner) ? `there is no key ${name}` : `there is no ${name} in a value that is no object`
}

/** `a.b.c`, or null where a part is not there. */
export const findPath = internal('path', ([start = null, ...parts]) => {
  let current: Value = start
  for (const part of parts) current = findOwn(current, part) ?? null
  return current
})

/** Whether the first part of a path is there, so that it is data and not a function's name. */
export const hasField = internal('has', ([owner = null, name = '']) => findOwn(owner, name) !== undefined)

/** As Handlebars has it, looking something up in a false value gives that value. */
export const lookup: Callable = {
  name: 'lookup',
  params: [value, { name: 'key', type: 'any' }],
  call: ([owner = null, key = null]) =>
    isZero(owner) || owner === false || owner === '' ? owner : (findOwn(owner, key) ?? null),
}

/** Own keys of maps, items and the length of lists: nothing else can be read. */
function findOwn(owner: Value, key: Value): Value | undefined {
  if (isMap(owner)) return getKey(owner, textOf(key, 0))
  if (!isList(owner)) return undefined
  const name = textOf(key, 0)
  if (name === 'length') return BigInt(owner.length)
  return /^(0|[1-9][0-9]{0,9})$/.test(name) ? owner[Number(name)] : undefined
}

/** A function that fails when it is called. */
export function newFailing(name: string, message: string): Callable {
  return internal(name, () => {
    throw new HelperError(message)
  })
}
