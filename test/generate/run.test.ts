import { describe, expect, it } from 'vitest'
import type { GeneratorEntry } from '../../src/api/types.ts'
import { AppError } from '../../src/errors.ts'
import { ALL_GENERATORS } from '../../src/generate/entry.ts'
import { findReferences } from '../../src/generate/registry.ts'
import { alignInstant, generateAll, type EntryOutcome, type GenerateOptions } from '../../src/generate/run.ts'
import { configMap, fakeContext, fakeHttp, fakeReader, fakeSet, NOW_MS, secret } from './fakes.ts'

function run(
  generators: GeneratorEntry[],
  options: Partial<GenerateOptions> = {},
  context = fakeContext(),
): Promise<EntryOutcome[]> {
  return generateAll(fakeSet(generators), context, { enabled: ALL_GENERATORS, ...options })
}

describe('generateAll', () => {
  it('evaluates all entries, in order', async () => {
    const reader = fakeReader([configMap('c', { region: 'eu' }), secret('s', { token: 'łódź' })])
    const outcomes = await run(
      [
        { list: { elements: [{ a: 1 }] } },
        { config: { kind: 'ConfigMap', name: 'c' } },
        { config: { kind: 'Secret', name: 's' } },
      ],
      {},
      fakeContext({ reader }),
    )
    expect(outcomes.map((outcome) => outcome.generation?.elements)).toEqual([
      [{ a: 1 }],
      [{ region: 'eu' }],
      [{ token: 'łódź' }],
    ])
    expect(outcomes.map((outcome) => outcome.path)).toEqual([
      'spec.generators[0].list',
      'spec.generators[1].config',
      'spec.generators[2].config',
    ])
  })

  it('reports one failing entry without losing the others', async () => {
    const outcomes = await run([
      { config: { kind: 'ConfigMap', name: 'missing' } },
      { list: { elements: [{ a: 1 }] } },
    ])
    expect(outcomes[0]?.error).toMatchObject({
      message: 'ConfigMap team/missing not found',
      path: 'spec.generators[0].config',
      disposition: 'wait',
    })
    expect(outcomes[1]?.generation?.elements).toHaveLength(1)
  })

  it("keeps the reader's reason and adds the path", async () => {
    const reader = {
      ...fakeReader(),
      get: () => Promise.reject(new AppError('AccessDenied', 'retry', 'cannot get secrets')),
    }
    const [outcome] = await run([{ config: { kind: 'Secret', name: 's' } }], {}, fakeContext({ reader }))
    expect(outcome?.error).toMatchObject({ reason: 'AccessDenied', path: 'spec.generators[0].config' })
  })

  it.each([
    ['nothing', {}],
    ['two', { list: {}, config: { kind: 'ConfigMap', name: 'c' } }],
    ['an unknown kind', { inventory: {} }],
    ['an inherited name', JSON.parse('{"constructor": {}, "__proto__": {}}')],
  ])('refuses an entry with %s', async (_what, entry) => {
    const [outcome] = await run([entry as GeneratorEntry])
    expect(outcome?.error).toMatchObject({
      reason: 'InvalidSpec',
      disposition: 'stall',
      message: 'exactly one generator is needed',
      path: 'spec.generators[0]',
    })
  })

  it('refuses a kind that is not enabled', async () => {
    const [outcome] = await run([{ list: { elements: [{}] } }], { enabled: new Set(['Matrix']) })
    expect(outcome?.error?.message).toContain('generator List not enabled')
  })

  it('keeps, prunes or fails on a complete answer without elements', async () => {
    const http = fakeHttp(() => ({ json: [] }))
    const api = { endpoint: 'http://api.example', interval: '1h' }
    const outcomes = await run(
      [
        { apiClient: api },
        { apiClient: { ...api, onEmpty: 'Prune' } },
        { apiClient: { ...api, onEmpty: 'Fail' } },
        { list: {} },
        { list: { onEmpty: 'Keep' } },
      ],
      {},
      fakeContext({ http }),
    )
    expect(outcomes.map((outcome) => outcome.generation?.complete)).toEqual([
      false,
      true,
      undefined,
      true,
      false,
    ])
    expect(outcomes[0]).toMatchObject({
      kept: 'spec.generators[0].apiClient: no elements; existing objects are kept (onEmpty: Keep)',
    })
    expect(outcomes[2]?.error).toMatchObject({ reason: 'InsufficientData', disposition: 'retry' })
  })

  it('uses the answer at hand for an entry that is not due', async () => {
    const http = fakeHttp(() => ({ json: [] }))
    const generation = { elements: [{ a: 1 }], complete: true, warnings: [] }
    const evaluatedAtMs = NOW_MS - 1_000
    const [outcome] = await run(
      [{ apiClient: { endpoint: 'http://api.example', schedule: '0 5 * * *' } }],
      {
        reuse: (path) =>
          path === 'spec.generators[0].apiClient' ? { generation, evaluatedAtMs } : undefined,
      },
      fakeContext({ http }),
    )
    expect(http.requests).toHaveLength(0)
    expect(outcome).toMatchObject({
      generation,
      evaluatedAtMs,
      reused: true,
      nextEvaluationMs: NOW_MS + 3_600_000,
    })
  })

  it('says when the next answer is due, after a failure too', async () => {
    const http = fakeHttp(() => ({ status: 404 }))
    const [outcome] = await run(
      [{ apiClient: { endpoint: 'http://api.example', schedule: '0 5 * * *' } }],
      {},
      fakeContext({ http }),
    )
    expect(outcome).toMatchObject({ error: { disposition: 'stall' }, nextEvaluationMs: NOW_MS + 3_600_000 })
  })

  it.each([
    ['0 5 * * *', 6 * 60_000],
    ['2 4 * * *', 60_000],
    ['0 4 * * *', 15 * 60_000],
  ])(
    'asks again for data that the schedule %s found insufficient after %i ms',
    async (schedule, retryAfterMs) => {
      const spec = { endpoint: 'http://api.example', schedule }
      const context = fakeContext({ http: fakeHttp(() => ({ json: [] })) })
      const [kept, failed, pruned] = await run(
        [
          { apiClient: spec },
          { apiClient: { ...spec, onEmpty: 'Fail' } },
          { apiClient: { ...spec, onEmpty: 'Prune' } },
        ],
        {},
        context,
      )
      expect(kept).toMatchObject({ generation: { complete: false }, retryAfterMs })
      expect(failed?.error).toMatchObject({ reason: 'InsufficientData', retryAfterMs })
      expect(pruned).not.toHaveProperty('retryAfterMs')
    },
  )

  it('leaves the pace after a fault, and of what is not polled, to others', async () => {
    const faulty = fakeContext({ http: fakeHttp(() => ({ status: 500 })) })
    const [failed] = await run(
      [{ apiClient: { endpoint: 'http://api.example', interval: '1h' } }],
      {},
      faulty,
    )
    expect(failed?.error).toMatchObject({ disposition: 'retry', retryAfterMs: undefined })
    const [empty] = await run([{ list: { elements: [], onEmpty: 'Fail' } }])
    expect(empty?.error).toMatchObject({ reason: 'InsufficientData', retryAfterMs: undefined })
  })

  it('refuses more elements than the limit', async () => {
    const limits = { maxElements: 1, maxResponseBytes: 1 }
    const [outcome] = await run([{ list: { elements: [{}, {}] } }], {}, fakeContext({ limits }))
    expect(outcome?.error?.message).toBe('2 elements, more than the limit of 1')
  })

  it('evaluates at most four entries at a time', async () => {
    let inside = 0
    let most = 0
    const http = fakeHttp(async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => void setImmediate(resolve))
      inside--
      return { json: [{}] }
    })
    const entries = Array.from({ length: 20 }, () => ({
      apiClient: { endpoint: 'http://a.example', interval: '1h' },
    }))
    const outcomes = await run(entries, {}, fakeContext({ http }))
    expect(most).toBe(4)
    expect(outcomes.every((outcome) => outcome.generation !== undefined)).toBe(true)
  })
})

describe('findReferences', () => {
  it('names each object once, and skips entries that are not valid', () => {
    const keys = findReferences(
      [
        { config: { kind: 'Secret', name: 's' } },
        {
          apiClient: {
            endpoint: 'http://a',
            headersRef: { kind: 'Secret', name: 's' },
            secretRef: { name: 'tls' },
          },
        },
        {},
        { list: {} },
      ],
      'team',
    )
    expect(keys).toEqual([
      { group: '', version: 'v1', kind: 'Secret', namespace: 'team', name: 's' },
      { group: '', version: 'v1', kind: 'Secret', namespace: 'team', name: 'tls' },
    ])
  })
})

it('aligns instants to whole seconds', () => {
  expect(alignInstant(1_700_000_000_781)).toBe(1_700_000_000_000)
})
