import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { stringField } from '../../helpers/go/json-tree.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { Cluster } from '../../src/kube/cluster.ts'
import { REFLECTOR_TIMES, createObjectWatcher } from '../../src/kube/reflector.ts'
import type { ReflectorTimes } from '../../src/kube/reflector.ts'
import type { KubeObject, ResourceClient, Watch, WatchTarget } from '../../src/ports.ts'
import { waitFor } from '../stack/poll.ts'
import { useCluster } from '../support/cluster.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { fakeLog } from './fakes.ts'
import { openReal } from './open-cluster.ts'

const shared = useCluster()
let proxy: FaultProxy
let cluster: Cluster
/** Goes around the proxy. */
let direct: Cluster
let client: ResourceClient

beforeAll(async () => {
  proxy = await FaultProxy.start(shared.access)
  cluster = await openReal(shared.kubeconfigPath, { server: proxy.url })
  direct = await openReal(shared.kubeconfigPath)
  client = direct.clients.clientFor({ kind: 'controller' })
})

const watches: Watch[] = []
afterEach(() => {
  proxy.heal()
  for (const watch of watches.splice(0)) watch.stop()
})

afterAll(async () => {
  await cluster.close()
  await direct.close()
  await proxy[Symbol.asyncDispose]()
  await shared.api.close()
})

interface Observed {
  readonly namespace: string
  readonly changes: KubeObject[]
  readonly deletes: KubeObject[]
  readonly watch: Watch
  /** Names that are there, as the events tell it. */
  readonly names: Set<string>
  /** Requests of this watch that the proxy has seen. */
  readonly lists: () => number
  readonly opened: () => number
}

const quick: ReflectorTimes = { ...REFLECTOR_TIMES, stallMs: 1_500, backoff: { baseMs: 50, maxMs: 400 } }

async function observe(
  options: { target?: Partial<WatchTarget>; times?: Partial<ReflectorTimes> } = {},
): Promise<Observed> {
  const namespace = await shared.createNamespace('kube-watch')
  const changes: KubeObject[] = []
  const deletes: KubeObject[] = []
  const names = new Set<string>()
  const { requester, discovery } = cluster
  const parts = { requester, discovery, clock: systemClock(), random: Math.random, log: fakeLog() }
  const watcher = createObjectWatcher({ ...parts, times: { ...quick, ...options.times } })
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace, ...options.target }
  const watch = watcher.watch(target, {
    onChange(object) {
      changes.push(object)
      names.add(stringField(object.metadata, 'name'))
    },
    onDelete(object) {
      deletes.push(object)
      names.delete(stringField(object.metadata, 'name'))
    },
  })
  watches.push(watch)
  const seen = (isWatch: boolean): number =>
    proxy.seen.filter(
      ({ url }) => url.includes(`/namespaces/${namespace}/`) && url.includes('watch=1') === isWatch,
    ).length
  const observed = {
    namespace,
    changes,
    deletes,
    watch,
    names,
    lists: () => seen(false),
    opened: () => seen(true),
  }
  await waitFor('the first list', () => watch.isFresh())
  await waitFor('the first watch', () => observed.opened() > 0)
  return observed
}

async function put(
  namespace: string,
  name: string,
  k = 'v',
  labels: Record<string, string> = {},
): Promise<string> {
  const metadata = { name, namespace, labels }
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { k } }
  const applied = await client.apply(object, { fieldManager: 'kube-test', force: true })
  return stringField(applied.object.metadata, 'uid')
}

const remove = (namespace: string, name: string, uid: string): Promise<unknown> =>
  client.delete({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name }, { uid })

describe('a watch on a real server', () => {
  test('tells what is added, changed and deleted', async () => {
    const seen = await observe()
    const uid = await put(seen.namespace, 'a')
    await put(seen.namespace, 'a', 'w')
    await remove(seen.namespace, 'a', uid)
    await waitFor('the delete', () => seen.deletes.length > 0)
    const values = seen.changes
      .filter((object) => stringField(object.metadata, 'name') === 'a')
      .map((object) => object['data'])
    expect(values).toEqual([{ k: 'v' }, { k: 'w' }])
    expect(seen.deletes[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })
  })

  test('metadata only, by label, or one object by name', async () => {
    const labelled = await observe({ target: { labelSelector: 'x=y', metadataOnly: true } })
    await put(labelled.namespace, 'without')
    await put(labelled.namespace, 'with', 'v', { x: 'y' })
    await waitFor('the labelled object', () => labelled.names.has('with'))
    expect(labelled.changes).toHaveLength(1)
    expect(labelled.changes[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' })
    expect(labelled.changes[0]).not.toHaveProperty('data')
    // Another label: for this watch the object is gone.
    await put(labelled.namespace, 'with', 'v', { x: 'z' })
    await waitFor('the object to leave', () => labelled.deletes.length > 0)

    const named = await observe({ target: { name: 'one' } })
    await put(named.namespace, 'other')
    await put(named.namespace, 'one')
    await waitFor('the named object', () => named.names.has('one'))
    expect(named.names.size).toBe(1)
  })
})

describe('what goes wrong on the way', () => {
  test('resets: goes on from where it was, without listing', async () => {
    const seen = await observe()
    for (let i = 0; i < 5; i++) {
      proxy.resetAll()
      await put(seen.namespace, `after-${i}`)
      await waitFor(`event ${i}`, () => seen.names.has(`after-${i}`))
    }
    expect(seen.lists()).toBe(1)
    expect(seen.opened()).toBeGreaterThan(5)
  })

  test('a black hole is noticed by its silence', async () => {
    const seen = await observe()
    await put(seen.namespace, 'before')
    await waitFor('the first event', () => seen.names.has('before'))
    proxy.silence()
    await put(seen.namespace, 'meanwhile')
    await new Promise<void>((resolve) => setTimeout(resolve, 2_000))
    expect(seen.names.has('meanwhile')).toBe(false)
    proxy.heal()
    await waitFor('what was missed', () => seen.names.has('meanwhile'))
  })

  test.each([429, 500, 503])('%d to watches and lists: tries on, and misses nothing', async (status) => {
    const seen = await observe()
    const mine = ({ url }: { url: string }): boolean => url.includes(`/namespaces/${seen.namespace}/`)
    proxy.inject({ when: mine, action: { kind: 'answer', status, body: { kind: 'Status', code: status } } })
    proxy.resetAll()
    const uid = await put(seen.namespace, 'gone')
    await put(seen.namespace, 'meanwhile')
    await remove(seen.namespace, 'gone', uid)
    await new Promise<void>((resolve) => setTimeout(resolve, 1_500))
    proxy.heal()
    await waitFor('what was missed', () => seen.names.has('meanwhile') && !seen.names.has('gone'))
  })

  test.each([
    ['as an answer', undefined],
    [
      'as an event',
      '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}',
    ],
  ])('410 %s: what was deleted meanwhile is found by a new list', async (_name, line) => {
    const seen = await observe()
    const uid = await put(seen.namespace, 'gone', 'v', { owner: 'somebody' })
    await put(seen.namespace, 'stays')
    await waitFor('both', () => seen.names.size >= 2)
    const mine = ({ url }: { url: string }): boolean =>
      url.includes(`/namespaces/${seen.namespace}/`) && url.includes('watch=1')
    if (line === undefined) {
      const body = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' }
      proxy.silence()
      await remove(seen.namespace, 'gone', uid)
      proxy.resetAll()
      await new Promise<void>((resolve) => setTimeout(resolve, 100))
      proxy.heal()
      proxy.inject({ when: mine, action: { kind: 'answer', status: 410, body }, times: 1 })
      proxy.resetAll()
    } else {
      proxy.sendToWatches(line)
      await remove(seen.namespace, 'gone', uid)
    }
    await waitFor('the delete', () => !seen.names.has('gone'))
    await waitFor('the new list', () => seen.lists() >= 2)
    const deleted = seen.deletes.find((object) => stringField(object.metadata, 'name') === 'gone')
    expect(deleted?.metadata).toMatchObject({ uid, labels: { owner: 'somebody' } })
    expect(seen.changes.filter((object) => stringField(object.metadata, 'name') === 'stays')).toHaveLength(1)
  })

  test('after stop nothing is delivered, and the connection is closed', async () => {
    const seen = await observe()
    seen.watch.stop()
    await put(seen.namespace, 'late')
    const marker = await observe()
    await put(marker.namespace, 'marker')
    await waitFor('another watch', () => marker.names.has('marker'))
    expect(seen.names.has('late')).toBe(false)
  })
})
