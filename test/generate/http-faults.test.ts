import diagnosticsChannel from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import { Session } from 'node:inspector/promises'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GeneratorEntry } from '../../src/api/types.ts'
import type { Disposition } from '../../src/errors.ts'
import { ALL_GENERATORS } from '../../src/generate/entry.ts'
import { generateAll, type EntryOutcome } from '../../src/generate/run.ts'
import { createHttpClient, type ClosableHttpClient } from '../../src/http/client.ts'
import { pem, startServer, type Handler, type LoopbackServer } from '../http/loopback-server.ts'
import { fakeContext, fakeReader, fakeSet, secret } from './fakes.ts'

const DEADLINE_MS = 1_000
const GRACE_MS = 1_000
const MAX_GROWTH_BYTES = 50 * 1024 * 1024
const JSON_TYPE = { 'content-type': 'application/json' }

interface Fault {
  readonly handler: Handler
  readonly disposition: Disposition
  readonly message: RegExp
  /** Where Prometheus has its own words for it. */
  readonly prometheus?: RegExp
}

const DEADLINE = /: no complete answer within 1000 ms$/
const TOO_LARGE = /: the answer is larger than 5242880 bytes; ask for less, or raise --max-response-bytes$/
const NOT_PROMETHEUS = /^the answer of [\d.:]+ is not that of a Prometheus API/

const FAULTS: Readonly<Record<string, Fault>> = {
  503: {
    handler: answer(503, 'overloaded'),
    disposition: 'retry',
    message: /^got 503 response from 127\.0\.0\.1:\d+ \(10 bytes\)$/,
  },
  'a reset connection': {
    handler: (_request, _response, socket) => void socket.resetAndDestroy(),
    disposition: 'retry',
    message: /: the connection broke \(ECONNRESET\)$/,
  },
  silence: { handler: () => {}, disposition: 'retry', message: DEADLINE },
  'headers that do not end': {
    handler: (_request, _response, socket) => void socket.write('HTTP/1.1 200 OK\r\nx-a: '),
    disposition: 'retry',
    message: DEADLINE,
  },
  'one byte a second': { handler: drip, disposition: 'retry', message: DEADLINE },
  '10 GB': { handler: flood(10 * 1024 ** 3), disposition: 'retry', message: TOO_LARGE },
  'no end': { handler: flood(undefined), disposition: 'retry', message: TOO_LARGE },
  'a gzip bomb': {
    handler: answer(200, gzipSync(Buffer.alloc(100 * 1024 * 1024)), { 'content-encoding': 'gzip' }),
    disposition: 'retry',
    message: /: the answer is compressed although identity was asked for$/,
  },
  'a gzip bomb that calls itself JSON': {
    handler: answer(200, gzipSync(Buffer.alloc(100 * 1024 * 1024)), JSON_TYPE),
    disposition: 'retry',
    message: /^failed to unmarshal JSON response from [\d.:]+: \d+ bytes$/,
    prometheus: NOT_PROMETHEUS,
  },
  'a redirect loop': {
    handler: (request, response) => void response.writeHead(302, { location: request.url }).end(),
    disposition: 'stall',
    message: /: more than 3 redirects$/,
  },
  'a redirect to the metadata service': {
    handler: answer(307, '', { location: 'http://169.254.169.254/latest/meta-data' }),
    disposition: 'stall',
    message: /: 169\.254\.169\.254 is refused: a cloud metadata address$/,
  },
  'a redirect to the API server': {
    handler: (_request, response) =>
      void response.writeHead(307, { location: `http://127.0.0.1:${canary.port}/` }).end(),
    disposition: 'stall',
    message: /: 127\.0\.0\.1 is refused: the API server or the controller itself$/,
  },
  'JSON that does not end': {
    handler: answer(200, '[{"a":', JSON_TYPE),
    disposition: 'retry',
    message: /^failed to unmarshal JSON response from [\d.:]+: 6 bytes$/,
    prometheus: NOT_PROMETHEUS,
  },
  'HTML with 200': {
    handler: answer(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' }),
    disposition: 'retry',
    message: /^failed to unmarshal JSON response from [\d.:]+: it looks like HTML/,
    prometheus: /is not that of a Prometheus API; it looks like HTML/,
  },
}

let canary: LoopbackServer
let server: LoopbackServer
let tlsServer: LoopbackServer
let client: ClosableHttpClient
let handler: Handler = () => {}
const dialled: string[] = []
const inspector = new Session()

function noteDialled(message: unknown): void {
  const { socket } = message as { socket: Socket }
  socket.on('connectionAttempt', (address: string, port: number) => dialled.push(`${address}:${port}`))
}

beforeAll(async () => {
  canary = await startServer((_request, response) => void response.end('[]'))
  const handle: Handler = (request, response, socket) => handler(request, response, socket)
  server = await startServer(handle)
  tlsServer = await startServer(handle, { cert: pem('server.crt'), key: pem('server.key') })
  client = createHttpClient({ allowLoopback: true, protectedEndpoints: [`127.0.0.1:${canary.port}`] })
  inspector.connect()
  diagnosticsChannel.subscribe('net.client.socket', noteDialled)
  handler = answer(200, '[]')
  await ask({ apiClient: { endpoint: `http://127.0.0.1:${server.port}/`, interval: '1h' } })
})

afterAll(async () => {
  inspector.disconnect()
  diagnosticsChannel.unsubscribe('net.client.socket', noteDialled)
  client.close()
  for (const each of [canary, server, tlsServer]) await each[Symbol.asyncDispose]()
})

async function ask(entry: GeneratorEntry): Promise<EntryOutcome> {
  const reader = fakeReader([secret('other-ca', { 'ca.crt': pem('other-ca.crt') })])
  const context = fakeContext({ http: client, reader })
  const [outcome] = await generateAll(fakeSet([entry]), context, { enabled: ALL_GENERATORS })
  return outcome!
}

/**
 * Asks, and measures how much more memory the process has meanwhile, and whether a timer at the deadline and the grace
 * comes first: a machine that is busy with other things delays both.
 */
async function measure(
  entry: GeneratorEntry,
): Promise<EntryOutcome & { isLate: boolean; grownBytes: number }> {
  // Or growth would count what earlier tests have left behind.
  await inspector.post('HeapProfiler.collectGarbage')
  const before = process.memoryUsage.rss()
  let most = before
  const look = (): number => (most = Math.max(most, process.memoryUsage.rss()))
  const timer = setInterval(look, 5)
  let isLate = false
  const late = setTimeout(() => (isLate = true), DEADLINE_MS + GRACE_MS)
  const outcome = await ask(entry)
  clearTimeout(late)
  clearInterval(timer)
  return { ...outcome, isLate, grownBytes: look() - before }
}

describe.each(Object.entries(FAULTS))('a server that answers with %s', (_name, fault) => {
  it.each(['apiClient', 'prometheus'] as const)(
    'fails %s in time, in bounds, and connects nowhere else',
    async (kind) => {
      handler = fault.handler
      dialled.length = 0
      const endpoint = `http://127.0.0.1:${server.port}`
      const remote = { endpoint, interval: '1h', timeout: `${DEADLINE_MS}ms` }
      const { error, isLate, grownBytes } = await measure(
        kind === 'apiClient' ? { apiClient: remote } : { prometheus: { ...remote, query: 'up' } },
      )
      expect(error).toMatchObject({ reason: 'GeneratorFailed', disposition: fault.disposition })
      const message = kind === 'prometheus' ? (fault.prometheus ?? fault.message) : fault.message
      expect(error?.message).toMatch(message)
      expect(error?.path).toBe(`spec.generators[0].${kind}`)
      expect(isLate).toBe(false)
      expect(grownBytes).toBeLessThan(MAX_GROWTH_BYTES)
      expect(dialled.filter((target) => target !== `127.0.0.1:${server.port}`)).toEqual([])
      expect(canary.connections()).toBe(0)
    },
  )
})

it('a server of an unknown authority gets no request', async () => {
  const endpoint = `https://127.0.0.1:${tlsServer.port}`
  const { error, isLate } = await measure({
    apiClient: { endpoint, interval: '1h', secretRef: { name: 'other-ca' }, timeout: `${DEADLINE_MS}ms` },
  })
  expect(error).toMatchObject({ reason: 'GeneratorFailed', disposition: 'retry' })
  expect(error?.message).toMatch(/: its certificate is signed by an unknown authority; add it as ca\.crt/)
  expect(isLate).toBe(false)
  expect(tlsServer.requests).toHaveLength(0)
})

function answer(status: number, body: string | Buffer, headers: Record<string, string> = {}): Handler {
  return (_request, response) => void response.writeHead(status, headers).end(body)
}

function drip(_request: unknown, response: ServerResponse, socket: Socket): void {
  response.writeHead(200, JSON_TYPE).write('[')
  const timer = setInterval(() => response.write(' '), 1_000)
  socket.on('close', () => clearInterval(timer))
}

/** Sends until nobody takes it any more; announces its length where it has one. */
function flood(bytes: number | undefined): Handler {
  const chunk = Buffer.alloc(64 * 1024, ' ')
  return (_request, response, socket) => {
    response.writeHead(200, { ...JSON_TYPE, ...(bytes !== undefined && { 'content-length': String(bytes) }) })
    const more = (): void => {
      while (!socket.destroyed && response.write(chunk));
    }
    response.on('drain', more)
    more()
  }
}
