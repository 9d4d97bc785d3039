import { sortedKeys } from '../../helpers/go/bytes.ts'
import { print } from '../../helpers/go/print.ts'
import { GoInt, isMap } from '../../helpers/go/value.ts'
import type { Value, ValueList, ValueMap } from '../../helpers/go/value.ts'
import type { RangeNode } from './ast.ts'
import { compilePipe } from './expression.ts'
import type { BodyContext } from './expression.ts'
import { commandText } from './node-text.ts'
import { Site } from './site.ts'
import type { Exec, Signal, State } from './state.ts'

/** Sorting the keys costs, even if the loop ends in its first round. */
const entriesPerStep = 8

interface Loop {
  readonly list: Exec
  /** Slots of the variables; undefined where there is none. */
  readonly keySlot: number | undefined
  readonly elementSlot: number | undefined
  readonly site: Site
}

/** `{{range}}` over lists, maps in key order, and integers. */
export function compileRange(
  body: BodyContext,
  node: RangeNode,
  lists: { list: Exec; elseList: Exec },
): Exec {
  const [operand] = node.pipe.commands.slice(-1)
  const site = new Site(body, operand?.pos ?? node.pos, () =>
    operand === undefined ? '' : commandText(operand),
  )
  const value = compilePipe(body, node.pipe)
  const [first, second] = node.pipe.declarations.map((declaration) => declaration.slot)
  const hasKey = node.pipe.declarations.length > 1
  const loop: Loop = {
    list: lists.list,
    keySlot: hasKey ? first : undefined,
    elementSlot: hasKey ? second : first,
    site,
  }
  return (state, dot) => (rangeOver(loop, state, value(state, dot)) ? 0 : lists.elseList(state, dot))
}

/** Whether there was anything to range over. */
function rangeOver(loop: Loop, state: State, value: Value): boolean {
  state.step(loop.site)
  if (Array.isArray(value)) return rangeOverList(loop, state, value)
  if (isMap(value)) return rangeOverMap(loop, state, value)
  if (value === null) return false
  const count = toCount(value)
  if (count === undefined) throw loop.site.fail(`range can't iterate over ${print(value)}`)
  if (loop.keySlot !== undefined) {
    throw loop.site.fail(`can't use ${print(value)} to iterate over more than one variable`)
  }
  return rangeOverCount(loop, state, { count, like: value })
}

/** Go ranges over integers of all kinds. A whole float64 is taken too: all numbers of data are float64. */
function toCount(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (value instanceof GoInt) return value.value
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

/** One round. 1 ends the loop. */
function runRound(loop: Loop, state: State, key: Value, element: Value): Signal {
  state.step(loop.site)
  if (loop.elementSlot !== undefined) state.slots[loop.elementSlot] = element
  if (loop.keySlot !== undefined) state.slots[loop.keySlot] = key
  return loop.list(state, element)
}

function rangeOverList(loop: Loop, state: State, list: ValueList): boolean {
  if (list.length === 0) return false
  // As in Go, the length is that at the start, whatever the loop does to the list.
  const { length } = list
  for (let index = 0; index < length; index++) {
    const key = loop.keySlot === undefined ? null : BigInt(index)
    if (runRound(loop, state, key, list[index] ?? null) === 1) break
  }
  return true
}

function rangeOverMap(loop: Loop, state: State, map: ValueMap): boolean {
  const entries = sortedKeys(map).map((key) => [key, map[key] ?? null] as const)
  state.step(loop.site, 1 + Math.floor(entries.length / entriesPerStep))
  for (const [key, element] of entries) {
    if (runRound(loop, state, key, element) === 1) break
  }
  return entries.length > 0
}

function rangeOverCount(loop: Loop, state: State, { count, like }: { count: bigint; like: Value }): boolean {
  for (let index = 0n; index < count; index++) {
    const element = like instanceof GoInt ? new GoInt(like.kind, index) : index
    if (runRound(loop, state, null, element) === 1) break
  }
  return count > 0n
}
