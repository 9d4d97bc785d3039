import type { Helper } from './define.ts'
import { HelperError } from './define.ts'
import { toInt } from './go/cast.ts'
import { findTypeTag, newNilList, tagType } from './go/value.ts'
import type { Value, ValueList } from './go/value.ts'
import { itemBytes, toList } from './list-argument.ts'
import { any, example, inFamily, withMust } from './typed.ts'

const define = inFamily('lists')

/** A part of a list, of the list's type. Only the first two bounds count; nil and text are cast to numbers. */
function cutList(list: ValueList, bounds: readonly Value[]): Value {
  if (list.length === 0) return null
  const [start = 0n, end = BigInt(list.length)] = bounds.slice(0, 2).map(toInt)
  if (start < 0n || end < start || end > BigInt(list.length)) {
    throw new HelperError(`slice index out of bounds: [${start}:${end}] of a list of ${list.length}`)
  }
  const part = list.slice(Number(start), Number(end))
  const typeTag = findTypeTag(list)
  return typeTag === undefined ? part : tagType(part, typeTag)
}

function withoutEnd(list: ValueList, start: number, end: number | undefined): ValueList {
  return list.length === 0 ? newNilList() : list.slice(start, end)
}

export const takeHelpers: readonly Helper[] = [
  ...withMust(
    define({
      name: 'first',
      params: [any('list')],
      doc: 'The first item; nil if there is none.',
      example: example('{{ first (list "a" "b" "c") }}', 'a'),
      call: ([value]) => toList(value, 'find first on')[0] ?? null,
    }),
  ),
  ...withMust(
    define({
      name: 'last',
      params: [any('list')],
      doc: 'The last item; nil if there is none.',
      example: example('{{ last (list "a" "b" "c") }}', 'c'),
      call: ([value]) => toList(value, 'find last on').at(-1) ?? null,
    }),
  ),
  ...withMust(
    define({
      name: 'rest',
      params: [any('list')],
      doc: 'All items but the first.',
      example: example('{{ rest (list "a" "b" "c") }}', '[b c]'),
      call: ([value], context) => {
        const list = toList(value, 'find rest on')
        context.charge(list.length * itemBytes)
        return withoutEnd(list, 1, undefined)
      },
    }),
  ),
  ...withMust(
    define({
      name: 'initial',
      params: [any('list')],
      doc: 'All items but the last.',
      example: example('{{ initial (list "a" "b" "c") }}', '[a b]'),
      call: ([value], context) => {
        const list = toList(value, 'find initial on')
        context.charge(list.length * itemBytes)
        return withoutEnd(list, 0, -1)
      },
    }),
  ),
  ...withMust(
    define({
      name: 'slice',
      params: [any('list')],
      rest: any('bound'),
      doc: 'The items from the first bound up to, but not including, the second. An empty list gives nil.',
      example: example('{{ slice (list 1 2 3 4 5) 1 3 }} {{ slice (list 1 2 3) 1 }}', '[2 3] [2 3]'),
      call: ([value, ...bounds], context) => {
        const list = toList(value, 'take a slice of')
        context.charge(list.length * itemBytes)
        return cutList(list, bounds)
      },
    }),
  ),
  ...withMust(
    define({
      name: 'reverse',
      params: [any('list')],
      doc: 'A new list with the items in opposite order.',
      example: example('{{ reverse (list 1 2 3) }}', '[3 2 1]'),
      call: ([value], context) => {
        const list = toList(value, 'find reverse on')
        context.charge(list.length * itemBytes)
        return list.toReversed()
      },
    }),
  ),
]
