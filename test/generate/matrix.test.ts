import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyJson } from '../../helpers/go/json-tree.ts'
import type { JsonObject } from '../../helpers/go/value.ts'
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

  it('gives what nested loops, merge and a search for duplicates give', async () => {
    const key = fc.constantFrom('a', 'b', 'c')
    const value = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.dictionary(key, fc.integer({ min: 0, max: 1 })))
    const factor = fc.array(fc.dictionary(key, value, { maxKeys: 3 }), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(fc.array(factor, { minLength: 1, maxLength: 3 }), async (factors) => {
        const generators = factors.map((elements) => list(...(elements as JsonObject[])))
        const { elements } = await generate({ generators })
        expect(elements).toEqual(slowProduct(factors as JsonObject[][]))
      }),
    )
  })
})

/** The same by definition: recursion instead of rows, equality instead of hashes. */
function slowProduct(factors: JsonObject[][]): JsonObject[] {
  const rows = factors.reduce<JsonObject[]>(
    (done, factor) => done.flatMap((left) => factor.map((right) => slowMerge(left, right))),
    [{}],
  )
  return rows.filter((row, index) => rows.findIndex((other) => isSame(other, row)) === index)
}

function slowMerge(left: JsonObject, right: JsonObject): JsonObject {
  const merged: JsonObject = { ...left }
  for (const [key, value] of Object.entries(right)) {
    const before = left[key]
    merged[key] =
      typeof before === 'object' && typeof value === 'object'
        ? { ...(before as JsonObject), ...(value as JsonObject) }
        : value
  }
  return merged
}

function isSame(a: JsonObject, b: JsonObject): boolean {
  try {
    expect(a).toEqual(b)
    return true
  } catch {
    return false
  }
}
