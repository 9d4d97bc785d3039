import { isJsonObject, setKey } from '../lib/json.ts'
import type { JsonObject } from '../lib/json.ts'
import { canonicalJson } from '../lib/canonical.ts'
import type { Element } from './generator.ts'
import { mergeCopies } from './merge.ts'

/** What is multiplied: lists of elements. */
type Factors = readonly (readonly JsonObject[])[]

/**
 * Every combination of one element per factor, merged into an object of its own, without those that were there before;
 * in the order of nested loops, the last factor fastest. Needs at least one factor.
 */
export function multiplyDistinct(factors: Factors): Element[] {
  const rows = factors.reduce<Element[]>(
    (done, factor) => done.flatMap((row) => factor.map((element) => mergeCopies(row, element))),
    [{}],
  )
  // Comparing all rows takes longer than making them.
  return findOwnParts(factors).every(areDistinct) ? rows : keepFirst(rows)
}

function areDistinct(elements: readonly JsonObject[]): boolean {
  return new Set(elements.map(canonicalJson)).size === elements.length
}

function keepFirst(elements: readonly Element[]): Element[] {
  const seen = new Set<string>()
  return elements.filter((element) => seen.size < seen.add(canonicalJson(element)).size)
}

/**
 * Of each element the part that every row made of it shows, whatever it is combined with: keys that its factor alone has,
 * and, under keys that all elements of all factors with that key have an object at, the same of those objects. Where
 * these parts differ within each factor, a row tells what it was made of, so that no two rows are equal.
 */
function findOwnParts(factors: Factors): JsonObject[][] {
  const users = findUsers(factors)
  const parts = factors.map((factor) =>
    factor.map((element) => pickKeys(element, (key) => users.get(key)?.length === 1)),
  )
  for (const [key, indexes] of users) {
    const objects = indexes.length === 1 ? undefined : findObjects(factors, indexes, key)
    for (const [position, nested] of objects === undefined ? [] : findOwnParts(objects).entries()) {
      const targets = parts[indexes[position] ?? 0] ?? []
      for (const [row, part] of nested.entries()) setKey(targets[row] ?? {}, key, part)
    }
  }
  return parts
}

/** The factors, by index, in which some element has a key. */
function findUsers(factors: Factors): Map<string, number[]> {
  const users = new Map<string, number[]>()
  for (const [index, factor] of factors.entries()) {
    for (const key of new Set(factor.flatMap(Object.keys))) users.set(key, [...(users.get(key) ?? []), index])
  }
  return users
}

/** The objects that all elements of some factors have at a key. Undefined where one has none. */
function findObjects(factors: Factors, indexes: readonly number[], key: string): Factors | undefined {
  const users = indexes.map((index) => factors[index] ?? [])
  const hasAll = users.every((factor) => factor.every((element) => objectAt(element, key) !== undefined))
  return hasAll
    ? users.map((factor) => factor.flatMap<JsonObject>((element) => objectAt(element, key) ?? []))
    : undefined
}

function objectAt(element: JsonObject, key: string): JsonObject | undefined {
  const value = Object.hasOwn(element, key) ? element[key] : undefined
  return isJsonObject(value) ? value : undefined
}

function pickKeys(object: JsonObject, isPicked: (key: string) => boolean): JsonObject {
  const picked: JsonObject = {}
  for (const key of Object.keys(object)) if (isPicked(key)) setKey(picked, key, object[key] ?? null)
  return picked
}
