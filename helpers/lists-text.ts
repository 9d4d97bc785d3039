import type { CallContext, Helper } from './define.ts'
import { toRunes } from './go/bytes.ts'
import { toStr } from './go/print.ts'
import { findTypeTag, isList, newMap, setKey, tagType } from './go/value.ts'
import type { Value, ValueMap } from './go/value.ts'
import { itemBytes } from './list-argument.ts'
import { any, example, inFamily, int, string } from './typed.ts'

const define = inFamily('lists')

/** What each part of a split text counts against the budget, besides its text. */
const partBytes = 32

/** The items as text, without nil; a value that is not a list is a list of one. */
export function toTexts(value: Value, context: CallContext): string[] {
  if (value === null) return []
  if (isList(value) && findTypeTag(value) === '[]string') return value as string[]
  const items = isList(value) ? value : [value]
  return items.filter((item) => item !== null).map((item) => toText(item, context))
}

function toText(item: Value, context: CallContext): string {
  const text = toStr(item)
  context.charge(itemBytes + text.length)
  return text
}

/** strings.SplitN: at most `max` parts, the last one with the rest; all with a negative `max`. */
function splitText(separator: string, text: string, max: number): string[] {
  const parts = separator === '' ? toRunes(text) : text.split(separator)
  if (max < 0 || parts.length <= max) return parts
  if (max === 0) return []
  return [...parts.slice(0, max - 1), parts.slice(max - 1).join(separator)]
}

/** The parts under the keys `_0`, `_1` … */
function splitToMap(parts: readonly string[], context: CallContext): ValueMap {
  context.charge(parts.length * partBytes)
  const map = newMap()
  for (const [i, part] of parts.entries()) setKey(map, `_${i}`, part)
  return tagType(map, 'map[string]string')
}

function joinTexts(separator: string, value: Value, context: CallContext): string {
  const texts = toTexts(value, context)
  const separators = Math.max(texts.length - 1, 0) * separator.length
  context.charge(texts.reduce((sum, text) => sum + text.length, separators))
  return texts.join(separator)
}

export const textListHelpers: readonly Helper[] = [
  define({
    name: 'split',
    params: [string('separator'), string('text')],
    doc: 'Splits into a map with the keys `_0`, `_1` and so on.',
    example: example('{{ (split "/" "org/repo")._1 }}', 'repo'),
    call: ([separator, text], context) => {
      context.charge(text.length)
      return splitToMap(splitText(separator, text, -1), context)
    },
  }),
  define({
    name: 'splitn',
    params: [string('separator'), int('count'), string('text')],
    doc: 'Splits into a map with the keys `_0`, `_1` and so on, with at most `count` parts.',
    example: example('{{ (splitn "/" 2 "org/repo/path")._1 }}', 'repo/path'),
    call: ([separator, count, text], context) => {
      context.charge(text.length)
      return splitToMap(splitText(separator, text, Number(count)), context)
    },
  }),
  define({
    name: 'splitList',
    params: [string('separator'), string('text')],
    doc: 'Splits into a list of texts. An empty separator splits into characters.',
    example: example('{{ splitList "," "a,b,c" }}', '[a b c]'),
    call: ([separator, text], context) => {
      const parts = splitText(separator, text, -1)
      context.charge(text.length + parts.length * itemBytes)
      return tagType(parts, '[]string')
    },
  }),
  define({
    name: 'join',
    params: [string('separator'), any('list')],
    doc: 'The items as one text, with the separator between them. Leaves out nil.',
    example: example('{{ join ", " (list 1 "b" nil true) }}', '1, b, true'),
    call: ([separator, value], context) => joinTexts(separator, value, context),
  }),
  define({
    name: 'toStrings',
    params: [any('list')],
    doc: 'The items as a list of texts. Leaves out nil.',
    example: example('{{ toStrings (list 1 nil "b") }} {{ toStrings (list 1) | typeOf }}', '[1 b] []string'),
    call: ([value], context) => tagType(toTexts(value, context), '[]string'),
  }),
]
