import { isJsonObject } from '../../helpers/go/json-tree.ts'
import { setKey } from '../../helpers/go/value.ts'
import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import { sortedKeys } from '../../helpers/go/yaml/sort-keys.ts'
import { compileKey, compileLeaf, type CompileSource, type LeafProgram } from './leaf.ts'
import type { ObjectContext } from './object-context.ts'
import { appendPath } from './path.ts'

/** A template's content as a function from scope to object, made of one program per leaf. */
export type ContentProgram = (context: ObjectContext) => JsonValue

interface ContentCompiler {
  readonly compile: CompileSource
  /** Whether the string holds an action. */
  isTemplate(text: string): boolean
}

/** Where a part of the content stands in its YAML text. */
interface Place {
  readonly path: string
  readonly indent: number
  readonly isItem: boolean
}

/** A part that is the same for every element, or its program. */
type Part = { readonly constant: JsonValue } | { readonly run: LeafProgram }

/**
 * Compiles content leaf by leaf, in the order of its YAML text, in which templates that change data see each other's
 * changes. Parts without templates are frozen and shared between objects. Throws what `compile` throws.
 */
export function compileContent(content: JsonValue, path: string, compiler: ContentCompiler): ContentProgram {
  const part = compilePart(content, { path, indent: 0, isItem: false }, compiler)
  return toProgram(part)
}

function toProgram(part: Part): LeafProgram {
  if ('run' in part) return part.run
  const { constant } = part
  return () => constant
}

function compilePart(value: JsonValue, place: Place, compiler: ContentCompiler): Part {
  if (typeof value === 'string') return compileString(value, place, compiler)
  if (Array.isArray(value)) return compileList(value, place, compiler)
  return isJsonObject(value) ? compileMap(value, place, compiler) : { constant: value }
}

function compileString(text: string, place: Place, compiler: ContentCompiler): Part {
  if (!compiler.isTemplate(text)) return { constant: text }
  return { run: compileLeaf(text, { ...place, indent: place.indent }, compiler.compile) }
}

function compileList(list: readonly JsonValue[], place: Place, compiler: ContentCompiler): Part {
  // In a map, a list's dashes stand in the map's own column.
  const column = place.isItem || place.indent === 0 ? place.indent : place.indent - 2
  const parts = list.map((item, index) =>
    compilePart(item, { path: appendPath(place.path, index), indent: column + 2, isItem: true }, compiler),
  )
  if (parts.every((part) => 'constant' in part)) return freezeList(parts)
  const programs = parts.map(toProgram)
  return { run: (context) => programs.map((program) => program(context)) }
}

function freezeList(parts: readonly { readonly constant: JsonValue }[]): Part {
  const list = parts.map((part) => part.constant)
  return { constant: Object.freeze(list) as JsonValue[] }
}

interface Entry {
  readonly key: string
  readonly makeKey: ((context: ObjectContext) => string) | undefined
  readonly part: Part
}

function compileMap(map: JsonObject, place: Place, compiler: ContentCompiler): Part {
  const entries = sortedKeys(map).map((key) => compileEntry(key, map[key] ?? null, place, compiler))
  if (entries.every((entry) => entry.makeKey === undefined && 'constant' in entry.part)) {
    return { constant: Object.freeze(buildConstant(entries)) }
  }
  return {
    run: entries.some(({ makeKey }) => makeKey !== undefined) ? buildKeyed(entries) : buildShaped(entries),
  }
}

/** Builds maps whose keys are all known: each begins as a copy of one with the constant entries. */
function buildShaped(entries: readonly Entry[]): LeafProgram {
  const shape = buildConstant(entries)
  const steps = entries.flatMap(({ key, part }) => ('run' in part ? [{ key, run: part.run }] : []))
  return (context) => {
    const object: JsonObject = { ...shape }
    for (const { key, run } of steps) object[key] = run(context)
    return object
  }
}

/** Builds maps with keys that are rendered too. Of two equal keys the last counts. */
function buildKeyed(entries: readonly Entry[]): LeafProgram {
  const steps = entries.map(({ key, makeKey, part }) => ({ key, makeKey, run: toProgram(part) }))
  return (context) => {
    const object: JsonObject = {}
    for (const { key, makeKey, run } of steps) {
      setKey(object, makeKey === undefined ? key : makeKey(context), run(context))
    }
    return object
  }
}

function compileEntry(key: string, value: JsonValue, place: Place, compiler: ContentCompiler): Entry {
  const path = appendPath(place.path, key)
  const at = { path, indent: place.indent + 2, isItem: false }
  const makeKey = compiler.isTemplate(key) ? compileKey(key, at, compiler.compile) : undefined
  return { key, makeKey, part: compilePart(value, at, compiler) }
}

function buildConstant(entries: readonly Entry[]): JsonObject {
  const object: JsonObject = {}
  for (const { key, part } of entries) setKey(object, key, 'constant' in part ? part.constant : null)
  return object
}
