import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient, type ClosableHttpClient } from '../../src/http/client.ts'
import type { HttpRequest, HttpResponse } from '../../src/ports.ts'
import { pem, startServer, type LoopbackServer } from './loopback-server.ts'

describe('TLS', () => {
  let server: LoopbackServer
  let mutual: LoopbackServer
  const clients: ClosableHttpClient[] = []

  beforeAll(async () => {
    const own = { cert: pem('server.crt'), key: pem('server.key') }
    server = await startServer((_request, response) => void response.end('ok'), own)
    mutual = await startServer((_request, response) => void response.end('ok'), {
      ...own,
      ca: pem('ca.crt'),
      requestCert: true,
      rejectUnauthorized: true,
    })
  })
  afterEach(() => {
    for (const client of clients.splice(0)) client.close()
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await mutual[Symbol.asyncDispose]()
  })

  function send(tls: HttpRequest['tls'] | undefined, to = server, host = '127.0.0.1'): Promise<HttpResponse> {
    const client = createHttpClient({
      allowLoopback: true,
      resolve: () => Promise.resolve(['127.0.0.1']),
      retry: { maxAttempts: 1, baseMs: 1, maxMs: 1 },
    })
    clients.push(client)
    return client.send({
      url: `https://${host}:${to.port}/`,
      method: 'GET',
      timeoutMs: 5_000,
      maxBytes: 1_000,
      carriesSecret: false,
      ...(tls !== undefined && { tls }),
    })
  }

  it('trusts the given authority, by address and by name', async () => {
    expect((await send({ ca: pem('ca.crt') })).body).toBe('ok')
    expect((await send({ ca: pem('ca.crt') }, server, 'server.example')).body).toBe('ok')
  })

  it('trusts nobody else', async () => {
    await expect(send(undefined)).rejects.toThrow(/signed by an unknown authority; add it as ca.crt/)
    await expect(send({ ca: pem('other-ca.crt') })).rejects.toThrow(/signed by an unknown authority/)
    expect(server.requests.every((request) => request.url === '/')).toBe(true)
  })

  it('checks the name although it dials an address', async () => {
    await expect(send({ ca: pem('ca.crt') }, server, 'other.example')).rejects.toThrow(
      'its certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID)',
    )
  })

  it('shows a client certificate', async () => {
    const client = { cert: pem('client.crt'), key: pem('client.key') }
    expect((await send({ ca: pem('ca.crt'), ...client }, mutual)).body).toBe('ok')
    await expect(send({ ca: pem('ca.crt') }, mutual)).rejects.toMatchObject({ disposition: 'retry' })
  })

  it.each<[string, NonNullable<HttpRequest['tls']>, string]>([
    ['an empty CA', { ca: '' }, 'the CA bundle has no PEM certificate'],
    ['garbage as CA', { ca: 'canary-ca-3f9c' }, 'the CA bundle has no PEM certificate'],
    ['a key as CA', { ca: pem('client.key') }, 'the CA bundle has no PEM certificate'],
    [
      'a broken certificate as CA',
      { ca: '-----BEGIN CERTIFICATE-----\ncanaryca3f9c\n-----END CERTIFICATE-----' },
      'certificate 1 of 1 cannot be read',
    ],
    ['a certificate without key', { cert: pem('client.crt') }, 'needs its key (tls.key)'],
    ['a key without certificate', { key: pem('client.key') }, 'needs its certificate (tls.crt)'],
    ['a garbage key', { cert: pem('client.crt'), key: 'canary-key-d00d' }, 'the client key cannot be read'],
    [
      "another certificate's key",
      { cert: pem('client.crt'), key: pem('server.key') },
      'does not belong to the client certificate',
    ],
  ])('refuses %s before it connects', async (_what, tls, message) => {
    const before = mutual.connections()
    const error: unknown = await send(tls, mutual).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ disposition: 'stall', message: expect.stringContaining(message) as string })
    expect((error as Error).message).not.toMatch(/canary/)
    expect(mutual.connections()).toBe(before)
  })

  it('does not follow a redirect from https to http', async () => {
    const plain = await startServer((_request, response) => void response.end('plain'))
    const redirector = await startServer(
      (_request, response) =>
        void response.writeHead(302, { location: `http://127.0.0.1:${plain.port}/` }).end(),
      { cert: pem('server.crt'), key: pem('server.key') },
    )
    await expect(send({ ca: pem('ca.crt') }, redirector)).rejects.toThrow('from https to http not followed')
    expect(plain.connections()).toBe(0)
    await redirector[Symbol.asyncDispose]()
    await plain[Symbol.asyncDispose]()
  })
})
