import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PrometheusSpec } from '../../src/api/types.ts'
import { AppError } from '../../src/errors.ts'
import type { Generation } from '../../src/generate/generator.ts'
import { prometheusGenerator } from '../../src/generate/prometheus.ts'
import { alignInstant } from '../../src/generate/run.ts'
import { createHttpClient } from '../../src/http/client.ts'
import { build, builtinScopes, type BuildResult } from '../../src/pipeline.ts'
import type { SampleSeries } from '../stack/samples.ts'
import { startStack, type Stack } from '../stack/stack.ts'
import { fakeContext, fakeSet, fixedClock } from './fakes.ts'

const HOUR_S = 3_600
const DAY_S = 86_400
const NOW_S = Math.floor(Date.now() / 1000)
const MIB = 1_048_576
const ODD_LABELS = { quote: '"\'`\\', brace: '{{ .x }} {}', lines: 'a\n---\nkind: Evil', unicode: 'żółw 🐢' }

function hourly(
  name: string,
  labels: Record<string, string>,
  days: readonly [from: number, to: number],
  value: (ageDays: number) => number,
): SampleSeries {
  const samples: [number, number][] = []
  for (let age = days[0] * DAY_S; age >= days[1] * DAY_S; age -= HOUR_S)
    samples.push([NOW_S - age, value(age / DAY_S)])
  return { name, labels, samples }
}

/** Memory with its peak 20 to 35 days ago, older than a retention of 15 days. */
function memoryOf(labels: Record<string, string>, days: readonly [number, number]): SampleSeries {
  return hourly('memory', labels, days, (age) => (age > 20 ? 1_200 : 300) * MIB)
}

describe('the prometheus generator, on a real server', () => {
  let long: Stack
  let short: Stack
  const http = createHttpClient({ allowLoopback: true })

  beforeAll(async () => {
    long = await startStack({ parts: ['prometheus'] })
    await long.prometheus.backfill([
      memoryOf({ container: 'web' }, [35, 0.05]),
      memoryOf({ container: 'api' }, [35, 0.05]),
      memoryOf({ container: 'young' }, [3, 0.05]),
      memoryOf({ container: 'gone' }, [35, 2]),
      hourly('cpu', { container: 'web', node: 'n1' }, [35, 0.05], () => 0.5),
      hourly('cpu', { container: 'batch', node: 'n2' }, [35, 0.05], () => 4),
      hourly('odd', ODD_LABELS, [1, 0.05], () => 7),
    ])
    short = await startStack({ parts: ['prometheus'], prometheusRetention: '15d' })
    await short.prometheus.backfill([memoryOf({ container: 'web' }, [35, 15.5])])
    await short.prometheus.backfill([memoryOf({ container: 'web' }, [15, 0.05])])
  })

  afterAll(async () => {
    http.close()
    await long.stop()
    await short.stop()
  })

  function ask(spec: Partial<PrometheusSpec>, stack = long): Promise<Generation> {
    const evaluatedAtMs = alignInstant(Date.now())
    const context = fakeContext({ http, evaluatedAtMs, path: 'spec.generators[0].prometheus' })
    const endpoint = stack.prometheus.url
    return prometheusGenerator.generate({ endpoint, interval: '24h', ...spec }, context)
  }

  /** The set of one such generator, up to its objects. */
  function buildFrom(spec: Partial<PrometheusSpec>, stack: Stack): Promise<BuildResult> {
    const prometheus = { endpoint: stack.prometheus.url, schedule: '0 0 1 1 *', ...spec }
    const data = {
      ...Object.fromEntries(Object.keys(ODD_LABELS).map((name) => [name, `{{ .Element.labels.${name} }}`])),
      value: '{{ .Element.value }}',
    }
    const content = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'odd' }, data }
    const set = fakeSet([{ prometheus }])
    const clock = { ...fixedClock(), nowMs: () => Date.now() }
    return build(
      { ...set, spec: { ...set.spec, templates: [{ content }] } },
      { ...fakeContext({ http, clock }), scopes: builtinScopes },
    )
  }

  async function errorOf(spec: Partial<PrometheusSpec>, stack = long): Promise<AppError> {
    const error: unknown = await ask(spec, stack).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AppError)
    return error as AppError
  }

  const peak = 'max by (container) (max_over_time(memory[30d]))'

  it('finds the maximum of 30 days where the server keeps them', async () => {
    const query = 'max by (container) (max_over_time(memory{container=~"web|api"}[30d]))'
    const generation = await ask({ query, window: '30d', maxAge: '3h' })
    expect(generation).toMatchObject({ complete: true, warnings: [] })
    expect(generation.elements.map(({ labels, value }) => [labels, value])).toEqual([
      [{ container: 'api' }, 1_200 * MIB],
      [{ container: 'web' }, 1_200 * MIB],
    ])
    expect(generation.elements[0]).toMatchObject({ sample: { coverage: 0.9, series: 1, stale: false } })
  })

  it('withholds what has too little data, and what has none of late', async () => {
    const generation = await ask({ query: peak, window: '30d', maxAge: '3h' })
    expect(generation.elements.map((element) => element['labels'])).toEqual([
      { container: 'api' },
      { container: 'web' },
    ])
    expect(generation.complete).toBe(false)
    expect(generation.kept).toContain('{container="gone"} has no sample newer than 3h (maxAge)')
    expect(generation.kept).toMatch(
      /\{container="young"\} has data for about ([5-9]|10)% of the window of 30d/,
    )
  })

  it('says that a retention of 15 days is too short for 30, and how much there is', async () => {
    const silent = await ask({ query: peak }, short)
    expect(silent.elements[0]?.['value']).toBe(300 * MIB)
    const error = await errorOf({ query: peak, window: '30d' }, short)
    expect(error).toMatchObject({ reason: 'InsufficientData', disposition: 'wait' })
    const percent = Number(/about (\d+)% of the window of 30d/.exec(error.message)?.[1])
    expect(percent).toBeGreaterThan(44)
    expect(percent).toBeLessThan(54)
  })

  it('makes no objects of too short a retention, and is asked again in a quarter of an hour', async () => {
    const { error, ...built } = await buildFrom({ query: peak, window: '30d' }, short)
    expect(error).toMatchObject({ reason: 'InsufficientData', retryAfterMs: 15 * 60_000 })
    expect(built).not.toHaveProperty('objects')
  })

  it('carries label values intact', async () => {
    const { elements } = await ask({ query: 'max without () (last_over_time(odd[3h]))' })
    expect(elements[0]).toMatchObject({ labels: ODD_LABELS, value: 7 })
  })

  it('carries label values through templates into objects intact', async () => {
    const built = await buildFrom({ query: 'max without () (last_over_time(odd[3h]))' }, long)
    if (built.error !== undefined) throw built.error
    expect(built.objects.map(({ object }) => object['data'])).toEqual([{ ...ODD_LABELS, value: '7' }])
  })

  it.each(['kube.io/żółw 🐢', '__proto__', 'constructor', 'with "quotes"'])(
    'carries the label name %s intact',
    async (label) => {
      const query = `label_replace(vector(1), ${JSON.stringify(label)}, "x", "", "")`
      const labels = (await ask({ query })).elements[0]?.['labels']
      expect(Object.entries(labels ?? {})).toEqual([[label, 'x']])
      expect(Object.getPrototypeOf(labels)).toBe(Object.prototype)
    },
  )

  it('takes no native histogram for a number, but numbers of one', async () => {
    await pushHistogram(long.prometheus.url, 'latency')
    const error = await errorOf({ query: 'latency' })
    expect(error).toMatchObject({ reason: 'GeneratorFailed', disposition: 'retry' })
    expect(error.message).toBe(
      '{__name__="latency"} is a native histogram; take a number of it, for example with histogram_quantile(…)',
    )
    const mixed = await errorOf({ query: 'latency or label_replace(vector(1), "a", "b", "", "")' })
    expect(mixed.message).toContain('is a native histogram')
    const { elements, complete } = await ask({ query: 'histogram_sum(latency)' })
    expect([elements[0]?.['value'], complete]).toEqual([34.5, true])
  })

  it('gives the answer itself as a single element', async () => {
    const { elements } = await ask({
      query: 'max(max_over_time(memory[30d]))by(container)/1024',
      singleElement: true,
    })
    expect(elements).toHaveLength(1)
    expect(elements[0]).toMatchObject({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          { metric: { container: 'api' } },
          {},
          {},
          { metric: { container: 'young' }, value: [expect.any(Number), '307200'] },
        ],
      },
    })
  })

  it('joins two queries', async () => {
    const queries = [
      { name: 'memory', query: 'max by (container) (max_over_time(memory[30d]))' },
      { name: 'cpu', query: 'max by (container, node) (max_over_time(cpu[30d]))' },
    ]
    const rows = async (join: 'Inner' | 'Left' | 'Full'): Promise<unknown[]> =>
      (await ask({ queries, join })).elements.map((element) => element['values'])
    const web = { memory: 1_200 * MIB, cpu: 0.5 }
    const others = [
      { memory: 1_200 * MIB, cpu: null },
      { memory: 1_200 * MIB, cpu: null },
    ]
    expect(await rows('Inner')).toEqual([web])
    expect(await rows('Left')).toEqual([...others, web, { memory: 300 * MIB, cpu: null }])
    expect(await rows('Full')).toEqual([
      others[0],
      { memory: null, cpu: 4 },
      others[1],
      web,
      { memory: 300 * MIB, cpu: null },
    ])
  })

  it.each<[string, Partial<AppError>]>([
    [
      'vector(0) / 0',
      { reason: 'InsufficientData', message: 'the value of {} is NaN, not a number to act on' },
    ],
    [
      '1 / vector(0)',
      { reason: 'InsufficientData', message: 'the value of {} is +Inf, not a number to act on' },
    ],
    [
      '-1 / vector(0)',
      { reason: 'InsufficientData', message: 'the value of {} is -Inf, not a number to act on' },
    ],
    [
      '1',
      {
        reason: 'GeneratorFailed',
        message: 'the query gives a scalar; wrap it in vector(…), not an instant vector',
      },
    ],
    ['"x"', { reason: 'GeneratorFailed' }],
    ['memory[5h]', { reason: 'GeneratorFailed' }],
    [
      'last_over_time(memory[3h]) > on () last_over_time(memory[3h])',
      { disposition: 'stall', reason: 'GeneratorFailed' },
    ],
  ])('takes no value from %s', async (query, expected) => {
    expect(await errorOf({ query })).toMatchObject(expected)
  })

  it('says where a query does not parse, and waits for another', async () => {
    const error = await errorOf({ query: 'max(\n  memory' })
    expect(error.disposition).toBe('stall')
    expect(error.message).toContain('the query is not valid (bad_data); it does not parse at line 2, column')
  })

  it('takes an answer with warnings for incomplete', async () => {
    const generation = await ask({
      query: 'last_over_time(odd[3h]) or histogram_quantile(0.9, last_over_time(odd[3h]))',
    })
    expect(generation.elements).toHaveLength(1)
    expect(generation.complete).toBe(false)
    expect(generation.warnings[0]).toContain('le')
  })

  it('finds nothing where there is nothing', async () => {
    expect(await ask({ query: 'nothing_at_all' })).toMatchObject({ elements: [], complete: true })
  })

  it('says that the path is wrong', async () => {
    const error = await errorOf({ endpoint: `${long.prometheus.url}/prefix`, query: 'memory' })
    expect(error.message).toContain('got 404 response from 127.0.0.1:')
    expect(error.disposition).toBe('stall')
  })
})

/** An exponential histogram of a minute ago, which the server keeps as a native one. */
async function pushHistogram(url: string, name: string): Promise<void> {
  const timeUnixNano = String(BigInt(Date.now() - 60_000) * 1_000_000n)
  const positive = { offset: -3, bucketCounts: ['5', '6', '30'] }
  const point = { timeUnixNano, count: '42', sum: 34.5, scale: 2, zeroCount: '1', positive }
  const metric = { name, exponentialHistogram: { aggregationTemporality: 2, dataPoints: [point] } }
  const response = await fetch(`${url}/api/v1/otlp/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] }),
  })
  expect(response.status).toBe(200)
}
