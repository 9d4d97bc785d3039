import { describe, expect, it } from 'vitest'
import type { PrometheusSpec } from '../../src/api/types.ts'
import type { AppError } from '../../src/errors.ts'
import { NOW_MS, type Answer } from './fakes.ts'
import { formOf, generate, NOW_S, vector, type Item } from './prometheus-server.ts'

const DAY_MS = 86_400_000

describe('several queries', () => {
  const memory: Item[] = [
    [{ namespace: 'shop', container: 'web', node: '1' }, '10'],
    [{ namespace: 'shop', container: 'api', node: '2' }, '20'],
    [{ namespace: 'data', container: 'etl', node: '3' }, '30'],
  ]
  const cpu: Item[] = [
    [{ namespace: 'shop', container: 'web' }, '0.5'],
    [{ namespace: 'data', container: 'etl' }, '2'],
    [{ namespace: 'data', container: 'gc' }, '4'],
  ]
  const queries = [
    { name: 'memory', query: 'mem' },
    { name: 'cpu', query: 'cpu' },
  ]

  async function join(spec: Partial<PrometheusSpec>): Promise<unknown[]> {
    const { generation } = await generate({ queries, ...spec }, (form) =>
      form.get('query') === 'mem' ? vector(...memory) : vector(...cpu),
    )
    return generation.elements.map(({ labels, value, values }) => ({ labels, value, values }))
  }

  const web = {
    labels: { namespace: 'shop', container: 'web', node: '1' },
    value: 10,
    values: { memory: 10, cpu: 0.5 },
  }
  const etl = {
    labels: { namespace: 'data', container: 'etl', node: '3' },
    value: 30,
    values: { memory: 30, cpu: 2 },
  }
  const api = {
    labels: { namespace: 'shop', container: 'api', node: '2' },
    value: 20,
    values: { memory: 20, cpu: null },
  }
  const gc = { labels: { namespace: 'data', container: 'gc' }, value: null, values: { memory: null, cpu: 4 } }

  it('are joined on what they have in common', async () => {
    expect(await join({})).toEqual([etl, web])
    expect(await join({ join: 'Left' })).toEqual([api, etl, web])
    expect(await join({ join: 'Full' })).toEqual([api, etl, gc, web])
  })

  it('are joined on the labels named', async () => {
    expect(await join({ joinOn: ['container'] })).toEqual([etl, web])
  })

  it('fail where a label does not tell two series apart', async () => {
    await expect(join({ joinOn: ['namespace'] })).rejects.toMatchObject({
      message:
        'two series of one query have the labels {namespace="shop"}; aggregate, or join on more labels',
    })
  })

  it('share one instant', async () => {
    const { requests } = await generate({ queries }, () => vector())
    expect(requests.map((request) => formOf(request).get('time'))).toEqual([String(NOW_S), String(NOW_S)])
  })
})

describe('coverage', () => {
  /** A server with data for so many days, per container. */
  function history(days: Record<string, number>): (form: URLSearchParams) => Answer {
    return (form) => {
      const ageMs = NOW_MS - Number(form.get('time')) * 1000
      const present = Object.entries(days).filter(([, retained]) => ageMs <= retained * DAY_MS)
      return vector(...present.map(([container]): Item => [{ container }, '300']))
    }
  }

  it('of enough lets the element through, with one more query', async () => {
    const { generation, requests } = await generate({ window: '30d' }, history({ web: 28 }))
    expect(requests.map((request) => (NOW_MS - Number(formOf(request).get('time')) * 1000) / DAY_MS)).toEqual(
      [0, 27],
    )
    expect(generation).toMatchObject({ complete: true, elements: [{ sample: { coverage: 0.9 } }] })
  })

  it('of too little fails with the measured coverage', async () => {
    const error: unknown = await generate({ window: '30d' }, history({ web: 15 })).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ reason: 'InsufficientData', disposition: 'wait' })
    const percent = Number(
      /about (\d+)% of the window of 30d, and needs 90%/.exec((error as AppError).message)?.[1],
    )
    expect(percent).toBeGreaterThan(46)
    expect(percent).toBeLessThanOrEqual(50)
  })

  it('withholds what is thin and lets the rest through', async () => {
    const { generation } = await generate({ window: '30d' }, history({ young: 3, old: 30, middle: 20 }))
    expect(generation.elements.map((element) => element['labels'])).toEqual([{ container: 'old' }])
    expect(generation.complete).toBe(false)
    expect(generation.kept).toMatch(
      /^insufficient data, existing objects are kept: {container="middle"} has data for about 6\d% .*; {container="young"} has data for about \d%/,
    )
    expect(generation.warnings).toEqual([generation.kept])
  })

  it('needed is what the entry says', async () => {
    const { generation } = await generate({ window: '2w', minCoverage: '50%' }, history({ web: 8 }))
    expect(generation.elements).toHaveLength(1)
  })

  it('withholds a single element as a whole', async () => {
    await expect(
      generate({ window: '30d', singleElement: true }, history({ young: 3, old: 30 })),
    ).rejects.toMatchObject({ reason: 'InsufficientData' })
  })

  it('is not asked of an empty answer', async () => {
    const { requests } = await generate({ window: '30d' }, () => vector())
    expect(requests).toHaveLength(1)
  })
})

describe('age', () => {
  it('is asked by the same query over a shorter range', async () => {
    const query = 'max by (c) (max_over_time(m{a="[30d]"}[30d:5m]) + rate(x[5m]))'
    const { generation, requests } = await generate({ query, maxAge: '10m' }, (form) =>
      form.get('lookback_delta') === null
        ? vector([{ c: 'live' }, '1'], [{ c: 'gone' }, '2'])
        : vector([{ c: 'live' }, '1']),
    )
    expect(formOf(requests[1]!).get('query')).toBe(
      'max by (c) (max_over_time(m{a="[30d]"}[600000ms:5m]) + rate(x[5m]))',
    )
    expect(formOf(requests[1]!).get('lookback_delta')).toBe('600s')
    expect(generation.elements.map((element) => element['labels'])).toEqual([{ c: 'live' }])
    expect(generation.kept).toContain('{c="gone"} has no sample newer than 10m (maxAge)')
  })
})
