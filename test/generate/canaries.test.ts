import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GeneratorEntry } from '../../src/api/types.ts'
import { ALL_GENERATORS } from '../../src/generate/entry.ts'
import { generateAll } from '../../src/generate/run.ts'
import { coalescingClient } from '../../src/http/coalesce.ts'
import { createHttpClient } from '../../src/http/client.ts'
import type { Logger } from '../../src/ports.ts'
import { pem, startServer, type Handler, type LoopbackServer } from '../http/loopback-server.ts'
import { configMap, fakeContext, fakeReader, fakeSet, fixedClock, secret } from './fakes.ts'

/** One secret for every place that can hold one. */
const CANARIES = {
  header: 'canary-header-1f9a01',
  configHeader: 'canary-config-header-1f9a02',
  query: 'canary-query-1f9a03',
  requestBody: 'canary-request-body-1f9a04',
  responseBody: 'canary-response-body-1f9a05',
  responseHeader: 'canary-response-header-1f9a06',
  location: 'canary-location-1f9a07',
  ca: 'canary-ca-1f9a08',
  key: 'canary-key-1f9a09',
  token: 'canary-token-1f9a10',
  secretData: 'canary-secret-data-1f9a11',
  userinfo: 'canary-userinfo-1f9a12',
}

const OBJECTS = [
  secret('headers', { 'x-api-key': CANARIES.header, authorization: `Bearer ${CANARIES.token}` }),
  secret('bad-header', { 'x-api-key': `${CANARIES.header}\u0007` }),
  configMap('headers', { 'x-team': CANARIES.configHeader }),
  secret('bad-ca', { 'ca.crt': CANARIES.ca }),
  secret('bad-key', { 'tls.crt': pem('client.crt'), 'tls.key': CANARIES.key }),
  secret('other-ca', { 'ca.crt': pem('other-ca.crt') }),
  secret('no-tls', { data: CANARIES.secretData }),
  secret('token', { password: CANARIES.token }),
]

function withHeaders(
  response: ServerResponse,
  status: number,
  more: Record<string, string> = {},
): ServerResponse {
  return response.writeHead(status, {
    'set-cookie': CANARIES.responseHeader,
    etag: CANARIES.responseHeader,
    'www-authenticate': CANARIES.responseHeader,
    'content-type': 'application/json',
    ...more,
  })
}

function answer(status: number, body: string, more?: Record<string, string>): Handler {
  return (_request, response) => void withHeaders(response, status, more).end(body)
}

const { responseBody } = CANARIES
const HANDLERS: Record<string, Handler> = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 409, 422, 429, 500, 502, 503].map((status) => [
      `status ${status}`,
      answer(status, JSON.stringify({ status: 'error', errorType: responseBody, error: responseBody })),
    ]),
  ),
  'bad data': answer(
    400,
    JSON.stringify({ status: 'error', errorType: 'bad_data', error: `1:1: parse error: ${responseBody}` }),
  ),
  html: answer(200, `<html>${responseBody}</html>`, { 'content-type': 'text/html' }),
  'cut JSON': answer(200, `{"${responseBody}": "${responseBody}`),
  'wrong shape': answer(200, JSON.stringify({ [responseBody]: responseBody })),
  'wrong items': answer(200, JSON.stringify([responseBody])),
  'wrong type': answer(
    200,
    JSON.stringify({ status: 'success', data: { resultType: responseBody, result: [] } }),
  ),
  'wrong value': answer(
    200,
    JSON.stringify({
      status: 'success',
      data: { resultType: 'vector', result: [{ metric: {}, value: [1, responseBody] }] },
    }),
  ),
  huge: answer(200, responseBody.repeat(10_000)),
  compressed: answer(200, responseBody, { 'content-encoding': 'gzip' }),
  redirect: answer(302, responseBody, { location: `http://127.0.0.1:1/${CANARIES.location}` }),
  'redirect with userinfo': answer(302, responseBody, {
    location: `http://x:${CANARIES.location}@127.0.0.1/`,
  }),
  reset: (_request, _response, socket) => void socket.resetAndDestroy(),
  'not HTTP': (_request, _response, socket) => void socket.end(`${responseBody}\r\n\r\n`),
  hang: () => {},
}

function entriesFor(endpoint: string): GeneratorEntry[] {
  const remote = { endpoint: `${endpoint}/?token=${CANARIES.query}`, interval: '1h', timeout: '300ms' }
  const fromSecret = { headersRef: { kind: 'Secret' as const, name: 'headers' } }
  const fromConfigMap = { headersRef: { kind: 'ConfigMap' as const, name: 'headers' } }
  const body = { password: CANARIES.requestBody }
  return [
    { apiClient: { ...remote, ...fromSecret, body } },
    { apiClient: { ...remote, ...fromConfigMap } },
    { apiClient: { ...remote, ...fromConfigMap, body, bodyFormat: 'Form', singleElement: true } },
    { apiClient: { ...remote, ...fromSecret, jsonPath: '{.items}' } },
    { apiClient: { ...remote, headersRef: { kind: 'Secret', name: 'bad-header' } } },
    { apiClient: { ...remote, secretRef: { name: 'bad-ca' } } },
    { apiClient: { ...remote, secretRef: { name: 'bad-key' } } },
    { apiClient: { ...remote, secretRef: { name: 'no-tls' } } },
    {
      apiClient: {
        ...remote,
        ...fromSecret,
        endpoint: endpoint.replace('://', `://u:${CANARIES.userinfo}@`),
      },
    },
    { prometheus: { ...remote, ...fromSecret, query: `up{x="${CANARIES.query}"}` } },
    {
      prometheus: {
        ...remote,
        ...fromConfigMap,
        query: 'up',
        window: '30d',
        secretRef: { name: 'other-ca' },
      },
    },
    {
      pullRequests: {
        driver: 'gitlab',
        repo: 'a/b',
        serverURL: endpoint,
        interval: '1h',
        secretRef: { name: 'token' },
      },
    },
    { matrix: { generators: [{ apiClient: { ...remote, ...fromSecret } }] } },
  ]
}

describe('no secret is found', () => {
  let server: LoopbackServer
  let tlsServer: LoopbackServer
  let handler: Handler = () => {}
  const http = createHttpClient({
    allowLoopback: true,
    retry: { maxAttempts: 2, baseMs: 1, maxMs: 1 },
  })

  beforeAll(async () => {
    const handle: Handler = (request, response, socket) => handler(request, response, socket)
    server = await startServer(handle)
    tlsServer = await startServer(handle, { cert: pem('server.crt'), key: pem('server.key') })
  })
  afterAll(async () => {
    http.close()
    await server[Symbol.asyncDispose]()
    await tlsServer[Symbol.asyncDispose]()
  })

  async function everythingSaid(endpoint: string): Promise<string> {
    const said: string[] = []
    const note = (...parts: unknown[]): void => void said.push(JSON.stringify(parts))
    const log: Logger = { debug: note, info: note, warn: note, error: note, child: () => log }
    const limits = { maxElements: 100, maxResponseBytes: 100_000 }
    const client = coalescingClient(http, fixedClock())
    const signal = AbortSignal.timeout(2_000)
    const context = fakeContext({ http: client, reader: fakeReader(OBJECTS), log, limits, signal })
    const set = fakeSet(entriesFor(endpoint))
    for (const outcome of await generateAll(set, context, { enabled: ALL_GENERATORS })) {
      said.push(...(outcome.generation?.warnings ?? []))
      for (let error: unknown = outcome.error; error instanceof Error; error = error.cause)
        said.push(
          error.message,
          error.stack ?? '',
          JSON.stringify(error),
          JSON.stringify(Object.entries(error)),
        )
    }
    return said.join('\n')
  }

  it.each(Object.keys(HANDLERS))('in what is said about: %s', async (name) => {
    handler = HANDLERS[name]!
    for (const endpoint of [`http://127.0.0.1:${server.port}`, `https://127.0.0.1:${tlsServer.port}`]) {
      const said = await everythingSaid(endpoint)
      expect(said.match(/^AppError:/gm)?.length).toBeGreaterThanOrEqual(12)
      for (const canary of Object.values(CANARIES)) {
        expect(said).not.toContain(canary)
        expect(said).not.toContain(Buffer.from(canary).toString('base64').slice(0, 20))
        expect(said).not.toContain(encodeURIComponent(canary))
      }
    }
  })
})
