import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import { entryBytes } from './dict-access.ts'
import { isTrue } from './go/truth.ts'
import { findTypeTag, getKey, HostValue, isList, isMap, isNilCollection } from './go/value.ts'
import { newMap, newNilList, newNilMap, setKey, tagType } from './go/value.ts'
import type { Value, ValueList, ValueMap } from './go/value.ts'
import { itemBytes } from './list-argument.ts'
import { aliasOf, any, example, inFamily, map, withMust } from './typed.ts'

const define = inFamily('dict')

const maxDepth = 1_000

/** What a list costs before its items, in items. */
const headerItems = 4

/** What goes along while maps are walked. Shared parts are walked once per use, so every entry is accounted for. */
interface Walk {
  readonly context: CallContext
  readonly depth: number
}

interface Merge extends Walk {
  /** Whether the source wins. */
  readonly overwrites: boolean
}

function enter<W extends Walk>(walk: W): W {
  if (walk.depth > maxDepth) throw new HelperError(`the value is nested more than ${maxDepth} levels deep`)
  return { ...walk, depth: walk.depth + 1 }
}

/** A struct and a map under the same key: `merge` gives "" then, and `mustMerge` fails. */
class KindMismatch extends HelperError {}

/** Merges into the first map, in place; nil becomes a new map when there is something to merge. */
function mergeAll(maps: readonly (ValueMap | null)[], overwrites: boolean, context: CallContext): ValueMap {
  const [target, ...sources] = maps.map((map) => (map === null || isNilCollection(map) ? undefined : map))
  const merged = target ?? (sources.some((source) => source !== undefined) ? newMap() : newNilMap())
  for (const source of sources) {
    if (source !== undefined) mergeMap(merged, source, { context, depth: 0, overwrites })
  }
  return merged
}

function mergeLeniently(
  maps: readonly (ValueMap | null)[],
  overwrites: boolean,
  context: CallContext,
): Value {
  try {
    return mergeAll(maps, overwrites, context)
  } catch (error) {
    if (error instanceof KindMismatch) return ''
    throw error
  }
}

/**
 * The rules of mergo 1.0, which Sprig uses. Maps merge into maps. Otherwise the target's value stays, unless it is
 * empty or the source `overwrites`; nil in the source counts only then. What is taken over is shared, not copied.
 */
function mergeMap(target: ValueMap, source: ValueMap, merge: Merge): void {
  const keys = Object.keys(source)
  merge.context.charge(keys.length * entryBytes)
  for (const key of keys) {
    const value = getKey(source, key) ?? null
    const current = getKey(target, key)
    if (isTaken(current, value, merge)) assign(target, key, value, source)
  }
}

/** Whether the source's value replaces the target's. Merges the two where both are maps. */
function isTaken(current: Value | undefined, value: Value, merge: Merge): boolean {
  if (value === null) return merge.overwrites
  if (current === undefined) return true
  if (isMap(current) && isMap(value)) {
    if (!isNilCollection(current)) mergeMap(current, value, enter(merge))
    return !isTrue(current)
  }
  if (merge.overwrites) return true
  if (isOfKind(current, 'ptr') && (isMap(value) || isOfKind(value, 'struct'))) {
    throw new KindMismatch('cannot merge values of different types')
  }
  return !isTrue(current)
}

function isOfKind(value: Value, kind: 'ptr' | 'struct'): boolean {
  return value instanceof HostValue && value.kind === kind
}

function assign(target: ValueMap, key: string, value: Value, source: ValueMap): void {
  const type = findTypeTag(target)
  if (type !== undefined && type !== findTypeTag(source)) {
    throw new HelperError(`cannot merge into a ${type}: its values have a fixed type`)
  }
  setKey(target, key, value)
}

function deepCopy(value: Value, walk: Walk): Value {
  if (isList(value)) return copyList(value, enter(walk))
  return isMap(value) ? copyMap(value, enter(walk)) : value
}

function copyList(list: ValueList, walk: Walk): ValueList {
  const type = findTypeTag(list)
  if (isNilCollection(list)) return newNilList(type)
  walk.context.charge((list.length + headerItems) * itemBytes)
  const copy = list.map((item) => deepCopy(item, walk))
  return type === undefined ? copy : tagType(copy, type)
}

function copyMap(map: ValueMap, walk: Walk): ValueMap {
  if (isNilCollection(map)) return newNilMap()
  const keys = Object.keys(map)
  walk.context.charge((keys.length + 1) * entryBytes)
  const copy = newMap()
  for (const key of keys) setKey(copy, key, deepCopy(getKey(map, key) ?? null, walk))
  const type = findTypeTag(map)
  return type === undefined ? copy : tagType(copy, type)
}

const params = [map('target')] as const
const rest = map('source')

const merge = define({
  name: 'merge',
  params,
  rest,
  mutates: true,
  doc: 'Merges maps into the first one, in place. What the first has wins, unless it is empty.',
  example: example('{{ merge (dict "a" 1 "b" "") (dict "a" 2 "b" 3 "c" 4) }}', 'map[a:1 b:3 c:4]'),
  call: (maps, context) => mergeLeniently(maps, false, context),
})

const mergeOverwrite = define({
  name: 'mergeOverwrite',
  params,
  rest,
  mutates: true,
  doc: 'Merges maps into the first one, in place. What comes later wins, also when it is empty.',
  example: example('{{ mergeOverwrite (dict "a" 1 "b" 2) (dict "a" 3) }}', 'map[a:3 b:2]'),
  call: (maps, context) => mergeLeniently(maps, true, context),
})

export const mergeHelpers: readonly Helper[] = [
  merge,
  mergeOverwrite,
  {
    ...aliasOf(merge, 'mustMerge', 'As `merge`, but fails where a struct meets a map.'),
    call: (args, context) => mergeAll(args as readonly (ValueMap | null)[], false, context),
  },
  {
    ...aliasOf(
      mergeOverwrite,
      'mustMergeOverwrite',
      'As `mergeOverwrite`, but fails where a struct meets a map.',
    ),
    call: (args, context) => mergeAll(args as readonly (ValueMap | null)[], true, context),
  },
  ...withMust(
    define({
      name: 'deepCopy',
      params: [any('value')],
      doc: 'A copy that shares no lists or maps with the original.',
      example: example('{{ deepCopy (dict "a" (list 1 2)) }}', 'map[a:[1 2]]'),
      call: ([value], context) => {
        if (value === null) throw new HelperError('cannot copy nil')
        return deepCopy(value, { context, depth: 0 })
      },
    }),
  ),
]
