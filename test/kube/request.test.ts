import { describe, expect, test } from 'vitest'
import { createAdmission } from '../../src/kube/admission.ts'
import type { KubeCall, Requester, RequesterOptions } from '../../src/kube/call.ts'
import { staticCredentials } from '../../src/kube/credentials.ts'
import { createRequester } from '../../src/kube/request.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { fakeTransport, hang, networkError, noMetrics, responseOf, statusOf, streamOf } from './fakes.ts'
import type { FakeTransport } from './fakes.ts'

const target = { group: '', version: 'v1', plural: 'configmaps', namespace: 'ns', name: 'a' }
const get: KubeCall = { method: 'GET', target, identity: { kind: 'controller' } }
const write: KubeCall = { ...get, method: 'PATCH', body: { a: 1 } }

interface Rig {
  readonly clock: FakeClock
  readonly requester: Requester
}

function rig(transport: FakeTransport, options: Partial<RequesterOptions> = {}): Rig {
  const clock = new FakeClock()
  const requester = createRequester({
    transport,
    credentials: staticCredentials('Bearer t', undefined),
    admission: createAdmission(clock, { maxInFlight: 16, qps: 0, burst: 0 }),
    clock,
    random: () => 0,
    metrics: noMetrics,
    userAgent: 'test/1',
    ...options,
  })
  return { clock, requester }
}

/** Lets time pass until the call has ended. */
async function finish<T>(clock: FakeClock, promise: Promise<T>): Promise<T | Error> {
  const ended = { yet: false }
  const outcome = promise
    .catch((error: unknown) => error as Error)
    .finally(() => {
      ended.yet = true
    })
  await settle()
  for (let i = 0; i < 500 && !ended.yet; i++) await clock.advance(1_000)
  if (!ended.yet) throw new Error('never ended')
  return outcome
}

const ok = () => responseOf(200, { kind: 'ConfigMap' })

describe('what is sent', () => {
  test('path, query, headers and body', async () => {
    const transport = fakeTransport(ok)
    const { clock, requester } = rig(transport)
    await finish(
      clock,
      requester.call({ ...write, query: { fieldManager: 'a b' }, contentType: 'application/x' }),
    )
    expect(transport.sent[0]).toMatchObject({
      method: 'PATCH',
      path: '/api/v1/namespaces/ns/configmaps/a?fieldManager=a+b',
      headers: { authorization: 'Bearer t', 'content-type': 'application/x', 'user-agent': 'test/1' },
      body: '{"a":1}',
      pool: 'calls',
    })
    expect(transport.sent[0]?.headers).not.toHaveProperty('impersonate-user')
  })

  test('a service account goes with every request', async () => {
    const transport = fakeTransport(() => responseOf(429, statusOf(429, 'TooManyRequests', 'later')), ok)
    const { clock, requester } = rig(transport)
    const identity = { kind: 'serviceAccount', namespace: 'ns', name: 'sa' } as const
    await finish(clock, requester.call({ ...write, identity }))
    expect(transport.sent.map((sent) => sent.headers['impersonate-user'])).toEqual(
      Array(2).fill('system:serviceaccount:ns:sa'),
    )
  })

  test('nothing for an account, or a name, that is not valid', async () => {
    const transport = fakeTransport(ok)
    const { requester } = rig(transport)
    const identity = { kind: 'serviceAccount', namespace: 'ns', name: '' } as const
    await expect(requester.call({ ...get, identity })).rejects.toThrow('not a valid name')
    await expect(requester.call({ ...get, target: { ...target, name: '..' } })).rejects.toThrow('API path')
    expect(transport.sent).toEqual([])
  })

  test('no write after leadership is lost, but reads', async () => {
    const transport = fakeTransport(ok)
    const { requester } = rig(transport, {
      assertMayWrite: () => {
        throw new Error('not the leader')
      },
    })
    await expect(requester.call(write)).rejects.toThrow('not the leader')
    await expect(requester.call({ ...write, method: 'DELETE' })).rejects.toThrow('not the leader')
    expect(transport.sent).toEqual([])
    await expect(requester.call(get)).resolves.toMatchObject({ body: { kind: 'ConfigMap' } })
  })
})

describe('answers', () => {
  test('keeps digits and gives warnings', async () => {
    const response = () => responseOf(200, '{"n":9007199254740993}', { warning: '299 - "careful"' })
    const { requester } = rig(fakeTransport(response))
    const answer = await requester.call(get)
    expect(JSON.stringify(answer.body)).toBe('{"n":9007199254740993}')
    expect(answer.warnings).toEqual(['careful'])
  })

  test('a redirect is an error and is not followed', async () => {
    const transport = fakeTransport(() => responseOf(302, '', { location: 'http://169.254.169.254/' }))
    const { clock, requester } = rig(transport)
    const error = await finish(clock, requester.call(get))
    expect(error).toMatchObject({ status: 302 })
    expect((error as Error).message).toContain('redirects are not followed')
    expect(transport.sent).toHaveLength(1)
  })

  test('what is too large is not asked for again', async () => {
    const transport = fakeTransport(() => responseOf(200, 'x'.repeat(100)))
    const { clock, requester } = rig(transport)
    expect(await finish(clock, requester.call({ ...get, maxBytes: 10 }))).toMatchObject({
      reason: 'NoAnswer',
    })
    expect(transport.sent).toHaveLength(1)
  })

  test('a success that is not JSON is an error that does not quote it', async () => {
    const { clock, requester } = rig(fakeTransport(() => responseOf(200, '<html>hunter2')))
    const error = (await finish(clock, requester.call(get))) as Error
    expect(error.message).toContain('HTTP 200 with a body that is not JSON')
    expect(error.message).not.toContain('hunter2')
  })
})

describe('repetition', () => {
  const busy = (retryAfter: string) => () =>
    responseOf(429, statusOf(429, 'TooManyRequests', 'later'), { 'retry-after': retryAfter })

  test('honours Retry-After', async () => {
    const transport = fakeTransport(busy('5'), ok)
    const { clock, requester } = rig(transport)
    const call = requester.call(write)
    await settle()
    await clock.advance(4_999)
    expect(transport.sent).toHaveLength(1)
    await clock.advance(1)
    expect(transport.sent).toHaveLength(2)
    await call
  })

  test('gives up after ten tries, with the last answer', async () => {
    const transport = fakeTransport(busy('1'))
    const { clock, requester } = rig(transport)
    expect(await finish(clock, requester.call(write))).toMatchObject({ status: 429, retryAfterMs: 1_000 })
    expect(transport.sent).toHaveLength(10)
  })

  test('starts none after two minutes', async () => {
    const transport = fakeTransport(busy('3600'))
    const { clock, requester } = rig(transport)
    await finish(clock, requester.call(write))
    expect(transport.sent).toHaveLength(5)
  })

  test('an answer that is no invitation is final', async () => {
    const transport = fakeTransport(() => responseOf(409, statusOf(409, 'Conflict', 'no')))
    const { clock, requester } = rig(transport)
    expect(await finish(clock, requester.call({ ...write, repeatable: true }))).toMatchObject({ status: 409 })
    expect(transport.sent).toHaveLength(1)
  })

  test('can be declined', async () => {
    const transport = fakeTransport(busy('1'))
    const { clock, requester } = rig(transport)
    expect(await finish(clock, requester.call({ ...get, retry: false }))).toMatchObject({ status: 429 })
    expect(transport.sent).toHaveLength(1)
  })

  test('a reader that stops is not kept waiting', async () => {
    const transport = fakeTransport(busy('30'))
    const { requester } = rig(transport)
    const stop = new AbortController()
    const call = requester.call({ ...get, signal: stop.signal })
    await settle()
    stop.abort(new Error('shutting down'))
    await expect(call).rejects.toThrow('shutting down')
  })
})

describe('lost answers', () => {
  test('a write whose answer is lost has an unknown outcome and is not repeated', async () => {
    const transport = fakeTransport(() => networkError('ECONNRESET'))
    const { clock, requester } = rig(transport)
    expect(await finish(clock, requester.call(write))).toMatchObject({ status: 0, reason: 'OutcomeUnknown' })
    expect(transport.sent).toHaveLength(1)
  })

  test('a write that repeats well is repeated', async () => {
    const transport = fakeTransport(() => networkError('ECONNRESET'), ok)
    const { clock, requester } = rig(transport)
    expect(await finish(clock, requester.call({ ...write, repeatable: true }))).toMatchObject({
      warnings: [],
    })
  })

  test('stays unknown when the repetition cannot even be sent', async () => {
    const transport = fakeTransport(
      () => networkError('ECONNRESET'),
      () => networkError('ECONNREFUSED'),
    )
    const { clock, requester } = rig(transport)
    const error = await finish(clock, requester.call({ ...write, repeatable: true }))
    expect(error).toMatchObject({ reason: 'OutcomeUnknown' })
    expect(transport.sent).toHaveLength(3)
  })

  test('a write that was never sent may be repeated', async () => {
    const transport = fakeTransport(() => networkError('ECONNREFUSED'), ok)
    const { clock, requester } = rig(transport)
    await finish(clock, requester.call(write))
    expect(transport.sent).toHaveLength(2)
  })

  test.each([
    ['a read after 10 s, three times', get, 'NoAnswer', 3],
    ['a write after 30 s', write, 'OutcomeUnknown', 1],
  ])('a server that hangs: %s', async (_name, call, reason, tries) => {
    const transport = fakeTransport(() => hang)
    const { clock, requester } = rig(transport)
    expect(await finish(clock, requester.call(call))).toMatchObject({ status: 0, reason })
    expect(transport.sent).toHaveLength(tries)
    expect(clock.pendingTimers).toBe(0)
  })

  test('a body that stops half-way', async () => {
    const broken = () => ({
      ...ok(),
      body: (async function* () {
        yield* streamOf(['{"kind":'])
        throw networkError('UND_ERR_SOCKET')
      })(),
    })
    const { clock, requester } = rig(fakeTransport(broken))
    const error = (await finish(clock, requester.call(write))) as Error
    expect(error).toMatchObject({ reason: 'OutcomeUnknown' })
    expect(error.message).toBe('PATCH configmaps "ns/a": no answer from the API server (UND_ERR_SOCKET)')
  })

  test('messages hold neither URL nor password', async () => {
    const { clock, requester } = rig(fakeTransport(() => networkError('ENOTFOUND')))
    const error = (await finish(clock, requester.call(get))) as Error
    expect(error.message).not.toContain('password')
  })
})

describe('credentials', () => {
  const refused = () => responseOf(401, statusOf(401, 'Unauthorized', 'Unauthorized'))

  test('are read again after a 401, once', async () => {
    let token = 'old'
    const transport = fakeTransport(refused, ok)
    const credentials = {
      authorization: async () => `Bearer ${token}`,
      certificate: () => undefined,
      renew: () => {
        token = 'new'
        return true
      },
    }
    const { requester } = rig(transport, { credentials })
    await requester.call(write)
    expect(transport.sent.map((sent) => sent.headers['authorization'])).toEqual(['Bearer old', 'Bearer new'])
  })

  test('that stay the same are not tried again', async () => {
    const transport = fakeTransport(refused)
    const { requester } = rig(transport)
    await expect(requester.call(get)).rejects.toMatchObject({ status: 401 })
    expect(transport.sent).toHaveLength(1)
  })

  test('that cannot be had are told without their error text', async () => {
    const credentials = {
      ...staticCredentials(undefined, undefined),
      authorization: () => Promise.reject(new Error('token abc is bad')),
    }
    const { clock, requester } = rig(fakeTransport(ok), { credentials })
    const error = (await finish(clock, requester.call(get))) as Error
    expect(error).toMatchObject({ reason: 'ConnectionFailed' })
    expect(error.message).not.toContain('abc')
  })

  test('that never come do not outlast the deadline', async () => {
    const credentials = {
      ...staticCredentials(undefined, undefined),
      authorization: () => new Promise<never>(() => {}),
    }
    const { clock, requester } = rig(fakeTransport(ok), { credentials })
    expect(await finish(clock, requester.call(get))).toMatchObject({ reason: 'ConnectionFailed' })
  })
})
