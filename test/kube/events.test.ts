import { describe, expect, test } from 'vitest'
import { findPath, isJsonObject } from '../../helpers/go/json-tree.ts'
import type { JsonValue } from '../../helpers/go/value.ts'
import type { KubeCall } from '../../src/kube/call.ts'
import { createEventSink, EVENT_LIMITS } from '../../src/kube/events.ts'
import type { ClosableEventSink } from '../../src/kube/events.ts'
import { ApiError } from '../../src/ports.ts'
import type { KubeObject } from '../../src/ports.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { fakeLog, fakeRequester } from './fakes.ts'
import type { FakeLog, FakeRequester } from './fakes.ts'

function setNamed(name: string): KubeObject {
  const metadata = { name, namespace: 'ns', uid: `uid-${name}`, resourceVersion: '7', labels: { a: 'b' } }
  return { apiVersion: 'sets.gitops.pro/v1alpha1', kind: 'GitOpsSet', metadata }
}

const event = {
  regarding: setNamed('web'),
  type: 'Normal',
  reason: 'Applied',
  message: 'two objects',
} as const

interface Rig {
  readonly clock: FakeClock
  readonly log: FakeLog
  readonly requester: FakeRequester
  readonly sink: ClosableEventSink
}

function rig(answer: (call: KubeCall) => JsonValue | Promise<JsonValue> = () => ({})): Rig {
  const clock = new FakeClock()
  const log = fakeLog()
  const requester = fakeRequester(answer)
  const options = {
    requester,
    clock,
    random: () => 0.5,
    log,
    controller: 'gitopsset-controller',
    instance: 'pod-1',
  }
  return { clock, log, requester, sink: createEventSink(options) }
}

const bodyOf = (call: KubeCall | undefined): JsonValue => call?.body ?? null

describe('an event', () => {
  test('is about its object, in its namespace', async () => {
    const { requester, sink } = rig()
    sink.emit(event)
    await sink.drain()
    expect(requester.calls[0]).toMatchObject({
      method: 'POST',
      target: { group: 'events.k8s.io', version: 'v1', plural: 'events', namespace: 'ns' },
      identity: { kind: 'controller' },
      body: {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        eventTime: '2026-01-01T00:00:00.000000Z',
        reportingController: 'gitopsset-controller',
        reportingInstance: 'pod-1',
        reason: 'Applied',
        type: 'Normal',
        note: 'two objects',
        regarding: {
          apiVersion: 'sets.gitops.pro/v1alpha1',
          kind: 'GitOpsSet',
          namespace: 'ns',
          name: 'web',
          uid: 'uid-web',
          resourceVersion: '7',
        },
      },
    })
    const name = findPath(bodyOf(requester.calls[0]), 'metadata', 'name')
    expect(name).toMatch(/^web\.[0-9a-f]+$/)
  })

  test('has a note of at most 1 KiB of whole characters', async () => {
    const { requester, sink } = rig()
    sink.emit({ ...event, message: `a\u0000b\nc\u001b${'€'.repeat(1000)}` })
    await sink.drain()
    const note = findPath(bodyOf(requester.calls[0]), 'note')
    if (typeof note !== 'string') throw new Error('no note')
    expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1024)
    expect(Buffer.byteLength(note)).toBeGreaterThan(1015)
    expect(note).toMatch(/^a b\nc €+…$/)
  })

  test('has a valid name, whatever that of its object is', async () => {
    const { requester, sink } = rig()
    sink.emit({ ...event, regarding: setNamed(`${'a'.repeat(218)}-.${'b'.repeat(30)}`) })
    await sink.drain()
    expect(findPath(bodyOf(requester.calls[0]), 'metadata', 'name')).toMatch(/^a{218}\.[0-9a-f]{1,30}$/)
  })
})

describe('repetitions', () => {
  test('are one event, counted once a minute', async () => {
    const { clock, requester, sink } = rig()
    sink.emit(event)
    await sink.drain()
    for (let i = 0; i < 100; i++) sink.emit(event)
    await clock.advance(EVENT_LIMITS.countMs)
    expect(requester.calls).toHaveLength(2)
    expect(requester.calls[1]).toMatchObject({
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { series: { count: 101, lastObservedTime: '2026-01-01T00:01:00.000000Z' } },
    })
    sink.emit(event)
    await clock.advance(EVENT_LIMITS.countMs)
    expect(requester.calls[2]).toMatchObject({ body: { series: { count: 102 } } })
  })

  test('after the time for folding are a new event', async () => {
    const { clock, requester, sink } = rig()
    sink.emit(event)
    await clock.advance(EVENT_LIMITS.foldMs)
    sink.emit(event)
    await sink.drain()
    expect(requester.calls.map((call) => call.method)).toEqual(['POST', 'POST'])
  })

  test('of an event that the server has forgotten make it anew', async () => {
    const { clock, requester, sink } = rig((call) => {
      if (call.method === 'PATCH') throw new ApiError('gone', { status: 404, reason: 'NotFound' })
      return {}
    })
    sink.emit(event)
    await sink.drain()
    sink.emit(event)
    await clock.advance(EVENT_LIMITS.countMs)
    expect(requester.calls.map((call) => call.method)).toEqual(['POST', 'PATCH', 'POST'])
    expect(requester.calls[2]).toMatchObject({ body: { series: { count: 2 } } })
  })

  test('differ by object, type, reason and message', async () => {
    const { requester, sink } = rig()
    sink.emit(event)
    sink.emit({ ...event, regarding: setNamed('other') })
    sink.emit({ ...event, type: 'Warning' })
    sink.emit({ ...event, reason: 'Pruned' })
    sink.emit({ ...event, message: 'three objects' })
    await sink.drain()
    expect(requester.calls).toHaveLength(5)
    const names = requester.calls.map((call) => findPath(bodyOf(call), 'metadata', 'name'))
    expect(new Set(names).size).toBe(5)
  })
})

describe('limits', () => {
  test('a noisy object has a burst, then one a minute; others are not touched by it', async () => {
    const { clock, requester, sink } = rig()
    for (let i = 0; i < 100; i++) sink.emit({ ...event, message: `change ${i}` })
    sink.emit({ ...event, regarding: setNamed('quiet') })
    await sink.drain()
    expect(requester.calls).toHaveLength(EVENT_LIMITS.burstPerObject + 1)
    await clock.advance(EVENT_LIMITS.refillMs)
    for (let i = 100; i < 110; i++) sink.emit({ ...event, message: `change ${i}` })
    await sink.drain()
    expect(requester.calls).toHaveLength(EVENT_LIMITS.burstPerObject + 2)
  })

  test('while the server hangs, a bounded number waits', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const { requester, sink, log } = rig(async () => {
      await gate
      return {}
    })
    for (let i = 0; i < 3_000; i++) sink.emit({ ...event, regarding: setNamed(`set-${i}`) })
    release()
    await sink.drain()
    expect(requester.calls).toHaveLength(EVENT_LIMITS.maxQueue + 1)
    expect(log.lines.filter((line) => line.level === 'warn')).toHaveLength(1)
  })
})

test('a refusal by the server, or an odd object, disturbs nobody', async () => {
  const { requester, sink, log } = rig((call) => {
    if (isJsonObject(call.body ?? null) && requester.calls.length === 1) {
      throw new ApiError('forbidden', { status: 403, reason: 'Forbidden' })
    }
    return {}
  })
  sink.emit(event)
  sink.emit({ ...event, reason: 'Other' })
  await sink.drain()
  expect(requester.calls).toHaveLength(2)
  expect(() => sink.emit({ ...event, regarding: null as unknown as KubeObject })).not.toThrow()
  expect(log.lines.map((line) => line.level)).toEqual(['debug', 'warn'])
})
