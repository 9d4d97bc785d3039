import { afterEach, describe, expect, test } from 'vitest'
import { isJsonObject, mapField, stringField } from '../../helpers/go/json-tree.ts'
import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import type { KubeCall, Requester } from '../../src/kube/call.ts'
import { NotLeadingError, startElection } from '../../src/kube/lease.ts'
import type { Elector } from '../../src/kube/lease.ts'
import { ApiError } from '../../src/ports.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { fakeLog } from './fakes.ts'

/** One Lease with optimistic locking, as the API server keeps it. */
class LeaseServer {
  lease: JsonObject | undefined
  writes: string[] = []
  #version = 0

  answer(call: KubeCall): JsonValue {
    if (call.method === 'GET') {
      if (this.lease === undefined) throw new ApiError('none', { status: 404, reason: 'NotFound' })
      return this.lease
    }
    const body = isJsonObject(call.body) ? call.body : {}
    const sent = stringField(mapField(body, 'metadata'), 'resourceVersion')
    const current = stringField(mapField(this.lease ?? {}, 'metadata'), 'resourceVersion')
    if (sent !== current) throw new ApiError('conflict', { status: 409, reason: 'Conflict' })
    const metadata = { ...mapField(body, 'metadata'), resourceVersion: String(++this.#version) }
    this.lease = { ...body, metadata }
    this.writes.push(this.holder)
    return this.lease
  }

  get spec(): JsonObject {
    return mapField(this.lease ?? {}, 'spec')
  }

  get holder(): string {
    return stringField(this.spec, 'holderIdentity')
  }
}

/** A process with its own clock and its own line to the server. */
class Candidate {
  readonly clock: FakeClock
  readonly events: string[] = []
  readonly elector: Elector
  signal: AbortSignal | undefined
  /** Time that went by without any timer running. */
  frozenMs = 0
  line: 'up' | 'refused' | 'silent' | 'drops answers' = 'up'

  constructor(server: LeaseServer, name: string, startMs = Date.parse('2026-01-01T00:00:00Z')) {
    this.clock = new FakeClock(startMs)
    const requester: Requester = {
      call: async (call) => {
        if (this.line === 'refused') throw new ApiError('refused', { status: 0, reason: 'ConnectionFailed' })
        if (this.line === 'silent') return this.#silence(call)
        const body = server.answer(call)
        if (this.line === 'drops answers') return this.#silence(call)
        return { body, warnings: [] }
      },
      stream: () => Promise.reject(new Error('no streams here')),
    }
    this.elector = startElection({
      requester,
      clock: {
        nowMs: () => this.clock.nowMs() + this.frozenMs,
        monotonicMs: () => this.clock.monotonicMs() + this.frozenMs,
        after: (delayMs, run) => this.clock.after(delayMs, run),
      },
      random: () => 0.5,
      log: fakeLog(),
      namespace: 'system',
      name: 'leader',
      holder: name,
      onStarted: (signal) => {
        this.events.push('started')
        this.signal = signal
        if (name === 'broken') throw new Error('cannot work')
      },
      onLost: () => this.events.push('lost'),
    })
    running.push(this)
  }

  #silence(call: KubeCall): Promise<never> {
    return new Promise((_resolve, reject) => {
      this.clock.after(call.timeoutMs ?? 0, () =>
        reject(new ApiError('timeout', { status: 0, reason: 'NoAnswer' })),
      )
      call.signal?.addEventListener('abort', () => reject(call.signal?.reason as Error))
    })
  }
}

const running: Candidate[] = []
afterEach(async () => {
  for (const candidate of running.splice(0)) {
    candidate.line = 'up'
    await candidate.elector.stop()
  }
})

async function pass(seconds: number, ...candidates: Candidate[]): Promise<void> {
  for (let i = 0; i < seconds * 2; i++) for (const candidate of candidates) await candidate.clock.advance(500)
}

describe('winning', () => {
  test('the first takes a lease that is not there, and keeps renewing it', async () => {
    const server = new LeaseServer()
    const a = new Candidate(server, 'a')
    await settle()
    expect(a.events).toEqual(['started'])
    expect(a.elector.isLeading()).toBe(true)
    expect(server.spec).toMatchObject({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      renewTime: '2026-01-01T00:00:00.000000Z',
    })
    await pass(60, a)
    expect(a.events).toEqual(['started'])
    expect(server.writes.length).toBeGreaterThan(25)
    expect(server.spec).toMatchObject({ acquireTime: '2026-01-01T00:00:00.000000Z', leaseTransitions: 0 })
  })

  test('of two that come together one wins', async () => {
    const server = new LeaseServer()
    const [a, b] = [new Candidate(server, 'a'), new Candidate(server, 'b')]
    await pass(60, a, b)
    expect([a.events, b.events].filter((events) => events.includes('started'))).toHaveLength(1)
    expect(new Set(server.writes).size).toBe(1)
  })

  test('what others wrote into the lease stays', async () => {
    const server = new LeaseServer()
    const metadata = { name: 'leader', namespace: 'system', annotations: { note: 'x' } }
    server.lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: { strategy: 's' } }
    const a = new Candidate(server, 'a')
    await settle()
    expect(a.events).toEqual(['started'])
    expect(server.lease).toMatchObject({
      metadata: { annotations: { note: 'x' } },
      spec: { strategy: 's', holderIdentity: 'a' },
    })
  })
})

describe('taking over', () => {
  test.each([
    ['the same clock', 0],
    ['a clock an hour ahead', 3_600_000],
    ['a clock ten years behind', -315_360_000_000],
  ])('a dead leader is followed after the lease has run out, by %s', async (_name, skewMs) => {
    const server = new LeaseServer()
    const a = new Candidate(server, 'a')
    await settle()
    const b = new Candidate(server, 'b', Date.parse('2026-01-01T00:00:00Z') + skewMs)
    await pass(30, a, b)
    expect(b.events).toEqual([])
    a.line = 'refused'
    await pass(14, b)
    expect(b.events).toEqual([])
    await pass(6, b)
    expect(b.events).toEqual(['started'])
    expect(server.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 })
  })

  test('the duration that the holder has written counts', async () => {
    const server = new LeaseServer()
    const metadata = { name: 'leader', namespace: 'system', resourceVersion: '' }
    const spec = { holderIdentity: 'old', leaseDurationSeconds: 60, renewTime: '2020-01-01T00:00:00.000000Z' }
    server.lease = { metadata, spec }
    const b = new Candidate(server, 'b')
    await pass(58, b)
    expect(b.events).toEqual([])
    await pass(8, b)
    expect(b.events).toEqual(['started'])
  })

  test('a lease that was given back is taken at once', async () => {
    const server = new LeaseServer()
    const [a, b] = [new Candidate(server, 'a'), new Candidate(server, 'b')]
    await pass(5, a, b)
    await a.elector.stop()
    expect(server.holder).toBe('')
    expect(a.signal?.aborted).toBe(true)
    await pass(3, b)
    expect(b.events).toEqual(['started'])
    expect(a.events).toEqual(['started'])
  })

  test('stopping a candidate that does not lead leaves the lease alone', async () => {
    const server = new LeaseServer()
    const [a, b] = [new Candidate(server, 'a'), new Candidate(server, 'b')]
    await pass(5, a, b)
    await b.elector.stop()
    expect(server.holder).toBe('a')
  })
})

describe('losing', () => {
  test.each(['refused', 'silent', 'drops answers'] as const)(
    'a leader whose line is %s stops at the renew deadline, before anybody can follow',
    async (line) => {
      const server = new LeaseServer()
      const [a, b] = [new Candidate(server, 'a'), new Candidate(server, 'b')]
      await pass(10, a, b)
      a.line = line
      let overlaps = 0
      for (let i = 0; i < 80; i++) {
        await pass(0.5, a, b)
        if (a.elector.isLeading() && b.elector.isLeading()) overlaps++
      }
      expect(a.events).toEqual(['started', 'lost'])
      expect(a.signal?.aborted).toBe(true)
      expect(() => a.elector.assertLeading()).toThrow(NotLeadingError)
      expect(overlaps).toBe(0)
      expect(b.events).toEqual(['started'])
    },
  )

  test('short trouble is survived', async () => {
    const server = new LeaseServer()
    const a = new Candidate(server, 'a')
    await pass(5, a)
    for (let i = 0; i < 5; i++) {
      a.line = 'refused'
      await pass(6, a)
      a.line = 'up'
      await pass(4, a)
    }
    expect(a.events).toEqual(['started'])
  })

  test('a leader that finds another in its place ends at once', async () => {
    const server = new LeaseServer()
    const a = new Candidate(server, 'a')
    await pass(5, a)
    server.lease = { ...server.lease, spec: { ...server.spec, holderIdentity: 'thief' } }
    await pass(3, a)
    expect(a.events).toEqual(['started', 'lost'])
  })

  test('after the process was frozen it does not lead, even before a timer has run', async () => {
    const server = new LeaseServer()
    const a = new Candidate(server, 'a')
    await pass(5, a)
    a.frozenMs = 40_000
    expect(a.elector.isLeading()).toBe(false)
    const { length } = server.writes
    await pass(3, a)
    expect(a.events).toEqual(['started', 'lost'])
    expect(server.writes).toHaveLength(length)
  })

  test('an answer that comes after the process was frozen proves nothing', async () => {
    const server = new LeaseServer()
    const a = new Candidate(server, 'a')
    a.frozenMs = 11_000
    await settle()
    expect(server.holder).toBe('a')
    expect(a.events).toEqual([])
    await pass(3, a)
    expect(a.events).toEqual(['started'])
  })

  test('a leader whose work cannot be started does not stay one', async () => {
    const server = new LeaseServer()
    const a = new Candidate(server, 'broken')
    await settle()
    expect(a.events).toEqual(['started', 'lost'])
    expect(a.elector.isLeading()).toBe(false)
  })

  test('one that has lost does not run again', async () => {
    const server = new LeaseServer()
    const a = new Candidate(server, 'a')
    await pass(5, a)
    a.line = 'refused'
    await pass(20, a)
    a.line = 'up'
    const { length } = server.writes
    await pass(60, a)
    expect(server.writes).toHaveLength(length)
    expect(a.clock.pendingTimers).toBe(0)
  })
})
