import { createHash } from 'node:crypto'
import http, { createServer } from 'node:http'
import https from 'node:https'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { createArtifactCache } from '../../src/kube/artifact-cache.ts'
import { createArtifactFetcher } from '../../src/kube/artifacts.ts'
import type { ArtifactLimits } from '../../src/kube/artifacts.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { ArtifactFetcher } from '../../src/ports.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/source.tar.gz`
}

async function archiveOf(files: Record<string, string>): Promise<Buffer> {
  const archive = pack()
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content)
  archive.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return gzipSync(Buffer.concat(chunks))
}

const digestOf = (content: Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

function fetcher(limits: Partial<ArtifactLimits> = {}): ArtifactFetcher {
  return createArtifactFetcher({ clock: systemClock(), limits })
}

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.catch((reason: unknown) => reason)
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`)
  expect(error.reason).toBe('ArtifactNotReady')
  expect(error.message).not.toMatch(/hunter2|source\.tar\.gz/)
  return error
}

const content = await archiveOf({ 'apps/web.yaml': 'a: 1\n' })
const digest = digestOf(content)

describe('fetch', () => {
  test('gives the files of a verified artifact, and downloads it once', async () => {
    let downloads = 0
    const url = await serve((request, response) => {
      downloads++
      expect(request.headers['accept-encoding']).toBe('identity')
      response.end(content)
    })
    const artifacts = fetcher()
    const first = await artifacts.fetch({ url, digest, size: content.length })
    expect([...first.files.keys()]).toEqual(['apps/web.yaml'])
    expect([...first.directories]).toEqual(['apps'])
    await artifacts.fetch({ url, digest })
    expect(downloads).toBe(1)
  })

  test.each(['', 'sha256:', 'md5:abc', 'sha256:xyz', `sha256:${'a'.repeat(63)}`, digest.slice(7)])(
    'without a valid digest (%j) nothing is asked for',
    async (bad) => {
      let downloads = 0
      const url = await serve((_request, response) => {
        downloads++
        response.end(content)
      })
      expect((await failureOf(fetcher().fetch({ url, digest: bad }))).disposition).toBe('stall')
      expect(downloads).toBe(0)
    },
  )

  test('content of another digest is not unpacked', async () => {
    const url = await serve((_request, response) => response.end(content))
    const error = await failureOf(fetcher().fetch({ url, digest: digestOf(Buffer.from('other')) }))
    expect(error).toMatchObject({ disposition: 'retry' })
    expect(error.message).toContain('does not have the digest')
  })

  test('verified content that is no artifact is told apart from trouble on the way', async () => {
    const bad = gzipSync('no tar'.repeat(1000))
    const url = await serve((_request, response) => response.end(bad))
    expect((await failureOf(fetcher().fetch({ url, digest: digestOf(bad) }))).disposition).toBe('stall')
  })

  test.each([
    [404, 'wait'],
    [410, 'wait'],
    [500, 'retry'],
    [302, 'retry'],
  ])('HTTP %d: %s', async (status, disposition) => {
    let hits = 0
    const url = await serve((_request, response) => {
      hits++
      response.writeHead(status, { location: 'http://169.254.169.254/' }).end('hunter2')
    })
    expect((await failureOf(fetcher().fetch({ url, digest }))).disposition).toBe(disposition)
    expect(hits).toBe(1)
  })

  test.each([
    ['announced', { size: 1001 }],
    ['sent', {}],
  ])('more bytes than allowed, as %s', async (_name, size) => {
    const url = await serve((_request, response) => response.end(Buffer.alloc(1001)))
    const error = await failureOf(fetcher({ maxBytes: 1000 }).fetch({ url, digest, ...size }))
    expect(error.message).toContain('larger than 1000 bytes')
    expect(error.disposition).toBe('stall')
  })

  test('a server that drips is given up', async () => {
    const url = await serve((_request, response) => {
      response.write('x')
      const drip = setInterval(() => response.write('x'), 10)
      response.on('close', () => clearInterval(drip))
    })
    const error = await failureOf(fetcher({ timeoutMs: 200 }).fetch({ url, digest }))
    expect(error.message).toContain('no complete answer within 0.2 s')
  })

  test('a connection that breaks, or none at all', async () => {
    const breaking = await serve((_request, response) => {
      response.write('x')
      setImmediate(() => response.destroy())
    })
    expect((await failureOf(fetcher().fetch({ url: breaking, digest }))).disposition).toBe('retry')
    const refusing = 'http://127.0.0.1:1/source.tar.gz'
    expect((await failureOf(fetcher().fetch({ url: refusing, digest }))).message).toContain('ECONNREFUSED')
  })

  test.each(['ftp://x/a', 'file:///etc/passwd', 'http://user:hunter2@x/a', 'nonsense', ''])(
    'not from %j',
    async (url) => {
      expect((await failureOf(fetcher().fetch({ url, digest }))).disposition).toBe('stall')
    },
  )

  test('an address that the guard refuses is not dialled, and says so', async () => {
    let hits = 0
    const url = await serve(() => hits++)
    class Guard extends http.Agent {
      override createConnection(): never {
        throw Object.assign(new Error('127.0.0.1 is refused: loopback'), { name: 'AddressRefused' })
      }
    }
    const agents = { http: new Guard(), https: new https.Agent() }
    const guarded = createArtifactFetcher({ clock: systemClock(), agents })
    const error = await failureOf(guarded.fetch({ url, digest }))
    expect(error).toMatchObject({ disposition: 'stall', message: '127.0.0.1 is refused: loopback' })
    expect(hits).toBe(0)
  })

  test('stops with its signal, and leaves its place to the next', async () => {
    let hang = true
    const url = await serve((_request, response) => {
      if (!hang) response.end(content)
    })
    const artifacts = fetcher()
    const stop = new AbortController()
    const hanging = [1, 2, 3].map(() => artifacts.fetch({ url, digest }, stop.signal))
    setTimeout(() => stop.abort(new Error('shutting down')), 50)
    for (const one of hanging) await expect(one).rejects.toThrow('shutting down')
    hang = false
    expect((await artifacts.fetch({ url, digest })).files.size).toBe(1)
  })
})

describe('the cache', () => {
  const filesOf = (bytes: number) => ({
    files: new Map([['a', Buffer.alloc(bytes)]]),
    directories: new Set<string>(),
  })

  test('keeps what was used last, within its bytes', () => {
    const cache = createArtifactCache(3_000)
    cache.keep('a', filesOf(1_000))
    cache.keep('b', filesOf(1_000))
    expect(cache.find('a')).toBeDefined()
    cache.keep('c', filesOf(1_000))
    expect(cache.find('b')).toBeUndefined()
    expect(cache.find('a')).toBeDefined()
    expect(cache.find('c')).toBeDefined()
  })

  test('does not keep what is larger than all of it', () => {
    const cache = createArtifactCache(3_000)
    cache.keep('a', filesOf(1_000))
    cache.keep('big', filesOf(4_000))
    expect(cache.find('big')).toBeUndefined()
    expect(cache.find('a')).toBeDefined()
  })

  test('counts what is kept again once', () => {
    const cache = createArtifactCache(3_000)
    for (let i = 0; i < 10; i++) cache.keep('a', filesOf(1_000))
    cache.keep('b', filesOf(1_000))
    expect(cache.find('a')).toBeDefined()
    expect(cache.find('b')).toBeDefined()
  })
})
