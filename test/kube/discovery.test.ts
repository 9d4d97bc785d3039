import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../helpers/go/value.ts'
import { createDiscovery } from '../../src/kube/discovery.ts'
import { ApiError } from '../../src/ports.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { fakeRequester } from './fakes.ts'
import type { FakeRequester } from './fakes.ts'

function resource(kind: string, plural: string, scope = 'Namespaced'): JsonValue {
  return { resource: plural, responseKind: { kind }, scope, verbs: ['get', 'list'] }
}

function group(name: string, versions: Record<string, JsonValue[]>, freshness = 'Current'): JsonValue {
  const list = Object.entries(versions).map(([version, resources]) => ({ version, resources, freshness }))
  return { metadata: { name }, versions: list }
}

function documents(apis: JsonValue[]): (path: string) => JsonValue {
  const core = group('', {
    v1: [resource('ConfigMap', 'configmaps'), resource('Namespace', 'namespaces', 'Cluster')],
  })
  return (path) => ({ kind: 'APIGroupDiscoveryList', items: path === '/api' ? [core] : apis })
}

function serving(current: () => JsonValue[]): FakeRequester {
  return fakeRequester((call) =>
    documents(current())('serverPath' in call.target ? call.target.serverPath : ''),
  )
}

const configMap = { group: '', version: 'v1', kind: 'ConfigMap' }
const widget = { group: 'x.io', version: 'v1', kind: 'Widget' }
const widgets = group('x.io', { v2: [resource('Widget', 'widgets')], v1: [resource('Widget', 'widgets')] })

describe('discovery', () => {
  test('knows plural and scope', async () => {
    const discovery = createDiscovery({ requester: serving(() => [widgets]), clock: new FakeClock() })
    expect(await discovery.find(configMap)).toMatchObject({ plural: 'configmaps', scope: 'Namespaced' })
    expect(await discovery.find({ ...configMap, kind: 'Namespace' })).toMatchObject({ scope: 'Cluster' })
    expect(await discovery.find(widget)).toMatchObject({ group: 'x.io', version: 'v1', plural: 'widgets' })
    expect(await discovery.find({ ...widget, kind: 'widget' })).toBeUndefined()
  })

  test('asks once for many, as the controller', async () => {
    const requester = serving(() => [])
    const discovery = createDiscovery({ requester, clock: new FakeClock() })
    await Promise.all(Array.from({ length: 50 }, () => discovery.find(configMap)))
    expect(requester.calls).toHaveLength(2)
    expect(requester.calls.map((call) => call.identity.kind)).toEqual(['controller', 'controller'])
  })

  test('an unknown kind is asked for at most twice a minute', async () => {
    const requester = serving(() => [])
    const clock = new FakeClock()
    const discovery = createDiscovery({ requester, clock })
    for (let i = 0; i < 60; i++) {
      expect(await discovery.find(widget)).toBeUndefined()
      await clock.advance(1_000)
    }
    expect(requester.calls).toHaveLength(4)
  })

  test('a new kind is found after half a minute, or at once by a refresh', async () => {
    let apis: JsonValue[] = []
    const clock = new FakeClock()
    const discovery = createDiscovery({ requester: serving(() => apis), clock })
    await discovery.find(widget)
    apis = [widgets]
    expect(await discovery.find(widget)).toBeUndefined()
    expect(await discovery.find(widget, { refresh: true })).toMatchObject({ plural: 'widgets' })
    apis = []
    await clock.advance(600_000)
    expect(await discovery.find(widget)).toBeUndefined()
    apis = [widgets]
    await clock.advance(30_000)
    expect(await discovery.find(widget)).toMatchObject({ plural: 'widgets' })
  })

  test('a refresh is not answered by a request that began before it', async () => {
    let apis: JsonValue[] = []
    const answers: (() => void)[] = []
    const requester = fakeRequester(async (call) => {
      const body = documents(apis)('serverPath' in call.target ? call.target.serverPath : '')
      await new Promise<void>((resolve) => answers.push(resolve))
      return body
    })
    const discovery = createDiscovery({ requester, clock: new FakeClock() })
    const first = discovery.find(widget)
    apis = [widgets]
    const second = discovery.find(widget, { refresh: true })
    const third = discovery.find(widget, { refresh: true })
    const pump = setInterval(() => answers.splice(0).forEach((answer) => answer()), 1)
    expect(await first).toBeUndefined()
    expect(await second).toMatchObject({ plural: 'widgets' })
    expect(await third).toMatchObject({ plural: 'widgets' })
    clearInterval(pump)
    expect(requester.calls).toHaveLength(4)
  })

  test('what is known stays known while the server cannot be asked; the unknown is an error then', async () => {
    let down = false
    const requester = fakeRequester((call) => {
      if (down) throw new ApiError('down', { status: 0, reason: 'NoAnswer' })
      return documents([])('serverPath' in call.target ? call.target.serverPath : '')
    })
    const clock = new FakeClock()
    const discovery = createDiscovery({ requester, clock })
    await discovery.find(configMap)
    down = true
    await clock.advance(3_600_000)
    expect(await discovery.find(configMap)).toMatchObject({ plural: 'configmaps' })
    await expect(discovery.find(widget)).rejects.toThrow('down')
    await expect(discovery.find(configMap, { refresh: true })).rejects.toThrow('down')
  })

  test('a group whose own server is away is not taken for absent', async () => {
    const requester = serving(() => [group('x.io', { v1: [] }, 'Stale')])
    const discovery = createDiscovery({ requester, clock: new FakeClock() })
    await expect(discovery.find(widget)).rejects.toMatchObject({ status: 503 })
    await expect(discovery.findAnyVersion({ ...widget, version: 'v9' })).rejects.toMatchObject({
      status: 503,
    })
    expect(await discovery.find({ ...widget, group: 'y.io' })).toBeUndefined()
  })

  test('is asked again half a minute after a group did not answer', async () => {
    let freshness = 'Stale'
    const requester = serving(() => [
      group('x.io', { v1: freshness === 'Stale' ? [] : [resource('Widget', 'widgets')] }, freshness),
    ])
    const clock = new FakeClock()
    const discovery = createDiscovery({ requester, clock })
    await expect(discovery.find(widget)).rejects.toMatchObject({ status: 503 })
    freshness = 'Current'
    await expect(discovery.find(widget)).rejects.toMatchObject({ status: 503 })
    await clock.advance(30_000)
    expect(await discovery.find(widget)).toMatchObject({ plural: 'widgets' })
  })

  test('findAnyVersion takes the version asked for, else the preferred one', async () => {
    const discovery = createDiscovery({ requester: serving(() => [widgets]), clock: new FakeClock() })
    expect(await discovery.findAnyVersion(widget)).toMatchObject({ version: 'v1' })
    expect(await discovery.findAnyVersion({ ...widget, version: 'v1beta1' })).toMatchObject({ version: 'v2' })
    expect(await discovery.find({ ...widget, version: 'v1beta1' })).toBeUndefined()
    expect(await discovery.findAnyVersion({ ...widget, kind: 'Gadget' })).toBeUndefined()
  })

  test('a server without aggregated discovery is a clear error', async () => {
    const requester = fakeRequester(() => ({ kind: 'APIVersions', versions: ['v1'] }))
    const discovery = createDiscovery({ requester, clock: new FakeClock() })
    await expect(discovery.find(configMap)).rejects.toThrow('Kubernetes 1.27 or newer')
  })

  test('names from the prototype are unknown kinds', async () => {
    const discovery = createDiscovery({ requester: serving(() => []), clock: new FakeClock() })
    for (const kind of ['constructor', '__proto__', 'toString']) {
      expect(await discovery.find({ ...configMap, kind })).toBeUndefined()
    }
  })
})
