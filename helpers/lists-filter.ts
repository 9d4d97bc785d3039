import type { CallContext, Helper } from './define.ts'
import { isDeepEqual } from './go/deep-equal.ts'
import { compareStrings } from './go/bytes.ts'
import { toStr } from './go/print.ts'
import { isTrue } from './go/truth.ts'
import { isList, tagType } from './go/value.ts'
import type { Value, ValueList } from './go/value.ts'
import { itemBytes, toList } from './list-argument.ts'
import { toTexts } from './lists-text.ts'
import { any, example, inFamily, withMust } from './typed.ts'

const define = inFamily('lists')

/** Values by deep equality. Scalars are looked up; lists, maps and host values are compared one by one. */
class DeepSet {
  readonly #scalars = new Set<Value>()
  readonly #objects: Value[] = []
  readonly #context: CallContext

  constructor(values: readonly Value[], context: CallContext) {
    this.#context = context
    for (const value of values) this.add(value)
  }

  has(value: Value): boolean {
    if (typeof value !== 'object') return !Number.isNaN(value) && this.#scalars.has(value)
    this.#context.charge(this.#objects.length)
    return this.#objects.some((other) => isDeepEqual(value, other, this.#context))
  }

  add(value: Value): void {
    if (typeof value === 'object') this.#objects.push(value)
    else this.#scalars.add(value)
  }
}

function uniq(list: ValueList, context: CallContext): ValueList {
  const seen = new DeepSet([], context)
  return list.filter((item) => {
    const isNew = !seen.has(item)
    if (isNew) seen.add(item)
    return isNew
  })
}

function sortTexts(value: Value, context: CallContext): ValueList {
  if (!isList(value)) return tagType([toStr(value)], '[]string')
  const texts = toTexts(value, context)
  context.charge(texts.length * itemBytes)
  return tagType([...texts].sort(compareStrings), '[]string')
}

export const filterHelpers: readonly Helper[] = [
  ...withMust(
    define({
      name: 'compact',
      params: [any('list')],
      doc: 'The items that are not empty (false, 0, "", nil, an empty list or map).',
      example: example('{{ compact (list 1 "" nil "a" 0) }}', '[1 a]'),
      call: ([value], context) => {
        const list = toList(value, 'compact on')
        context.charge(list.length * itemBytes)
        return list.filter(isTrue)
      },
    }),
  ),
  ...withMust(
    define({
      name: 'uniq',
      params: [any('list')],
      doc: 'The items without repetitions. 1 and 1.0 are not the same.',
      example: example('{{ uniq (list 3 1 3 2 1) }}', '[3 1 2]'),
      call: ([value], context) => {
        const list = toList(value, 'find uniq on')
        context.charge(list.length * itemBytes * 2)
        return uniq(list, context)
      },
    }),
  ),
  ...withMust(
    define({
      name: 'without',
      params: [any('list')],
      rest: any('item'),
      doc: 'The items but the given ones. 1 and 1.0 are not the same.',
      example: example('{{ without (list 1 2 3 2) 2 }}', '[1 3]'),
      call: ([value, ...omitted], context) => {
        const list = toList(value, 'find without on')
        context.charge((list.length + omitted.length) * itemBytes)
        const found = new DeepSet(omitted, context)
        return list.filter((item) => !found.has(item))
      },
    }),
  ),
  ...withMust(
    define({
      name: 'has',
      params: [any('item'), any('list')],
      doc: 'Whether the list has the item. 1 and 1.0 are not the same. Nil is an empty list.',
      example: example('{{ has 4 (list 1 2 4) }}', 'true'),
      call: ([item, value], context) => {
        const list = value === null ? [] : toList(value, 'find has on')
        return list.some((other) => isDeepEqual(item, other, context))
      },
    }),
  ),
  define({
    name: 'sortAlpha',
    params: [any('list')],
    doc: 'The items as text, in byte order. Leaves out nil.',
    example: example('{{ sortAlpha (list "b" "a" 10 9) }}', '[10 9 a b]'),
    call: ([value], context) => sortTexts(value, context),
  }),
]
