import { describe, expect, it } from 'vitest'
import { coalescingClient } from '../../src/http/coalesce.ts'
import type { Clock, HttpClient, HttpRequest, HttpResponse } from '../../src/ports.ts'

interface Sent {
  readonly request: HttpRequest
  readonly signal: AbortSignal | undefined
  readonly resolve: (response: HttpResponse) => void
  readonly reject: (error: Error) => void
}

function scripted(): HttpClient & { sent: Sent[] } {
  const sent: Sent[] = []
  return {
    sent,
    send: (request, signal) =>
      new Promise((resolve, reject) => void sent.push({ request, signal, resolve, reject })),
  }
}

function movableClock(): Clock & { move(ms: number): void } {
  let nowMs = 0
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    after: () => () => {},
    move: (ms) => void (nowMs += ms),
  }
}

const REQUEST: HttpRequest = {
  url: 'http://a.example/',
  method: 'GET',
  headers: { a: '1', b: '2' },
  timeoutMs: 1_000,
  maxBytes: 1_000,
  carriesSecret: false,
}
const OK: HttpResponse = { status: 200, headers: {}, body: 'body' }

describe('the coalescing client', () => {
  it('sends identical requests once while they are under way', async () => {
    const inner = scripted()
    const client = coalescingClient(inner, movableClock())
    const answers = [client.send(REQUEST), client.send({ ...REQUEST, headers: { b: '2', A: '1' } })]
    inner.sent[0]?.resolve(OK)
    expect(await Promise.all(answers)).toEqual([OK, OK])
    expect(inner.sent).toHaveLength(1)
  })

  it('answers for a short time after a success', async () => {
    const inner = scripted()
    const clock = movableClock()
    const client = coalescingClient(inner, clock, { windowMs: 1_000, maxKeptChars: 100 })
    const first = client.send(REQUEST)
    inner.sent[0]?.resolve(OK)
    await first
    clock.move(999)
    expect(await client.send(REQUEST)).toEqual(OK)
    clock.move(1)
    void client.send(REQUEST)
    expect(inner.sent).toHaveLength(2)
  })

  it.each<[string, Partial<HttpRequest>]>([
    ['URL', { url: 'http://a.example/?' }],
    ['method', { method: 'POST' }],
    ['header', { headers: { a: '1', b: '3' } }],
    ['body', { body: 'x' }],
    ['authority', { tls: { ca: 'x' } }],
    ['client key', { tls: { key: 'x' } }],
    ['size', { maxBytes: 1 }],
    ['time', { timeoutMs: 1 }],
    ['secret', { carriesSecret: true }],
  ])('tells requests apart by their %s', (_what, other) => {
    const inner = scripted()
    const client = coalescingClient(inner, movableClock())
    void client.send(REQUEST)
    void client.send({ ...REQUEST, ...other })
    expect(inner.sent).toHaveLength(2)
  })

  it.each([301, 404, 500])('asks again after status %i', async (status) => {
    const inner = scripted()
    const client = coalescingClient(inner, movableClock())
    const first = client.send(REQUEST)
    inner.sent[0]?.resolve({ ...OK, status })
    await first
    void client.send(REQUEST)
    expect(inner.sent).toHaveLength(2)
  })

  it('gives all callers the failure, and asks again after it', async () => {
    const inner = scripted()
    const client = coalescingClient(inner, movableClock())
    const answers = [client.send(REQUEST), client.send(REQUEST)]
    inner.sent[0]?.reject(new Error('broke'))
    for (const answer of answers) await expect(answer).rejects.toThrow('broke')
    void client.send(REQUEST)
    expect(inner.sent).toHaveLength(2)
  })

  it('keeps no more than it may', async () => {
    const inner = scripted()
    const client = coalescingClient(inner, movableClock(), { windowMs: 1_000, maxKeptChars: 5 })
    for (const url of ['http://a/', 'http://b/']) {
      const answer = client.send({ ...REQUEST, url })
      inner.sent.at(-1)?.resolve(OK)
      await answer
    }
    void client.send({ ...REQUEST, url: 'http://a/' })
    expect(inner.sent).toHaveLength(2)
    void client.send({ ...REQUEST, url: 'http://b/' })
    expect(inner.sent).toHaveLength(3)
  })

  it('lets one caller give up without the others', async () => {
    const inner = scripted()
    const client = coalescingClient(inner, movableClock())
    const stop = new AbortController()
    const impatient = client.send(REQUEST, stop.signal)
    const patient = client.send(REQUEST)
    stop.abort()
    await expect(impatient).rejects.toThrow('the evaluation was stopped before the server answered')
    expect(inner.sent[0]?.signal?.aborted).toBe(false)
    inner.sent[0]?.resolve(OK)
    expect(await patient).toEqual(OK)
  })

  it('stops the request that nobody waits for any more', async () => {
    const inner = scripted()
    const client = coalescingClient(inner, movableClock())
    const stop = new AbortController()
    const answers = [client.send(REQUEST, stop.signal), client.send(REQUEST, stop.signal)]
    stop.abort()
    for (const answer of answers) await expect(answer).rejects.toThrow('stopped')
    expect(inner.sent[0]?.signal?.aborted).toBe(true)
    void client.send(REQUEST)
    expect(inner.sent).toHaveLength(2)
  })
})
