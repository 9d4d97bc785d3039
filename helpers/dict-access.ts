import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import { sortedKeys } from './go/bytes.ts'
import { typeOf } from './go/kind.ts'
import { toStr } from './go/print.ts'
import {
  findTypeTag,
  getKey,
  isMap,
  isNilCollection,
  newMap,
  newNilMap,
  setKey,
  tagType,
} from './go/value.ts'
import type { Value, ValueMap } from './go/value.ts'
import { any, example, inFamily, map, string } from './typed.ts'

const define = inFamily('dict')

/** What a map's entry counts against the budget. */
export const entryBytes = 32

/** The map's own entries; a nil map has none. */
function entriesOf(dict: ValueMap | null): [string, Value][] {
  return dict === null ? [] : Object.entries(dict)
}

function findKey(dict: ValueMap | null, key: string): Value | undefined {
  return dict === null ? undefined : getKey(dict, key)
}

/** The fallback stands in for a missing key only: a nil value is a value. */
function findOr(dict: ValueMap | null, key: string, fallback: Value): Value {
  const found = findKey(dict, key)
  return found === undefined ? fallback : found
}

/** Keys and values by turns. A last key without a value gets "". */
function toDict(pairs: readonly Value[], context: CallContext): ValueMap {
  context.charge((pairs.length / 2) * entryBytes)
  const dict = newMap()
  for (let i = 0; i < pairs.length; i += 2) {
    const [key = null, value = ''] = pairs.slice(i, i + 2)
    const text = toStr(key)
    context.charge(text.length)
    setKey(dict, text, value)
  }
  return dict
}

/** A new map of the entries that pass. */
function filterEntries(
  dict: ValueMap | null,
  isKept: (key: string) => boolean,
  context: CallContext,
): ValueMap {
  const entries = entriesOf(dict).filter(([key]) => isKept(key))
  context.charge(entries.length * entryBytes)
  const kept = newMap()
  for (const [key, value] of entries) setKey(kept, key, value)
  return kept
}

/** The value at a path of keys. A key that is missing gives the default; a value on the way that is no map fails. */
function dig(args: readonly Value[]): Value {
  if (args.length < 3) throw new HelperError('dig needs at least three arguments: keys, a default and a map')
  const [fallback = null, dict = null] = args.slice(-2)
  const keys = args.slice(0, -2).map(toKey)
  let current: Value = dict
  for (const key of keys) {
    const found = getKey(toPlainMap(current), key)
    if (found === undefined) return fallback
    current = found
  }
  return current
}

function toKey(value: Value): string {
  if (typeof value === 'string') return value
  throw new HelperError(`a key must be a string, not ${typeOf(value)}`)
}

function toPlainMap(value: Value): ValueMap {
  if (isMap(value) && findTypeTag(value) === undefined) return value
  throw new HelperError(`cannot look up a key in ${value === null ? 'nil' : typeOf(value)}: it is not a map`)
}

function setEntry(dict: ValueMap | null, key: string, value: Value, context: CallContext): ValueMap {
  if (dict === null || isNilCollection(dict)) throw new HelperError('cannot set a key of nil: give a map')
  context.charge(entryBytes)
  setKey(dict, key, value)
  return dict
}

function unsetEntry(dict: ValueMap | null, key: string): ValueMap {
  if (dict === null) return newNilMap()
  if (Object.hasOwn(dict, key)) delete dict[key]
  return dict
}

export const accessHelpers: readonly Helper[] = [
  define({
    name: 'dict',
    params: [],
    rest: any('keyOrValue'),
    doc: 'A map of keys and values, given by turns. Keys become text; a last key without a value gets "".',
    example: example('{{ dict "a" 1 "b" (list 2 3) }}', 'map[a:1 b:[2 3]]'),
    call: (pairs, context) => toDict(pairs, context),
  }),
  define({
    name: 'get',
    params: [map('dict'), string('key')],
    doc: 'The value of a key; "" if there is none.',
    example: example('{{ get (dict "a" 1) "a" }}', '1'),
    call: ([dict, key]) => findOr(dict, key, ''),
  }),
  define({
    name: 'getordefault',
    params: [map('dict'), string('key'), any('default')],
    doc: 'The value of a key; the default if there is none.',
    example: example('{{ getordefault . "replicas" 2 }}', '2', newMap()),
    call: ([dict, key, fallback]) => findOr(dict, key, fallback),
  }),
  define({
    name: 'hasKey',
    params: [map('dict'), string('key')],
    doc: 'Whether the map has the key, whatever its value.',
    example: example('{{ hasKey (dict "a" nil) "a" }}', 'true'),
    call: ([dict, key]) => findKey(dict, key) !== undefined,
  }),
  define({
    name: 'dig',
    params: [],
    rest: any('keyOrDefaultOrDict'),
    doc: 'The value at a path of keys. After the keys come the default, for a missing key, and the map.',
    example: example('{{ dig "a" "b" "none" (dict "a" (dict "b" 1)) }}', '1'),
    call: (args) => dig(args),
  }),
  define({
    name: 'set',
    params: [map('dict'), string('key'), any('value')],
    mutates: true,
    doc: 'Sets a key of the map itself, and returns the map.',
    example: example('{{ set (dict "a" 1) "b" 2 }}', 'map[a:1 b:2]'),
    call: ([dict, key, value], context) => setEntry(dict, key, value, context),
  }),
  define({
    name: 'unset',
    params: [map('dict'), string('key')],
    mutates: true,
    doc: 'Removes a key from the map itself, and returns the map.',
    example: example('{{ unset (dict "a" 1 "b" 2) "a" }}', 'map[b:2]'),
    call: ([dict, key]) => unsetEntry(dict, key),
  }),
  define({
    name: 'pick',
    params: [map('dict')],
    rest: string('key'),
    doc: 'A new map with only the given keys.',
    example: example('{{ pick (dict "a" 1 "b" 2 "c" 3) "a" "c" }}', 'map[a:1 c:3]'),
    call: ([dict, ...keys], context) => {
      const picked = new Set(keys)
      return filterEntries(dict, (key) => picked.has(key), context)
    },
  }),
  define({
    name: 'omit',
    params: [map('dict')],
    rest: string('key'),
    doc: 'A new map without the given keys.',
    example: example('{{ omit (dict "a" 1 "b" 2 "c" 3) "a" "c" }}', 'map[b:2]'),
    call: ([dict, ...keys], context) => {
      const omitted = new Set(keys)
      return filterEntries(dict, (key) => !omitted.has(key), context)
    },
  }),
  define({
    name: 'pluck',
    params: [string('key')],
    rest: map('dict'),
    doc: 'The values of one key in all the maps that have it.',
    example: example('{{ pluck "n" (dict "n" 1) (dict "m" 2) (dict "n" 3) }}', '[1 3]'),
    call: ([key, ...dicts]) => dicts.map((dict) => findKey(dict, key)).filter((value) => value !== undefined),
  }),
  define({
    name: 'keys',
    params: [],
    rest: map('dict'),
    doc: 'The keys of the maps, sorted for each map (Go has no order).',
    example: example('{{ keys (dict "b" 1 "a" 2) (dict "c" 3) }}', '[a b c]'),
    call: (dicts, context) => {
      const keys = dicts.flatMap((dict) => (dict === null ? [] : sortedKeys(dict)))
      context.charge(keys.length * entryBytes)
      return tagType(keys, '[]string')
    },
  }),
  define({
    name: 'values',
    params: [map('dict')],
    doc: 'The values of the map, in the order of its sorted keys (Go has no order).',
    example: example('{{ values (dict "b" 1 "a" 2) }}', '[2 1]'),
    call: ([dict], context) => {
      const keys = dict === null ? [] : sortedKeys(dict)
      context.charge(keys.length * entryBytes)
      return keys.map((key) => findKey(dict, key) ?? null)
    },
  }),
]
