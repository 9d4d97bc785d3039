import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { createHttpClient, type ClosableHttpClient, type HttpClientOptions } from '../../src/http/client.ts'
import type { HttpRequest } from '../../src/ports.ts'
import { startServer, type Handler, type LoopbackServer } from './loopback-server.ts'

const FAST = { maxAttempts: 3, baseMs: 1, maxMs: 2 }

/** Every one of these goes into requests or answers; none may come out in an error. */
const CANARIES = {
  header: 'canary-header-5cc1',
  query: 'canary-query-91d0',
  requestBody: 'canary-request-body-77aa',
  responseBody: 'canary-response-body-02be',
  responseHeader: 'canary-response-header-b1f3',
  location: 'canary-location-8e4d',
}

const clients: ClosableHttpClient[] = []
const servers: LoopbackServer[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]()
})

async function serve(handler: Handler): Promise<LoopbackServer> {
  const server = await startServer(handler)
  servers.push(server)
  return server
}

function clientOf(options: HttpClientOptions = {}): ClosableHttpClient {
  const client = createHttpClient({ allowLoopback: true, retry: FAST, random: () => 0, ...options })
  clients.push(client)
  return client
}

function requestTo(server: { port: number }, overrides: Partial<HttpRequest> = {}): HttpRequest {
  return {
    url: `http://127.0.0.1:${server.port}/path?q=${CANARIES.query}`,
    method: 'POST',
    headers: { 'x-api-key': CANARIES.header },
    body: CANARIES.requestBody,
    timeoutMs: 5_000,
    maxBytes: 10_000,
    carriesSecret: false,
    ...overrides,
  }
}

async function errorOf(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(AppError)
  expectNoCanary(error)
  return error as AppError
}

/** The whole object, with causes and stack: what a logger could print. */
function expectNoCanary(error: unknown): void {
  const seen: string[] = []
  for (let next = error; next instanceof Error; next = next.cause) {
    seen.push(next.message, next.stack ?? '', JSON.stringify(Object.entries(next)))
  }
  const text = seen.join('\n')
  for (const canary of Object.values(CANARIES)) {
    expect(text).not.toContain(canary)
    expect(text).not.toContain(Buffer.from(canary).toString('base64'))
  }
}

describe('an answer', () => {
  it('arrives with status, headers in lower case, and the body as text', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(201, { 'X-Thing': 'a', 'Content-Type': 'application/json' }).end('{"żółw": "🐢"}')
    })
    const answer = await clientOf().send(requestTo(server))
    expect(answer).toMatchObject({ status: 201, headers: { 'x-thing': 'a' }, body: '{"żółw": "🐢"}' })
  })

  it('is asked for without compression, by our name, with the given headers and body', async () => {
    const server = await serve((_request, response) => void response.end())
    await clientOf().send(
      requestTo(server, { headers: { 'Accept-Encoding': 'gzip', 'X-Scope-OrgID': 'a|b' } }),
    )
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: `/path?q=${CANARIES.query}`,
      body: CANARIES.requestBody,
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'gitopsset-controller',
        'content-type': 'application/json',
        'x-scope-orgid': 'a|b',
        host: `127.0.0.1:${server.port}`,
      },
    })
  })

  it.each([400, 401, 404, 418, 501])('of status %i is final', async (status) => {
    const server = await serve((_request, response) => void response.writeHead(status).end())
    expect((await clientOf().send(requestTo(server))).status).toBe(status)
    expect(server.requests).toHaveLength(1)
  })

  it('comes over a connection that is used again', async () => {
    const server = await serve((_request, response) => void response.end('x'))
    const client = clientOf()
    for (let count = 0; count < 5; count++) await client.send(requestTo(server))
    expect(server.connections()).toBe(1)
  })

  it('keeps host and server name when the address comes from a name', async () => {
    const server = await serve((_request, response) => void response.end('x'))
    const client = clientOf({ resolve: () => Promise.resolve(['127.0.0.1']) })
    await client.send(requestTo(server, { url: `http://prometheus.monitoring:${server.port}/` }))
    expect(server.requests[0]?.headers.host).toBe(`prometheus.monitoring:${server.port}`)
  })
})

describe('faults', () => {
  it.each([429, 500, 502, 503, 504])(
    'status %i is tried again, and the last answer returned',
    async (status) => {
      const server = await serve((_request, response) => void response.writeHead(status).end('busy'))
      expect((await clientOf().send(requestTo(server))).status).toBe(status)
      expect(server.requests).toHaveLength(3)
    },
  )

  it('a passing fault is not seen', async () => {
    const server = await serve((_request, response, socket) => {
      if (server.requests.length === 1) socket.resetAndDestroy()
      else if (server.requests.length === 2) response.writeHead(503).end()
      else response.end('ok')
    })
    expect(await clientOf().send(requestTo(server))).toMatchObject({ status: 200, body: 'ok' })
  })

  it('Retry-After beyond the deadline ends the attempts', async () => {
    const server = await serve(
      (_request, response) => void response.writeHead(503, { 'retry-after': '3600' }).end(),
    )
    expect((await clientOf().send(requestTo(server))).status).toBe(503)
    expect(server.requests).toHaveLength(1)
  })

  it('a reset connection', async () => {
    const server = await serve((_request, _response, socket) => void socket.resetAndDestroy())
    const error = await errorOf(clientOf().send(requestTo(server)))
    expect(error.message).toBe(`POST 127.0.0.1:${server.port}: the connection broke (ECONNRESET)`)
    expect(error).toMatchObject({ reason: 'GeneratorFailed', disposition: 'retry' })
    expect(server.requests).toHaveLength(3)
  })

  it('a connection cut inside the answer', async () => {
    const server = await serve((_request, response, socket) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write(CANARIES.responseBody, () => void socket.resetAndDestroy())
    })
    const error = await errorOf(clientOf().send(requestTo(server)))
    expect(error.message).toMatch(/the connection broke/)
  })

  it('nobody listening', async () => {
    const server = await startServer((_request, response) => void response.end())
    await server[Symbol.asyncDispose]()
    const error = await errorOf(clientOf().send(requestTo(server)))
    expect(error.message).toBe(
      `POST 127.0.0.1:${server.port}: connection refused; is the server running and the port right? (ECONNREFUSED)`,
    )
  })

  it('an unknown host', async () => {
    const resolve = (): Promise<string[]> =>
      Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))
    const error = await errorOf(
      clientOf({ resolve }).send(requestTo({ port: 80 }, { url: 'http://nobody.example/' })),
    )
    expect(error.message).toBe('POST nobody.example: the host name has no address (ENOTFOUND)')
  })

  it.each<[string, Handler]>([
    ['never answers', () => {}],
    ['never ends its answer', (_request, response) => void response.write(CANARIES.responseBody)],
    [
      'drips its answer',
      (_request, response, socket) => {
        response.writeHead(200)
        const timer = setInterval(() => response.write('x'), 5)
        socket.on('close', () => clearInterval(timer))
      },
    ],
  ])('a server that %s, at the deadline', async (_what, handler) => {
    const server = await serve(handler)
    const error = await errorOf(clientOf().send(requestTo(server, { timeoutMs: 100 })))
    expect(error.message).toBe(`POST 127.0.0.1:${server.port}: no complete answer within 100 ms`)
    expect(error.disposition).toBe('retry')
  })

  it('before the one at the deadline is what is told', async () => {
    const server = await serve((_request, response) => {
      if (server.requests.length === 1) response.writeHead(503).end()
    })
    const busy = await clientOf().send(requestTo(server, { timeoutMs: 500 }))
    expect(busy.status).toBe(503)
    const broken = await serve((_request, _response, socket) => {
      if (broken.requests.length === 1) socket.resetAndDestroy()
    })
    const error = await errorOf(clientOf().send(requestTo(broken, { timeoutMs: 500 })))
    expect(error.message).toContain('the connection broke (ECONNRESET)')
    expect([server.requests.length, broken.requests.length]).toEqual([2, 2])
  })

  it('the caller gives up', async () => {
    const stop = new AbortController()
    const server = await serve(() => stop.abort(new Error(CANARIES.header)))
    const error = await errorOf(clientOf().send(requestTo(server), stop.signal))
    expect(error.message).toContain('the evaluation was stopped')
  })

  it.each<[string, Handler]>([
    [
      'announces it',
      (_request, response) => void response.writeHead(200, { 'content-length': '99999' }).end('x'),
    ],
    ['does not announce it', (_request, response) => void response.end('x'.repeat(99_999))],
  ])('an answer over the cap from a server that %s', async (_what, handler) => {
    const server = await serve(handler)
    const error = await errorOf(clientOf().send(requestTo(server)))
    expect(error.message).toContain('the answer is larger than 10000 bytes')
    expect(server.requests).toHaveLength(1)
  })

  it('takes an answer of exactly the cap', async () => {
    const server = await serve((_request, response) => void response.end('x'.repeat(10_000)))
    expect((await clientOf().send(requestTo(server))).body).toHaveLength(10_000)
  })

  it.each(['gzip', 'br', 'deflate', 'x-own'])('an answer compressed by %s all the same', async (encoding) => {
    const bomb = gzipSync(Buffer.alloc(1_000_000))
    const server = await serve(
      (_request, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(bomb),
    )
    const error = await errorOf(clientOf().send(requestTo(server, { maxBytes: 5_000_000 })))
    expect(error.message).toContain('compressed although identity was asked for')
  })

  it('an answer that is not HTTP', async () => {
    const server = await serve(
      (_request, _response, socket) => void socket.end(`SSH-2.0 ${CANARIES.responseBody}\r\n\r\n`),
    )
    const error = await errorOf(clientOf().send(requestTo(server)))
    expect(error.message).toContain('the answer is not HTTP (HPE_')
  })

  it.each([
    ['http://user:canary-header-5cc1@127.0.0.1/', 'must not hold a user name or password'],
    ['file:///etc/passwd?canary-query-91d0', 'scheme must be http or https'],
    ['not a url canary-query-91d0', 'not a URL'],
  ])('the URL %s', async (url, message) => {
    const error = await errorOf(clientOf().send(requestTo({ port: 1 }, { url })))
    expect(error.message).toContain(message)
    expect(error).toMatchObject({ reason: 'InvalidSpec', disposition: 'stall' })
  })

  it('a header that cannot be sent', async () => {
    const server = await serve((_request, response) => void response.end())
    const headers = { 'x-api-key': `${CANARIES.header}\r\nx-evil: 1` }
    await clientOf()
      .send(requestTo(server, { headers }))
      .catch((error: unknown) => expectNoCanary(error))
    expect(server.requests.every((request) => request.headers['x-evil'] === undefined)).toBe(true)
  })
})

describe('redirects', () => {
  function redirectTo(location: string, status = 302): Handler {
    return (_request, response) =>
      void response
        .writeHead(status, { location, 'x-other': CANARIES.responseHeader })
        .end(CANARIES.responseBody)
  }

  it('are followed on the same server, headers included', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/end') response.end('ok')
      else response.writeHead(307, { location: '/end' }).end()
    })
    expect((await clientOf().send(requestTo(server))).body).toBe('ok')
    expect(server.requests[1]).toMatchObject({
      method: 'POST',
      body: CANARIES.requestBody,
      headers: { 'x-api-key': CANARIES.header },
    })
  })

  it('to another server leave headers behind, and after 302 the body too', async () => {
    const other = await serve((_request, response) => void response.end('ok'))
    const server = await serve(redirectTo(`http://127.0.0.1:${other.port}/`))
    await clientOf().send(requestTo(server))
    expect(other.requests[0]).toMatchObject({ method: 'GET', body: '' })
    expect(other.requests[0]?.headers).not.toHaveProperty('x-api-key')
  })

  it('are not followed with a Secret in the request', async () => {
    const canary = await serve((_request, response) => void response.end('leaked'))
    const server = await serve(redirectTo(`http://127.0.0.1:${canary.port}/`))
    const error = await errorOf(clientOf().send(requestTo(server, { carriesSecret: true })))
    expect(error.message).toContain('redirect (302) not followed, because the request carries a Secret')
    expect(error.disposition).toBe('stall')
    expect(canary.connections()).toBe(0)
  })

  it('end after three', async () => {
    const server = await serve((_request, response) => void response.writeHead(302, { location: '/' }).end())
    const error = await errorOf(clientOf().send(requestTo(server)))
    expect(error.message).toContain('more than 3 redirects')
    expect(server.requests).toHaveLength(4)
  })

  it.each([
    ['http://169.254.169.254/latest/meta-data', 'a cloud metadata address'],
    ['http://[::ffff:169.254.169.254]/', 'a cloud metadata address'],
    [`ftp://127.0.0.1/${CANARIES.location}`, 'another scheme'],
    ['file:///etc/passwd', 'another scheme'],
    ['data:application/json,[]', 'another scheme'],
    [`http://user:${CANARIES.location}@127.0.0.1/`, 'userinfo'],
    ['http://', 'no URL'],
  ])('to %s are refused', async (location, message) => {
    const server = await serve(redirectTo(location))
    const error = await errorOf(clientOf().send(requestTo(server)))
    expect(error.message).toContain(message)
    expect(error.message).not.toContain('latest')
  })

  it('without a location are the answer', async () => {
    const server = await serve((_request, response) => void response.writeHead(302).end())
    expect((await clientOf().send(requestTo(server))).status).toBe(302)
  })
})

describe('requests to one host', () => {
  it.each([
    [undefined, 2],
    [4, 4],
  ])('at a time, where %s is asked for: %i', async (maxInFlight, expected) => {
    const held: (() => void)[] = []
    const server = await serve((_request, response) => void held.push(() => void response.end('x')))
    const client = clientOf()
    const limit = maxInFlight === undefined ? {} : { maxInFlight }
    const sent = Array.from({ length: 8 }, () => client.send(requestTo(server, limit)))
    let released = 0
    let most = 0
    while (released < 8) {
      await new Promise((resolve) => void setTimeout(resolve, 5))
      most = Math.max(most, held.length)
      if (held.length < Math.min(expected, 8 - released)) continue
      for (const release of held.splice(0)) {
        release()
        released++
      }
    }
    await Promise.all(sent)
    expect(most).toBe(expected)
  })

  it('waiting in line are given up at the deadline', async () => {
    const server = await serve(() => {})
    const client = clientOf()
    const sent = Array.from({ length: 4 }, () => errorOf(client.send(requestTo(server, { timeoutMs: 100 }))))
    for (const error of await Promise.all(sent))
      expect(error.message).toContain('no complete answer within 100 ms')
    expect(server.requests.length).toBeLessThanOrEqual(2)
  })
})
