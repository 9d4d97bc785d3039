import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyJson, isJsonObject } from '../../helpers/go/json-tree.ts'
import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import type { MatrixSpec } from '../../src/api/types.ts'
import type { Generation } from '../../src/generate/generator.ts'
import { bindEntry } from '../../src/generate/registry.ts'
import { configMap, fakeContext, fakeHttp, fakeReader, NOW_MS } from './fakes.ts'

function generate(matrix: MatrixSpec, context = fakeContext()): Promise<Generation> {
  const bound = bindEntry({ matrix }, 'spec.generators[0]')
  return bound.generator.generate(bound.spec, { ...context, path: bound.path })
}

function list(...elements: JsonObject[]): { list: { elements: JsonObject[] } } {
  return { list: { elements } }
}

describe('matrix', () => {
  it('multiplies in the order of nested loops', async () => {
    const { elements } = await generate({
      generators: [list({ a: 1 }, { a: 2 }), list({ b: 1 }, { b: 2 }), list({ c: 1 })],
    })
    expect(elements).toEqual([
      { a: 1, b: 1, c: 1 },
      { a: 1, b: 2, c: 1 },
      { a: 2, b: 1, c: 1 },
      { a: 2, b: 2, c: 1 },
    ])
  })

  it('merges objects, and lets the later generator win everywhere else', async () => {
    const { elements } = await generate({
      generators: [
        list({ v: { keep: 1, both: 'first', list: [1, 2] }, x: { gone: true }, n: 1 }),
        list({ v: { both: '', list: [3] }, x: 'text', n: null }),
      ],
    })
    expect(elements).toEqual([{ v: { keep: 1, both: '', list: [3] }, x: 'text', n: null }])
  })

  it('puts a named generator under its name', async () => {
    const { elements } = await generate({
      generators: [list({ name: 'eu' }), { name: 'app', ...list({ name: 'web' }) }],
    })
    expect(elements).toEqual([{ name: 'eu', app: { name: 'web' } }])
  })

  it('drops duplicates, keeping the first', async () => {
    const { elements } = await generate({
      generators: [list({ a: 1, b: 2 }, { b: 2, a: 1 }), list({ c: 1 }, { c: 1 })],
    })
    expect(elements).toEqual([{ a: 1, b: 2, c: 1 }])
  })

  it('is empty when one child is', async () => {
    expect((await generate({ generators: [list({ a: 1 }), list()] })).elements).toEqual([])
  })

  it('collects everything in one element', async () => {
    const { elements } = await generate({
      singleElement: true,
      generators: [
        { name: 'teams', ...list({ t: 1 }, { t: 1 }) },
        { name: 'none', ...list() },
        list({ c: 1 }),
      ],
    })
    expect(elements).toEqual([{ teams: [{ t: 1 }, { t: 1 }], none: [], Matrix: [{ c: 1 }] }])
  })

  it('has no single element where there is nothing', async () => {
    expect((await generate({ singleElement: true, generators: [list(), list()] })).elements).toEqual([])
  })

  it('writes no prototype', async () => {
    const evil = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"x": 1}}') as JsonObject
    const { elements } = await generate({ generators: [list(evil), list({ a: { b: 1 } }), list(evil)] })
    expect(Object.getPrototypeOf(elements[0])).toBe(Object.prototype)
    expect(Object.keys(elements[0] ?? {}).sort()).toEqual(['__proto__', 'a', 'constructor'])
    expect({}).not.toHaveProperty('polluted')
  })

  it('refuses a product over the limit before building it', async () => {
    const many = list(...Array.from({ length: 101 }, (_, index) => ({ index })))
    await expect(generate({ generators: [many, { name: 'b', ...many }] })).rejects.toMatchObject({
      message: 'the product has 10201 elements, more than the limit of 10000',
      path: 'spec.generators[0].matrix',
    })
  })

  it('refuses a child that is not enabled, by its path', async () => {
    const context = fakeContext({ enabled: new Set(['Matrix']) })
    await expect(generate({ generators: [list({ a: 1 })] }, context)).rejects.toMatchObject({
      message: 'generator List not enabled; --enabled-generators leaves it out',
      path: 'spec.generators[0].matrix.generators[0].list',
      disposition: 'stall',
    })
  })

  it('reads what its children read, and is due when the first of them is', () => {
    const bound = bindEntry(
      {
        matrix: {
          generators: [
            { config: { kind: 'ConfigMap', name: 'a' } },
            {
              apiClient: {
                endpoint: 'http://x',
                schedule: '0 5 * * *',
                headersRef: { kind: 'Secret', name: 'h' },
              },
            },
            { apiClient: { endpoint: 'http://x', schedule: '30 4 * * *' } },
          ],
        },
      },
      'spec.generators[0]',
    )
    expect(bound.generator.references(bound.spec, 'team').map((key) => `${key.kind}/${key.name}`)).toEqual([
      'ConfigMap/a',
      'Secret/h',
    ])
    expect(bound.generator.nextEvaluation(bound.spec, NOW_MS, NOW_MS)).toBe(NOW_MS + 30 * 60_000)
  })

  it('decides on an empty child by the child, then the matrix, then the kind', async () => {
    const context = fakeContext({ http: fakeHttp(() => ({ json: [] })) })
    const api = { apiClient: { endpoint: 'http://x', interval: '1h' } }
    const others = list({ a: 1 })
    const kept = await generate({ generators: [others, api] }, context)
    expect(kept).toMatchObject({ elements: [], complete: false })
    expect(kept.warnings).toEqual([
      'spec.generators[0].matrix.generators[1].apiClient: no elements; existing objects are kept (onEmpty: Keep)',
    ])
    expect(kept.kept).toBe(kept.warnings[0])
    const pruned = await generate({ generators: [others, api], onEmpty: 'Prune' }, context)
    expect(pruned).toMatchObject({ elements: [], complete: true })
    const failing = { list: { elements: [], onEmpty: 'Fail' as const } }
    await expect(generate({ generators: [others, failing] }, context)).rejects.toMatchObject({
      reason: 'InsufficientData',
    })
  })

  it('gives every combination its own objects', async () => {
    const config = fakeReader([configMap('c', { region: 'eu' })])
    const { elements } = await generate(
      {
        generators: [
          { name: 'c', config: { kind: 'ConfigMap', name: 'c' } },
          list({ v: { n: { deep: 1 } } }),
          list({ e: 1 }, { e: 2 }),
        ],
      },
      fakeContext({ reader: config }),
    )
    const [first, second] = copyJson<JsonObject[]>([...elements])
    const live = elements[0] as { v: { n: { deep: number } }; c: { region: string } }
    live.v.n.deep = 99
    live.c.region = 'changed'
    expect(elements[1]).toEqual(second)
    expect(first).not.toEqual(elements[0])
  })

  it('shares no object between elements, nor with what it was made of', async () => {
    const shared = { deep: { list: [{ a: 1 }] } }
    const inputs = [
      [{ v: shared, w: shared }, { v: { deep: {} } }],
      [{ v: { more: shared } }, { x: [shared] }],
    ]
    const { elements } = await generate({ generators: inputs.map((input) => list(...input)) })
    const found = [...elements, ...inputs].flatMap(listObjects)
    const own = elements.flatMap(listObjects)
    expect(elements).toHaveLength(4)
    expect(new Set(found).size).toBe(own.length + new Set(inputs.flatMap(listObjects)).size)
  })

  it('makes a hundred times a hundred, each once, whether or not they must be compared', async () => {
    const many = (key: string, rest: JsonObject): { list: { elements: JsonObject[] } } =>
      list(...Array.from({ length: 100 }, (_, index) => ({ ...rest, v: { [key]: { index } } })))
    const compared = await generate({ generators: [many('a', {}), many('a', {})] })
    expect(compared.elements).toHaveLength(100)
    const told = await generate({ generators: [many('a', { name: 'x' }), many('b', { name: 'y' })] })
    expect(told.elements).toHaveLength(10_000)
    expect(told.elements[9_999]).toEqual({ name: 'y', v: { a: { index: 99 }, b: { index: 99 } } })
  })

  it('gives what nested loops, merge and a search for duplicates give', async () => {
    const key = fc.constantFrom('a', 'b', 'c')
    const { element } = fc.letrec<{ value: JsonValue; element: JsonObject }>((tie) => ({
      element: fc.dictionary(key, tie('value'), {
        maxKeys: 3,
        noNullPrototype: true,
      }) as fc.Arbitrary<JsonObject>,
      value: fc.oneof(
        { maxDepth: 2, withCrossShrink: true },
        fc.constantFrom<JsonValue>(0, 1, null, [], [{ a: 0 }]),
        tie('element'),
      ),
    }))
    const factor = fc.array(element, { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.array(factor, { minLength: 1, maxLength: 3 }), async (factors) => {
        const { elements } = await generate({ generators: factors.map((elements) => list(...elements)) })
        expect(elements).toEqual(slowProduct(factors))
      }),
      { numRuns: 1_000 },
    )
  })

  it('compares no elements that differ by what one factor alone decides', async () => {
    const leaf = fc.constantFrom<JsonValue>(0, 1, null)
    const own = (name: string): fc.Arbitrary<JsonObject> =>
      fc.record(
        { [name]: leaf, both: fc.record({ [name]: leaf }, { noNullPrototype: true }), last: leaf },
        { noNullPrototype: true },
      ) as fc.Arbitrary<JsonObject>
    const factors = fc.tuple(
      fc.array(own('a'), { maxLength: 4 }),
      fc.array(own('b'), { maxLength: 4 }),
      fc.array(own('c'), { maxLength: 3 }),
    )
    await fc.assert(
      fc.asyncProperty(factors, async (lists) => {
        const { elements } = await generate({ generators: lists.map((elements) => list(...elements)) })
        expect(elements).toEqual(slowProduct(lists))
      }),
      { numRuns: 300 },
    )
  })
})

/** Every object and list in a value, as often as it is there. */
function listObjects(value: JsonValue): object[] {
  if (typeof value !== 'object' || value === null) return []
  return [value, ...Object.values(value as JsonObject).flatMap(listObjects)]
}

/** The same by definition: recursion instead of rows, equality instead of hashes. */
function slowProduct(factors: JsonObject[][]): JsonObject[] {
  const rows = factors.reduce<JsonObject[]>(
    (done, factor) => done.flatMap((left) => factor.map((right) => slowMerge(left, right))),
    [{}],
  )
  return rows.filter((row, index) => rows.findIndex((other) => isDeepStrictEqual(other, row)) === index)
}

function slowMerge(left: JsonObject, right: JsonObject): JsonObject {
  const merged: JsonObject = { ...left, ...right }
  for (const key of Object.keys(left)) {
    const [old, value] = [left[key], right[key]]
    if (isJsonObject(old) && isJsonObject(value)) merged[key] = slowMerge(old, value)
  }
  return merged
}
