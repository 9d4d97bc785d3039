import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient, type ClosableHttpClient, type HttpClientOptions } from '../../src/http/client.ts'
import { startServer, type LoopbackServer } from './loopback-server.ts'

const ONCE = { maxAttempts: 1, baseMs: 1, maxMs: 1 }

/** Ways to write an address that must not be called. Those of loopback really reach the canary where nothing guards. */
const SPELLINGS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.127.127.127',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0x7f.0x0.0x0.0x1',
  '0177.0.0.1',
  '017700000001',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '127.0.0.1.',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:7f00:0001]',
  '[0000:0000:0000:0000:0000:FFFF:7F00:0001]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '0',
  '0.0.0.0',
  '[::]',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '[::ffff:169.254.169.254]',
  '[fe80::1]',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '[2002:7f00:1::]',
]

const DNS_ANSWERS = [
  ['127.0.0.1'],
  ['127.0.0.2'],
  ['::1'],
  ['::ffff:127.0.0.1'],
  ['0.0.0.0'],
  ['::'],
  ['169.254.169.254'],
  ['fe80::1'],
  ['fd00:ec2::254'],
  ['100.100.100.200'],
  ['64:ff9b::7f00:1'],
  ['224.0.0.1'],
  ['192.0.2.1', '127.0.0.1'],
  ['127.0.0.1', '192.0.2.1'],
]

describe('the guard', () => {
  let canary: LoopbackServer
  let redirector: LoopbackServer
  let location = ''
  const clients: ClosableHttpClient[] = []

  beforeAll(async () => {
    canary = await startServer((_request, response) => void response.end('[]'))
    redirector = await startServer((_request, response) => void response.writeHead(307, { location }).end())
  })
  afterEach(() => {
    for (const client of clients.splice(0)) client.close()
  })
  afterAll(async () => {
    await canary[Symbol.asyncDispose]()
    await redirector[Symbol.asyncDispose]()
  })

  function send(url: string, options: HttpClientOptions = {}): Promise<unknown> {
    const client = createHttpClient({ retry: ONCE, ...options })
    clients.push(client)
    return client.send({ url, method: 'GET', timeoutMs: 5_000, maxBytes: 1_000, carriesSecret: false })
  }

  it('has a canary that answers where it is permitted', async () => {
    const answer = await send(`http://127.0.0.1:${canary.port}/`, { allowLoopback: true })
    expect(answer).toMatchObject({ status: 200 })
    expect(canary.connections()).toBe(1)
  })

  it.each(SPELLINGS)('refuses http://%s', async (spelling) => {
    await expect(send(`http://${spelling}:${canary.port}/`)).rejects.toThrow(/ is refused: an? /)
    expect(canary.connections()).toBe(1)
  })

  it.each(SPELLINGS)('refuses https://%s', async (spelling) => {
    await expect(send(`https://${spelling}:${canary.port}/`)).rejects.toThrow(/ is refused: an? /)
    expect(canary.connections()).toBe(1)
  })

  it.each(DNS_ANSWERS)('refuses a name that resolves to %s %s', async (...addresses) => {
    const resolve = (): Promise<string[]> => Promise.resolve(addresses)
    const sent = send(`http://innocent.example:${canary.port}/`, { resolve })
    await expect(sent).rejects.toThrow(/^GET innocent.example:\d+: innocent.example is refused: an? /)
    expect(canary.connections()).toBe(1)
  })

  // Headers are ASCII.
  it.each(SPELLINGS.filter((spelling) => /^[ -~]+$/.test(spelling)))(
    'refuses a redirect to %s',
    async (spelling) => {
      location = `http://${spelling}:${canary.port}/`
      // The redirector stands for a permitted server; the canary's address is the forbidden one.
      const resolve = (): Promise<string[]> => Promise.resolve(['127.0.0.1'])
      const sent = send(`http://redirector.example:${redirector.port}/`, {
        resolve,
        allowHosts: ['redirector.example'],
      })
      await expect(sent).rejects.toThrow(/ is refused: an? /)
      expect(canary.connections()).toBe(1)
    },
  )

  it('dials what it checked: a name that changes its mind is asked once', async () => {
    let asked = 0
    const resolve = (): Promise<string[]> => Promise.resolve([asked++ === 0 ? '192.0.2.1' : '127.0.0.1'])
    const client = createHttpClient({ retry: ONCE, resolve })
    clients.push(client)
    const sent = client.send({
      url: `http://rebinding.example:${canary.port}/`,
      method: 'GET',
      timeoutMs: 300,
      maxBytes: 1_000,
      carriesSecret: false,
    })
    await expect(sent).rejects.toThrow()
    expect(asked).toBe(1)
    expect(canary.connections()).toBe(1)
  })

  it('keeps the API server out of reach', async () => {
    const rules = { allowLoopback: true, protectedEndpoints: [`127.0.0.1:${canary.port}`] }
    await expect(send(`http://127.0.0.1:${canary.port}/`, rules)).rejects.toThrow('the API server')
    expect(canary.connections()).toBe(1)
  })

  it('ignores proxies of the environment', async () => {
    process.env['HTTP_PROXY'] = `http://127.0.0.1:${redirector.port}`
    process.env['http_proxy'] = `http://127.0.0.1:${redirector.port}`
    try {
      const before = redirector.connections()
      await send(`http://127.0.0.1:${canary.port}/`, { allowLoopback: true })
      expect(redirector.connections()).toBe(before)
    } finally {
      delete process.env['HTTP_PROXY']
      delete process.env['http_proxy']
    }
  })
})
