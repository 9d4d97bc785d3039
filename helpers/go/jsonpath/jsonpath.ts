import { findTypeTag, isList, isMap, type JsonObject, type JsonValue, type Value } from '../value.ts'
import type { PathParts } from './ast.ts'
import { JsonPathError } from './error.ts'
import { evaluateNodes, Evaluation } from './evaluate.ts'
import { type Found, MadeValue, toValue } from './found.ts'
import { parsePath } from './parser.ts'

export { JsonPathError } from './error.ts'

/** A JSONPath that was read. Immutable; for any number of searches. */
export interface CompiledJsonPath {
  readonly text: string
  readonly parts: PathParts
}

/** Reads a path of the Kubernetes dialect, such as `{.items[?(@.ready==true)].name}`. Throws JsonPathError (`parse`). */
export function compileJsonPath(text: string): CompiledJsonPath {
  return { text, parts: parsePath(text) }
}

/** Every result of the path, in order. Maps are walked in key order. Throws JsonPathError (`find`). */
export function findAll(path: CompiledJsonPath, data: Value): Value[] {
  return search(path, data).flat().map(toValue)
}

/**
 * The elements that a path picks from an API's answer. Each action (`{…}`) that finds one value must find a list of
 * objects; one that finds several (or none) must find objects. Throws JsonPathError (`find`, `shape`).
 */
export function findElements(path: CompiledJsonPath, data: JsonValue): JsonObject[] {
  return search(path, data).flatMap((results) => toElements(path, results))
}

function toElements(path: CompiledJsonPath, results: readonly Found[]): JsonObject[] {
  const only = results.length === 1 ? toValue(results[0] ?? null) : undefined
  if (only !== undefined && !isList(only)) {
    throw new JsonPathError(
      'shape',
      `the result of ${path.text} is ${nameShape(only)}, not a list of objects; name the list itself`,
    )
  }
  const items = only ?? results.map(toValue)
  return items.map((item, index) => {
    if (isMap(item)) return item as JsonObject
    throw new JsonPathError('shape', `item ${index} of ${path.text} is ${nameShape(item)}, not an object`)
  })
}

/**
 * The values that a template is repeated for: items of every list found, and every other value found but null. A list
 * whose Go type is not `[]interface {}` counts as one value.
 * Throws JsonPathError (`find`, `shape`): a literal or a text outside braces is nothing to repeat for.
 */
export function findRepeat(path: CompiledJsonPath, data: JsonValue): JsonValue[] {
  return search(path, data)
    .flat()
    .flatMap((found) => {
      const value = toValue(found) as JsonValue
      if (isList(value) && findTypeTag(value) === undefined) return value
      if (found instanceof MadeValue && !isMap(value)) {
        throw new JsonPathError(
          'shape',
          `${path.text} gives a text or literal, not data; a path is written in braces, for example {.items}`,
        )
      }
      return value === null ? [] : [value]
    })
}

function nameShape(value: Value): string {
  if (value === null) return 'null'
  if (isList(value)) return 'a list'
  return isMap(value) ? 'an object' : `a ${typeof value === 'object' ? 'number' : typeof value}`
}

/** One list of results for each part of the path, and for each turn of its ranges. */
function search(path: CompiledJsonPath, data: Value): readonly (readonly Found[])[] {
  return new Search(path.parts).run(new MadeValue(data), 0)
}

/** Ranges in client-go are steered by counters across the parts of a path; so they are here, to agree in odd cases too. */
class Search {
  readonly #parts: PathParts
  readonly #state = new Evaluation()
  /** Index of the part whose `end` ended a loop last. */
  #lastEnd = -1

  constructor(parts: PathParts) {
    this.#parts = parts
  }

  run(data: Found, from: number): (readonly Found[])[] {
    const root = [data]
    const all: (readonly Found[])[] = []
    for (let index = from; index < this.#parts.length; index++) {
      const part = this.#parts[index] ?? []
      const results = 'length' in part ? evaluateNodes(root, part, this.#state) : [new MadeValue(part.text)]
      if (this.#state.endRange > 0 && this.#state.endRange <= this.#state.inRange) {
        this.#state.endRange--
        this.#lastEnd = index
        break
      }
      if (this.#state.beginRange === 0) {
        all.push(results)
        continue
      }
      for (const turn of this.#runRange(results, index + 1)) all.push(turn)
      if (this.#lastEnd > index) index = this.#lastEnd
    }
    return all
  }

  #runRange(results: readonly Found[], from: number): (readonly Found[])[] {
    this.#state.beginRange--
    this.#state.inRange++
    // Without any turn the parts are still run once, on nothing, to find the end of the range.
    if (results.length === 0) this.run(null, from)
    const turns: (readonly Found[])[] = []
    for (const found of results) {
      this.#state.charge(1)
      for (const turn of this.run(new MadeValue(toValue(found)), from)) turns.push(turn)
    }
    this.#state.inRange--
    return turns
  }
}
