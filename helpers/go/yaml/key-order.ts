import { isPlainWord } from './scalar-style.ts'
import { sortedKeys } from './sort-keys.ts'

/** A map's keys in the order of writing. */
export interface KeyOrder {
  readonly keys: readonly string[]
  /** Per key: whether it is written as it is. */
  readonly isPlain: readonly boolean[]
}

interface KnownOrder extends KeyOrder {
  /** The keys in the order of the object. */
  readonly given: readonly string[]
}

/** Thousands of objects of one template have the same keys: their order is worked out once. */
const known = new Map<string, KnownOrder[]>()
const maxFirstKeys = 500
const maxOrdersPerFirstKey = 8

/** The order of an object's keys, remembered by the keys themselves. Only a cache. */
export function keyOrderOf(object: Readonly<Record<string, unknown>>): KeyOrder {
  const given = Object.keys(object)
  const first = given[0] ?? ''
  const orders = known.get(first)
  const found = orders?.find((order) => isSame(order.given, given))
  if (found !== undefined) return found
  const keys = sortedKeys(object)
  const order = { given, keys, isPlain: keys.map(isPlainWord) }
  remember(first, orders, order)
  return order
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false
  return true
}

function remember(first: string, orders: KnownOrder[] | undefined, order: KnownOrder): void {
  if (orders === undefined) {
    if (known.size >= maxFirstKeys) known.clear()
    known.set(first, [order])
    return
  }
  if (orders.length >= maxOrdersPerFirstKey) orders.shift()
  orders.push(order)
}
