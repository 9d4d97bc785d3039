import type { GeneratorEntry, MatrixSpec } from '../api/types.ts'
import { tagType } from '../lib/json.ts'
import type { JsonValue } from '../lib/json.ts'
import { mapBounded } from './bounded.ts'
import { requireEnabled, type BoundEntry } from './entry.ts'
import { generatorError } from './errors.ts'
import type { Element, GenerateContext, Generation, Generator } from './generator.ts'
import { multiplyDistinct } from './product.ts'

type Bind = (entry: GeneratorEntry, path: string) => BoundEntry
type ChildEntry = NonNullable<MatrixSpec['generators']>[number]

interface Child {
  readonly name: string | undefined
  readonly bound: BoundEntry
}

interface ChildResult {
  readonly name: string | undefined
  readonly generation: Generation
}

const CONCURRENT_CHILDREN = 4
/** Where `singleElement` puts the elements of generators without a name. */
const UNNAMED = 'Matrix'

/** Combines other generators: their cartesian product, or all their elements in one. */
export function createMatrixGenerator(bind: Bind): Generator<MatrixSpec> {
  return {
    kind: 'matrix',
    onEmptyDefault: 'Prune',
    generate: (spec, context) => generateMatrix(bind, spec, context),
    nextEvaluation(spec, lastMs, nowMs) {
      const times = bindChildren(bind, spec, '').map(({ bound }) =>
        bound.generator.nextEvaluation(bound.spec, lastMs, nowMs),
      )
      return times.reduce(earlier, undefined)
    },
    references: (spec, namespace) =>
      bindChildren(bind, spec, '').flatMap(({ bound }) => bound.generator.references(bound.spec, namespace)),
  }
}

async function generateMatrix(bind: Bind, spec: MatrixSpec, context: GenerateContext): Promise<Generation> {
  const children = bindChildren(bind, spec, context.path)
  for (const { bound } of children) requireEnabled(bound, context.enabled)
  const results = await mapBounded(children, CONCURRENT_CHILDREN, async ({ name, bound }) => {
    const generation = await bound.generator.generate(bound.spec, { ...context, path: bound.path })
    return { name, generation: applyChildOnEmpty(generation, bound, spec) }
  })
  const generations = results.map(({ generation }) => generation)
  const kept = generations.map((generation) => generation.kept).find((text) => text !== undefined)
  const sampledAtMs = generations.map((generation) => generation.sampledAtMs).reduce(earlier, undefined)
  return {
    elements: spec.singleElement === true ? collect(results) : multiply(results, context),
    complete: generations.every((generation) => generation.complete),
    warnings: generations.flatMap((generation) => generation.warnings),
    ...(sampledAtMs !== undefined && { sampledAtMs }),
    ...(kept !== undefined && { kept }),
  }
}

function bindChildren(bind: Bind, spec: MatrixSpec, path: string): Child[] {
  return (spec.generators ?? []).map((entry: ChildEntry, index) => {
    const name = entry.name === undefined || entry.name === '' ? undefined : entry.name
    return { name, bound: bind(entry, `${path}.generators[${String(index)}]`) }
  })
}

/**
 * An empty child empties the whole product, so what it means is decided here: by the child, else by the matrix, else by
 * the default of the child's kind.
 */
function applyChildOnEmpty(generation: Generation, bound: BoundEntry, matrix: MatrixSpec): Generation {
  if (!generation.complete || generation.elements.length > 0) return generation
  const onEmpty = bound.spec.onEmpty ?? matrix.onEmpty ?? bound.generator.onEmptyDefault
  if (onEmpty === 'Prune') return generation
  if (onEmpty === 'Fail')
    throw generatorError(bound.path, 'retry', 'no elements, and onEmpty is Fail', 'InsufficientData')
  const kept = `${bound.path}: no elements; existing objects are kept (onEmpty: Keep)`
  return { ...generation, complete: false, warnings: [...generation.warnings, kept], kept }
}

/** The product of what the children gave, those with a name under it. */
function multiply(results: readonly ChildResult[], context: GenerateContext): Element[] {
  const factors = results.map(({ name, generation }) =>
    name === undefined ? generation.elements : generation.elements.map((element) => ({ [name]: element })),
  )
  if (factors.length === 0) return []
  checkSize(
    factors.reduce((size, factor) => size * factor.length, 1),
    context,
  )
  return multiplyDistinct(factors)
}

function checkSize(size: number, context: GenerateContext): void {
  const { maxElements } = context.limits
  if (size <= maxElements) return
  throw generatorError(
    context.path,
    'retry',
    `the product has ${String(size)} elements, more than the limit of ${String(maxElements)}`,
  )
}

/** One element with each named generator's elements under its name, the others' under `Matrix`. */
function collect(results: readonly ChildResult[]): Element[] {
  if (results.every(({ generation }) => generation.elements.length === 0)) return []
  const lists = new Map<string, JsonValue[]>()
  for (const { name, generation } of results) {
    if (name === undefined && generation.elements.length === 0) continue
    // A list of maps to Go, not of anything: `repeat` takes it for one value, as the Go controller does.
    const list = lists.get(name ?? UNNAMED) ?? tagType<JsonValue[]>([], '[]map[string]interface {}')
    list.push(...generation.elements)
    lists.set(name ?? UNNAMED, list)
  }
  return [Object.fromEntries(lists)]
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Math.min(a, b)
}
