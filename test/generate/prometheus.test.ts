import { describe, expect, it } from 'vitest'
import type { PrometheusSpec } from '../../src/api/types.ts'
import type { AppError } from '../../src/errors.ts'
import { NOW_MS, type Answer } from './fakes.ts'
import { errorOf, failure, generate, NOW_S, success, vector } from './prometheus-server.ts'

describe('the request', () => {
  it("is a form at the evaluation time, with the tenant's headers", async () => {
    const { requests } = await generate(
      {
        endpoint: 'https://mimir/prometheus/',
        query: 'up{a="b&c"}',
        headersRef: { kind: 'Secret', name: 'tenant' },
      },
      () => vector(),
    )
    expect(requests).toEqual([
      {
        url: 'https://mimir/prometheus/api/v1/query',
        method: 'POST',
        headers: { 'x-scope-orgid': 'team-a', 'content-type': 'application/x-www-form-urlencoded' },
        body: `query=up%7Ba%3D%22b%26c%22%7D&time=${NOW_S}&timeout=30s`,
        timeoutMs: 30_000,
        maxBytes: 5 * 1024 * 1024,
        maxInFlight: 4,
        carriesSecret: true,
      },
    ])
  })

  it.each([
    ['http://p:9090', 'http://p:9090/api/v1/query'],
    ['http://p:9090/', 'http://p:9090/api/v1/query'],
    ['http://p/select/0/prometheus', 'http://p/select/0/prometheus/api/v1/query'],
    ['http://p/api/v1/query', 'http://p/api/v1/query'],
    ['http://p/api/v1', 'http://p/api/v1/query'],
    ['http://p/x?extra_label=a%3Db#part', 'http://p/x/api/v1/query?extra_label=a%3Db'],
  ])('to %s goes to %s', async (endpoint, url) => {
    const { requests } = await generate({ endpoint }, () => vector())
    expect(requests[0]?.url).toBe(url)
  })

  it.each([403, 405, 501])('becomes a GET where a POST gets %i', async (status) => {
    const { generation, requests } = await generate({ query: 'up > 0' }, (form, request) =>
      request.method === 'POST' ? { status } : vector([{ job: form.get('query') ?? '' }, '1']),
    )
    expect(requests[1]).toMatchObject({
      method: 'GET',
      url: `http://prometheus:9090/api/v1/query?query=up+%3E+0&time=${NOW_S}&timeout=30s`,
    })
    expect(requests[1]).not.toHaveProperty('body')
    expect(generation.elements[0]).toMatchObject({ labels: { job: 'up > 0' } })
  })
})

describe('elements', () => {
  it('are sorted by their labels, and hold numbers', async () => {
    const { generation } = await generate({}, () =>
      vector(
        [{ container: 'web', namespace: 'b' }, '2.5'],
        [{ namespace: 'a', container: 'web' }, '1e+21'],
        [{ container: 'api', namespace: 'z' }, '-0.000001'],
        [{}, '3e-07'],
      ),
    )
    expect(generation).toMatchObject({ complete: true, warnings: [], sampledAtMs: NOW_MS })
    expect(generation.elements.map((element) => [element['labels'], element['value']])).toEqual([
      [{ container: 'api', namespace: 'z' }, -0.000001],
      [{ container: 'web', namespace: 'a' }, 1e21],
      [{ container: 'web', namespace: 'b' }, 2.5],
      [{}, 3e-7],
    ])
    expect(generation.elements[0]).toMatchObject({
      values: { value: -0.000001 },
      sample: { time: '2026-03-01T04:00:00.000Z', coverage: null, series: 1, stale: false },
    })
  })

  it('carry label values intact, whatever is in them', async () => {
    const labels = {
      quote: '"\'`',
      brace: '{{ .x }}',
      lines: 'a\n---\nb',
      unicode: 'żółw 🐢',
      __proto__x: 'y',
      constructor: 'z',
    }
    const { generation } = await generate({}, () => vector([labels, '1']))
    expect(generation.elements[0]?.['labels']).toEqual(labels)
  })

  it('keep a label of the name __proto__ as a label', async () => {
    const body =
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__proto__":"evil"},"value":[1,"1"]}]}}'
    const { generation } = await generate({}, () => ({ body }))
    const labels = generation.elements[0]?.['labels'] ?? {}
    expect(Object.entries(labels)).toEqual([['__proto__', 'evil']])
    expect(Object.getPrototypeOf(labels)).toBe(Object.prototype)
  })

  it('are the answer itself where a single one is asked for, its results sorted', async () => {
    const { generation } = await generate({ singleElement: true }, () =>
      vector([{ c: 'b' }, '2'], [{ c: 'a' }, '1']),
    )
    expect(generation.elements).toEqual([
      {
        status: 'success',
        data: {
          resultType: 'vector',
          result: [
            { metric: { c: 'a' }, value: [NOW_S, '1'] },
            { metric: { c: 'b' }, value: [NOW_S, '2'] },
          ],
        },
      },
    ])
  })

  it.each([false, true])('are none for an empty answer (single element: %s)', async (singleElement) => {
    const { generation } = await generate({ singleElement }, () => vector())
    expect(generation).toMatchObject({ elements: [], complete: true })
  })
})

describe('an answer that is not numbers', () => {
  it.each<[string, Answer, Partial<AppError>]>([
    [
      'NaN',
      vector([{ c: 'a' }, 'NaN']),
      { reason: 'InsufficientData', message: 'the value of {c="a"} is NaN, not a number to act on' },
    ],
    [
      '+Inf',
      vector([{}, '+Inf']),
      { reason: 'InsufficientData', message: 'the value of {} is +Inf, not a number to act on' },
    ],
    [
      '-Inf',
      vector([{}, '-Inf']),
      { reason: 'InsufficientData', message: 'the value of {} is -Inf, not a number to act on' },
    ],
    ['an empty value', vector([{}, '']), { message: '{} has no number as its value' }],
    ['hexadecimal', vector([{}, '0x10']), { message: '{} has no number as its value' }],
    ['a number over the range', vector([{}, '1e400']), { message: '{} has no number as its value' }],
    ['a space', vector([{}, ' 1']), { message: '{} has no number as its value' }],
    [
      'a bare number',
      success('vector', [{ metric: {}, value: [1, 2] }]),
      { message: '{} has no number as its value' },
    ],
    [
      'a histogram',
      success('vector', [{ metric: { c: 'a' }, histogram: [1, { count: '42', sum: '3' }] }]),
      {
        message: '{c="a"} is a native histogram; take a number of it, for example with histogram_quantile(…)',
      },
    ],
    [
      'a scalar',
      success('scalar', [1, '2.5']),
      { message: 'the query gives a scalar; wrap it in vector(…), not an instant vector' },
    ],
    [
      'a string',
      success('string', [1, 'hello']),
      { message: 'the query gives a string; elements need numbers, not an instant vector' },
    ],
    [
      'a matrix',
      success('matrix', [{ metric: {}, values: [[1, '1']] }]),
      {
        message:
          'the query gives a range vector; aggregate it over time, for example with max_over_time(…), not an instant vector',
      },
    ],
    [
      'something unknown',
      success('streams', []),
      { message: 'the query gives a result of an unknown type, not an instant vector' },
    ],
    ['no list', success('vector', {}), { message: 'the answer has no list of results' }],
    [
      'a strange label',
      success('vector', [{ metric: { a: 1 }, value: [1, '1'] }]),
      { message: 'the answer has a label whose value is not a string' },
    ],
  ])('such as %s', async (_what, answer, expected) => {
    const error = await errorOf({}, answer)
    expect(error).toMatchObject({ disposition: 'retry', path: 'spec.generators[0].prometheus', ...expected })
  })
})

describe('an error of the server', () => {
  it.each<[string, Answer, Partial<AppError>]>([
    [
      'bad_data',
      failure(400, 'bad_data', 'invalid parameter "query": 1:5: parse error: canary left parenthesis'),
      {
        disposition: 'stall',
        message:
          'got 400 response from prometheus:9090: the query is not valid (bad_data); it does not parse at line 1, column 5',
      },
    ],
    [
      'execution',
      failure(422, 'execution', 'canary'),
      {
        disposition: 'stall',
        message:
          'got 422 response from prometheus:9090: the query cannot be executed; does it load too many samples? (execution)',
      },
    ],
    [
      'timeout',
      failure(503, 'timeout', 'canary'),
      {
        disposition: 'retry',
        message: 'got 503 response from prometheus:9090: the query took too long (timeout)',
      },
    ],
    [
      'an unknown type',
      failure(500, 'canary', 'canary'),
      { disposition: 'retry', message: 'got 500 response from prometheus:9090: the query failed' },
    ],
    ['an unknown type of a query that is refused', failure(422, '422', 'canary'), { disposition: 'stall' }],
    ['an unknown type under 200', failure(200, 'canary', 'canary'), { disposition: 'retry' }],
    [
      'a limit',
      { ...failure(429, 'too_many_requests', 'canary'), headers: { 'retry-after': '120' } },
      {
        disposition: 'retry',
        retryAfterMs: 120_000,
        message:
          'got 429 response from prometheus:9090: the server limits how much it is asked (too_many_requests)',
      },
    ],
    ['an error under 200', failure(200, 'execution', 'canary'), { disposition: 'stall' }],
    [
      'starting up',
      { status: 503, body: 'Service Unavailable canary', headers: { 'content-type': 'text/plain' } },
      { disposition: 'retry', message: 'got 503 response from prometheus:9090 (26 bytes)' },
    ],
    [
      'a missing prefix',
      { status: 404, body: '404 page not found', headers: { 'content-type': 'text/plain' } },
      {
        disposition: 'stall',
        message: 'got 404 response from prometheus:9090 (18 bytes); is the path right?',
      },
    ],
    ['no credentials', { status: 401, body: 'Unauthorized canary' }, { disposition: 'stall' }],
    [
      'HTML',
      { body: '<html>canary</html>', headers: { 'content-type': 'text/html' } },
      {
        disposition: 'retry',
        message:
          'the answer of prometheus:9090 is not that of a Prometheus API; it looks like HTML: is a path prefix missing, or a login page in between?',
      },
    ],
    [
      'HTML that claims to be JSON',
      { body: '<html>canary</html>', headers: { 'content-type': 'application/json' } },
      { disposition: 'retry' },
    ],
    ['cut JSON', { body: '{"status":"success","data":{"canary', headers: {} }, { disposition: 'retry' }],
    [
      'other JSON',
      { json: { hello: 'canary' } },
      {
        disposition: 'retry',
        message: 'the answer of prometheus:9090 is not that of a Prometheus API; is the path prefix right?',
      },
    ],
    ['null', { body: 'null' }, { disposition: 'retry' }],
  ])('%s', async (_what, answer, expected) => {
    const error = await errorOf({}, answer)
    expect(error).toMatchObject({
      reason: 'GeneratorFailed',
      path: 'spec.generators[0].prometheus',
      ...expected,
    })
    expect(error.message).not.toContain('canary')
  })
})

describe('warnings', () => {
  const answer = success('vector', [{ metric: {}, value: [1, '1'] }], {
    warnings: ['store unreachable', 'x'.repeat(500), 7],
    infos: ['not shown'],
  })

  it('make the answer incomplete', async () => {
    const { generation } = await generate({}, () => answer)
    expect(generation.complete).toBe(false)
    expect(generation.warnings).toEqual(['store unreachable', 'x'.repeat(200)])
    expect(generation.elements).toHaveLength(1)
  })

  it('do not where they are accepted', async () => {
    const { generation } = await generate({ onWarnings: 'Accept' }, () => answer)
    expect(generation.complete).toBe(true)
    expect(generation.warnings).toHaveLength(2)
  })
})

it('an answer that says that it is partial is incomplete', async () => {
  const partial = success('vector', [{ metric: {}, value: [1, '1'] }], { isPartial: true })
  const { generation } = await generate({}, () => partial)
  expect(generation).toMatchObject({
    complete: false,
    warnings: ['the server says that its answer is partial'],
  })
  const whole = success('vector', [{ metric: {}, value: [1, '1'] }], { isPartial: false })
  expect((await generate({}, () => whole)).generation.complete).toBe(true)
})

describe('a spec that cannot be right', () => {
  it.each<[Partial<PrometheusSpec>, string]>([
    [{ query: 'up', queries: [{ name: 'a', query: 'up' }] }, 'exactly one of query and queries is needed'],
    [{ queries: [] }, 'exactly one of query and queries is needed'],
    [
      {
        queries: [
          { name: 'a', query: '1' },
          { name: 'a', query: '2' },
        ],
      },
      'two queries have the same name',
    ],
    [
      {
        singleElement: true,
        queries: [
          { name: 'a', query: '1' },
          { name: 'b', query: '2' },
        ],
      },
      'use query, not queries',
    ],
    [{ window: 'soon' }, '"soon" is not a duration'],
    [{ maxAge: '0s' }, '"0s" is not a duration'],
    [{ minCoverage: '120%' }, 'is not a percentage'],
    [{ minCoverage: '0.9' }, 'is not a percentage'],
  ])('%j', async (spec, message) => {
    const error = await errorOf(spec, vector())
    expect(error).toMatchObject({ reason: 'InvalidSpec', disposition: 'stall' })
    expect(error.message).toContain(message)
  })
})
