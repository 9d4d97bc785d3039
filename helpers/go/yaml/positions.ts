import type { JsonObject, JsonValue } from '../value.ts'
import { YAML_LIMITS, type YamlLimits } from './limits.ts'
import { YamlParser, type PositionSink } from './parser.ts'
import { checkText } from './read.ts'
import { placeOf, type TextPlace } from './yaml-error.ts'

export interface PositionedDocument {
  readonly value: JsonValue
  /** Line of the document's first content, from 1. */
  readonly startLine: number
  /**
   * Where the value at `path` is: at its key, or for a list's item at its start. For a path that does not exist, where
   * its nearest parent is.
   */
  locate(path: readonly (string | number)[]): TextPlace
  /** As {@link locate}, but at the value rather than at its key. */
  locateValue(path: readonly (string | number)[]): TextPlace
}

/** All documents of a file, split by YAML's own rules, with positions. Throws YamlError. */
export function parseYamlWithPositions(
  text: string,
  limits: YamlLimits = YAML_LIMITS,
): { readonly documents: readonly PositionedDocument[] } {
  checkText(text, limits)
  const parser = new YamlParser(text, limits)
  // Positions are wanted for messages only, so the text is read a second time for the first of them.
  let positions: Positions | undefined
  const findPositions = () => (positions ??= readPositions(text, limits))
  const documents: PositionedDocument[] = []
  const lines = new LineCounter(text)
  for (let next = parser.next(); next !== undefined; next = parser.next()) {
    const { value, offset } = next
    const index = documents.length
    const locate = (path: readonly (string | number)[], part: 'key' | 'value') =>
      placeOf(text, findPositions().find(index, path)?.[part] ?? offset)
    documents.push({
      value,
      startLine: lines.lineAt(offset),
      locate: (path) => locate(path, 'key'),
      locateValue: (path) => locate(path, 'value'),
    })
  }
  return { documents }
}

/** Counts lines of offsets that only grow. */
class LineCounter {
  private readonly text: string
  private offset = 0
  private line = 1

  constructor(text: string) {
    this.text = text
  }

  lineAt(offset: number): number {
    this.line += placeOf(this.text.slice(this.offset, offset), offset).line - 1
    this.offset = offset
    return this.line
  }
}

interface Offsets {
  readonly key: number
  readonly value: number
}

function readPositions(text: string, limits: YamlLimits): Positions {
  const positions = new Positions()
  const parser = new YamlParser(text, limits, positions)
  for (let next = parser.next(); next !== undefined; next = parser.next()) positions.roots.push(next.value)
  return positions
}

class Positions implements PositionSink {
  readonly roots: JsonValue[] = []
  private readonly byContainer = new Map<object, Map<string | number, Offsets>>()

  entry(container: JsonValue[] | JsonObject, key: string | number, at: Offsets): void {
    let entries = this.byContainer.get(container)
    if (entries === undefined) {
      entries = new Map()
      this.byContainer.set(container, entries)
    }
    entries.set(key, at)
  }

  find(document: number, path: readonly (string | number)[]): Offsets | undefined {
    let value: JsonValue | undefined = this.roots[document]
    let found: Offsets | undefined
    for (const step of path) {
      if (value === null || typeof value !== 'object') break
      const offsets = this.byContainer.get(value)?.get(step)
      if (offsets === undefined) break
      found = offsets
      value = Object.hasOwn(value, step) ? (value as Record<string | number, JsonValue>)[step] : undefined
    }
    return found
  }
}
