import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import { newNilList, tagType } from './go/value.ts'
import type { Value, ValueList } from './go/value.ts'
import { itemBytes, toList } from './list-argument.ts'
import { aliasOf, any, example, inFamily, int, withMust } from './typed.ts'

const define = inFamily('lists')

function concat(lists: readonly Value[], context: CallContext): ValueList {
  const items = lists.map((list) => toList(list, 'concat'))
  const length = items.reduce((sum, list) => sum + list.length, 0)
  context.charge(length * itemBytes)
  return length === 0 ? newNilList() : items.flatMap((list) => list)
}

/** Cuts into lists of `size` items. A negative size fails or gives an odd result, as in Sprig. */
function chunk(size: number, items: ValueList, context: CallContext): ValueList {
  const count = Math.floor((items.length - 1) / size) + 1
  const lastSize = items.length % size || size
  const isPossible = count === 0 || (count > 0 && lastSize > 0 && (size > 0 || count === 1))
  if (!Number.isFinite(count) || !isPossible) throw new HelperError(`cannot cut a list into parts of ${size}`)
  context.charge((items.length + count) * itemBytes)
  const chunks = Array.from({ length: count }, (_, i) => items.slice(i * size, i * size + Math.abs(size)))
  return tagType(chunks, '[][]interface {}')
}

/** How many numbers there are from `start` up or down to, but not including, `stop`. */
function countSteps(start: bigint, stop: bigint, step: bigint): bigint {
  const distance = stop - start
  if (step === 0n || distance === 0n || distance < 0n !== step < 0n) return 0n
  const whole = distance / step
  return distance % step === 0n ? whole : whole + 1n
}

function numbersBetween(range: readonly [bigint, bigint, bigint], context: CallContext): bigint[] {
  const [start, stop, step] = range
  const count = Number(countSteps(start, stop, step))
  context.charge(count * itemBytes * 4)
  return Array.from({ length: count }, (_, i) => start + BigInt(i) * step)
}

/** `end`, `start end`, or `start step end`. */
function sequence(bounds: readonly bigint[], context: CallContext): string {
  const [first = 0n, second = 0n, third = 0n] = bounds
  switch (bounds.length) {
    case 1:
      return joinNumbers(1n, first, undefined, context)
    case 2:
      return joinNumbers(first, second, undefined, context)
    case 3:
      return joinNumbers(first, third, second, context)
    default:
      return ''
  }
}

/** The end belongs to the sequence. Steps in the wrong direction give nothing. */
function joinNumbers(start: bigint, end: bigint, step: bigint | undefined, context: CallContext): string {
  const unit = end < start ? -1n : 1n
  return numbersBetween([start, end + unit, step ?? unit], context).join(' ')
}

const list = define({
  name: 'list',
  params: [],
  rest: any('item'),
  doc: 'A list of the given values.',
  example: example('{{ list 1 "a" nil }}', '[1 a <nil>]'),
  call: (items, context) => {
    context.charge(items.length * itemBytes)
    return [...items]
  },
})

const append = define({
  name: 'append',
  params: [any('list'), any('item')],
  doc: 'A new list with the item at the end.',
  example: example('{{ append (list 1 2) 3 }}', '[1 2 3]'),
  call: ([value, item], context) => {
    const items = toList(value, 'push on')
    context.charge((items.length + 1) * itemBytes)
    return [...items, item]
  },
})

const prepend = define({
  name: 'prepend',
  params: [any('list'), any('item')],
  doc: 'A new list with the item at the start.',
  example: example('{{ prepend (list 1 2) 0 }}', '[0 1 2]'),
  call: ([value, item], context) => {
    const items = toList(value, 'prepend on')
    context.charge((items.length + 1) * itemBytes)
    return [item, ...items]
  },
})

export const buildHelpers: readonly Helper[] = [
  list,
  aliasOf(list, 'tuple'),
  ...withMust(append),
  ...withMust(aliasOf(append, 'push')),
  ...withMust(prepend),
  define({
    name: 'concat',
    params: [],
    rest: any('list'),
    doc: 'One new list of the items of all lists.',
    example: example('{{ concat (list 1 2) (list 3) (until 2) }}', '[1 2 3 0 1]'),
    call: (lists, context) => concat(lists, context),
  }),
  ...withMust(
    define({
      name: 'chunk',
      params: [int('size'), any('list')],
      doc: 'Cuts a list into lists of `size` items; the last one has the rest.',
      example: example('{{ chunk 2 (list 1 2 3 4 5) }}', '[[1 2] [3 4] [5]]'),
      call: ([size, value], context) => chunk(Number(size), toList(value, 'chunk'), context),
    }),
  ),
  define({
    name: 'until',
    params: [int('count')],
    doc: 'The whole numbers from 0 up (or down) to, but not including, the count.',
    example: example('{{ until 5 }} {{ until -3 }}', '[0 1 2 3 4] [0 -1 -2]'),
    call: ([count], context) => tagType(numbersBetween([0n, count, count < 0n ? -1n : 1n], context), '[]int'),
  }),
  define({
    name: 'untilStep',
    params: [int('start'), int('stop'), int('step')],
    doc: 'The whole numbers from `start` up to, but not including, `stop`, in steps. A negative step counts down.',
    example: example('{{ untilStep 3 10 2 }}', '[3 5 7 9]'),
    call: (range, context) => tagType(numbersBetween(range, context), '[]int'),
  }),
  define({
    name: 'seq',
    params: [],
    rest: int('bound'),
    doc: 'Whole numbers as text, as the shell command: `seq end`, `seq start end` or `seq start step end`.',
    example: example('{{ seq 5 }} | {{ seq 5 2 }} | {{ seq 0 2 10 }}', '1 2 3 4 5 | 5 4 3 2 | 0 2 4 6 8 10'),
    call: (bounds, context) => sequence(bounds, context),
  }),
]
