import { describe, expect, it } from 'vitest'
import type { ApiClientSpec } from '../../src/api/types.ts'
import { AppError } from '../../src/errors.ts'
import { apiClientGenerator } from '../../src/generate/api-client.ts'
import type { Generation } from '../../src/generate/generator.ts'
import type { HttpRequest, KubeObject } from '../../src/ports.ts'
import { configMap, fakeContext, fakeHttp, fakeReader, NOW_MS, secret, type Answer } from './fakes.ts'

const ENDPOINT = 'http://api.example/items?token=canary'

async function generate(
  spec: Partial<ApiClientSpec>,
  answer: Answer | ((request: HttpRequest) => Answer | Promise<Answer>) = { json: [] },
  objects: KubeObject[] = [],
): Promise<{ generation: Generation; request: HttpRequest; requests: HttpRequest[] }> {
  const http = fakeHttp((request) => (typeof answer === 'function' ? answer(request) : answer))
  const context = fakeContext({ http, reader: fakeReader(objects), path: 'spec.generators[0].apiClient' })
  const generation = await apiClientGenerator.generate(
    { endpoint: ENDPOINT, interval: '1h', ...spec },
    context,
  )
  return { generation, request: http.requests[0]!, requests: http.requests }
}

async function errorOf(
  spec: Partial<ApiClientSpec>,
  answer: Parameters<typeof generate>[1] = { json: [] },
  objects: KubeObject[] = [],
): Promise<AppError> {
  const error: unknown = await generate(spec, answer, objects).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(AppError)
  expect((error as AppError).message).not.toContain('canary')
  return error as AppError
}

describe('the request', () => {
  it('is a GET without body', async () => {
    const { request } = await generate({})
    expect(request).toEqual({
      url: ENDPOINT,
      method: 'GET',
      headers: {},
      timeoutMs: 30_000,
      maxBytes: 5 * 1024 * 1024,
      carriesSecret: false,
    })
  })

  it.each(['GET', 'POST'] as const)('with a body is a POST, whatever method %s says', async (method) => {
    const { request } = await generate({ method, body: { a: [1, null] } })
    expect(request).toMatchObject({
      method: 'POST',
      body: '{"a":[1,null]}',
      headers: { 'content-type': 'application/json' },
    })
  })

  it('of method POST may have no body', async () => {
    const { request } = await generate({ method: 'POST' })
    expect(request.method).toBe('POST')
    expect(request).not.toHaveProperty('body')
  })

  it('can be a form', async () => {
    const body = { query: 'max(up) > 0', limit: 7, debug: true, skip: null, label: ['a=b', 'ż'] }
    const { request } = await generate({ body, bodyFormat: 'Form' })
    expect(request).toMatchObject({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'query=max%28up%29+%3E+0&limit=7&debug=true&label=a%3Db&label=%C5%BC',
    })
  })

  it('has the headers of a Secret, and is marked for it', async () => {
    const headers = secret('h', {
      Authorization: 'Bearer canary\n',
      'X-Scope-OrgID': 'team',
      'Content-Type': 'application/graphql',
      Host: 'evil.example',
      Connection: 'upgrade',
    })
    const { request, generation } = await generate(
      { headersRef: { kind: 'Secret', name: 'h' }, body: {} },
      undefined,
      [headers],
    )
    expect(request.headers).toEqual({
      'content-type': 'application/graphql',
      authorization: 'Bearer canary',
      'x-scope-orgid': 'team',
    })
    expect(request.carriesSecret).toBe(true)
    expect(generation.warnings).toEqual([
      'Secret h, key "Host": this header is not sent, it belongs to the connection',
      'Secret h, key "Connection": this header is not sent, it belongs to the connection',
    ])
  })

  it('with the headers of a ConfigMap carries no secret', async () => {
    const { request } = await generate({ headersRef: { kind: 'ConfigMap', name: 'h' } }, undefined, [
      configMap('h', { 'X-A': 'b' }),
    ])
    expect(request).toMatchObject({ headers: { 'x-a': 'b' }, carriesSecret: false })
  })

  it.each([
    [{ 'ca.crt': 'CA' }, { ca: 'CA' }, false],
    [{ caFile: 'CA' }, { ca: 'CA' }, false],
    [{ 'ca.crt': 'CA', 'tls.crt': 'CERT', 'tls.key': 'KEY' }, { ca: 'CA', cert: 'CERT', key: 'KEY' }, true],
  ])('takes TLS settings %j', async (data, tls, carriesSecret) => {
    const { request } = await generate({ secretRef: { name: 't' }, timeout: '1m30s' }, undefined, [
      secret('t', data),
    ])
    expect(request).toMatchObject({ tls, carriesSecret, timeoutMs: 90_000 })
  })

  it.each<[string, Partial<ApiClientSpec>, KubeObject[], Partial<AppError>]>([
    [
      "the headers' Secret is missing",
      { headersRef: { kind: 'Secret', name: 'h' } },
      [],
      { disposition: 'wait', message: 'Secret team/h not found' },
    ],
    [
      'the TLS Secret is missing',
      { secretRef: { name: 't' } },
      [],
      { disposition: 'wait', message: 'Secret team/t not found' },
    ],
    [
      'the TLS Secret is empty',
      { secretRef: { name: 't' } },
      [secret('t', { password: 'canary' })],
      { disposition: 'stall', path: 'spec.generators[0].apiClient.secretRef' },
    ],
    [
      "a header's name is none",
      { headersRef: { kind: 'Secret', name: 'h' } },
      [secret('h', { 'x y': 'canary' })],
      { disposition: 'stall', path: 'spec.generators[0].apiClient.headersRef' },
    ],
    [
      "a header's value has line ends inside",
      { headersRef: { kind: 'Secret', name: 'h' } },
      [secret('h', { x: 'canary\r\ny: z' })],
      {
        disposition: 'stall',
        message: 'Secret h, key "x": the value has characters that a header cannot carry',
      },
    ],
    [
      'a form is no object',
      { bodyFormat: 'Form', body: ['canary'] },
      [],
      { disposition: 'stall', path: 'spec.generators[0].apiClient.body' },
    ],
    [
      'the path does not parse',
      { jsonPath: '{.a' },
      [],
      { disposition: 'stall', path: 'spec.generators[0].apiClient.jsonPath' },
    ],
  ])('is not sent when %s', async (_what, spec, objects, expected) => {
    let sent = 0
    const error = await errorOf(spec, () => ({ json: [sent++] }), objects)
    expect(error).toMatchObject(expected)
    expect(sent).toBe(0)
  })
})

describe('the answer', () => {
  it.each<[string, Partial<ApiClientSpec>, unknown, unknown]>([
    ['a list', {}, [{ a: 1 }, { b: [null] }], [{ a: 1 }, { b: [null] }]],
    ['an empty list', {}, [], []],
    ['null', {}, null, []],
    ['a list with null', {}, [null], [{}]],
    ['one object', { singleElement: true }, { a: [1] }, [{ a: [1] }]],
    ['null as one object', { singleElement: true }, null, [{}]],
    ['a list at a path', { jsonPath: '{ .data.items }' }, { data: { items: [{ a: 1 }] } }, [{ a: 1 }]],
    [
      'results of a path',
      { jsonPath: '{ .items[*] }' },
      { items: [{ a: 1 }, { a: 2 }] },
      [{ a: 1 }, { a: 2 }],
    ],
    [
      'a path, which wins over one object',
      { jsonPath: '{.a}', singleElement: true },
      { a: [{}, {}] },
      [{}, {}],
    ],
  ])('of %s', async (_what, spec, json, elements) => {
    const { generation } = await generate(spec, { json })
    expect(generation).toMatchObject({ elements, complete: true })
  })

  it('keeps all digits of integers', async () => {
    const { generation } = await generate({}, { body: '[{"id": 9007199254740993}]' })
    expect(JSON.stringify(generation.elements)).toBe('[{"id":9007199254740993}]')
  })

  it.each([200, 201, 204, 299])('of status %i is one', async (status) => {
    const { generation } = await generate({}, { status, json: [{}] })
    expect(generation.elements).toHaveLength(1)
  })

  it.each<[number, string, string]>([
    [301, 'stall', 'got 301 response from api.example (6 bytes); the redirect was not followed'],
    [400, 'stall', 'got 400 response from api.example (6 bytes)'],
    [401, 'stall', 'got 401 response from api.example (6 bytes); are the headers of headersRef right?'],
    [404, 'stall', 'got 404 response from api.example (6 bytes); is the path right?'],
    [408, 'retry', 'got 408 response from api.example (6 bytes)'],
    [429, 'retry', 'got 429 response from api.example (6 bytes)'],
    [500, 'retry', 'got 500 response from api.example (6 bytes)'],
    [503, 'retry', 'got 503 response from api.example (6 bytes)'],
  ])('of status %i means %s', async (status, disposition, message) => {
    const error = await errorOf({}, { status, body: 'canary' })
    expect(error).toMatchObject({ reason: 'GeneratorFailed', disposition, message })
  })

  it.each([
    ['120', 120_000],
    [new Date(NOW_MS + 90_000).toUTCString(), 90_000],
    ['soon', undefined],
  ])('that says Retry-After %s is obeyed', async (header, retryAfterMs) => {
    const error = await errorOf({}, { status: 503, headers: { 'retry-after': header } })
    expect(error.retryAfterMs).toBe(retryAfterMs)
  })

  it.each<[string, Partial<ApiClientSpec>, Answer, string]>([
    ['HTML', {}, { body: '<html>canary' }, 'it looks like HTML'],
    ['nothing', {}, { body: '' }, '0 bytes'],
    ['cut JSON', {}, { body: '[{"canary": "canar' }, '18 bytes'],
    ['two values', {}, { body: '[] "canary"' }, '11 bytes'],
    [
      'an object instead of a list',
      {},
      { json: { canary: 1 } },
      'the answer of api.example is an object, not an array; use jsonPath',
    ],
    ['a number', {}, { json: 7 }, 'is a number, not an array'],
    ['a list of numbers', {}, { json: [{}, 7] }, 'item 1 of the answer of api.example is a number'],
    ['a list of lists', {}, { json: [['canary']] }, 'item 0 of the answer of api.example is an array'],
    [
      'a list instead of an object',
      { singleElement: true },
      { json: ['canary'] },
      'is an array, and singleElement needs an object',
    ],
    ['no such key', { jsonPath: '{.missing}' }, { json: { canary: 1 } }, 'missing'],
    ['a path to a text', { jsonPath: '{.a}' }, { json: { a: 'canary' } }, 'not a list of objects'],
    ['a path to texts', { jsonPath: '{.a}' }, { json: { a: ['canary'] } }, 'not an object'],
  ])('of %s is an error', async (_what, spec, answer, message) => {
    const error = await errorOf(spec, answer)
    expect(error).toMatchObject({ reason: 'GeneratorFailed', disposition: 'retry' })
    expect(error.message).toContain(message)
  })

  it("that never came keeps its error, at the entry's path", async () => {
    const error = await errorOf({}, () =>
      Promise.reject(new AppError('GeneratorFailed', 'retry', 'GET x: broke')),
    )
    expect(error).toMatchObject({ message: 'GET x: broke', path: 'spec.generators[0].apiClient' })
  })
})

describe('the next evaluation', () => {
  const endpoint = 'http://x'

  it('is now where there was none', () => {
    expect(apiClientGenerator.nextEvaluation({ endpoint, interval: '24h' }, undefined, NOW_MS)).toBe(NOW_MS)
  })

  it('follows the interval within 5 %', () => {
    const next = apiClientGenerator.nextEvaluation({ endpoint, interval: '10000h' }, NOW_MS, NOW_MS) ?? 0
    const intervalMs = 10_000 * 3_600_000
    expect(Math.abs(next - NOW_MS - intervalMs)).toBeLessThanOrEqual(intervalMs * 0.05)
  })

  it('follows the schedule in its zone', () => {
    const spec = { endpoint, schedule: '0 4 * * *', timeZone: 'Europe/Warsaw' }
    expect(apiClientGenerator.nextEvaluation(spec, NOW_MS, NOW_MS)).toBe(Date.UTC(2026, 2, 2, 3))
  })
})
