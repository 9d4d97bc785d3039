import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringField } from '../../helpers/go/json-tree.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { Cluster } from '../../src/kube/cluster.ts'
import { REFLECTOR_TIMES, createObjectWatcher } from '../../src/kube/reflector.ts'
import type { ResourceClient, Watch } from '../../src/ports.ts'
import { waitFor } from '../stack/poll.ts'
import { startStack } from '../stack/stack.ts'
import type { Stack } from '../stack/stack.ts'
import { fakeLog } from './fakes.ts'
import { openReal } from './open-cluster.ts'

let stack: Stack
let cluster: Cluster
let client: ResourceClient
let watch: Watch
const names = new Set<string>()
const namespace = 'default'

beforeAll(async () => {
  stack = await startStack({ parts: ['kubernetes'], ownCluster: true })
  cluster = await openReal(stack.cluster.kubeconfigPath)
  client = cluster.clients.clientFor({ kind: 'controller' })
  const { requester, discovery } = cluster
  const times = { ...REFLECTOR_TIMES, stallMs: 5_000, backoff: { baseMs: 100, maxMs: 1_000 } }
  const parts = { requester, discovery, clock: systemClock(), random: Math.random, log: fakeLog(), times }
  watch = createObjectWatcher(parts).watch(
    { group: '', version: 'v1', kind: 'ConfigMap', namespace },
    {
      onChange: (object) => names.add(stringField(object.metadata, 'name')),
      onDelete: (object) => names.delete(stringField(object.metadata, 'name')),
    },
  )
})

afterAll(async () => {
  watch.stop()
  await cluster.close()
  await stack.stop()
})

async function put(name: string): Promise<string> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } }
  const { object: stored } = await client.apply(object, { fieldManager: 'kube-test', force: false })
  return stringField(stored.metadata, 'uid')
}

const servers = () => stack.cluster.servers!

test('a killed API server is waited for; the watch and the client go on with the new one', async () => {
  const uid = await put('old')
  await waitFor('the watch', () => names.has('old'))
  for (let round = 0; round < 2; round++) {
    await servers().apiServer.kill()
    await expect(put('meanwhile')).rejects.toMatchObject({ status: 0 })
    await servers().apiServer.start()
    await put(`new-${round}`)
    await waitFor('an event after the restart', () => names.has(`new-${round}`))
  }
  await client.delete({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'old' }, { uid })
  await waitFor('a delete after the restart', () => !names.has('old'))
})

test('an etcd that does not answer ends in errors, not in waiting; afterwards all is as before', async () => {
  servers().etcd.signal('SIGSTOP')
  try {
    const target = { group: '', version: 'v1', plural: 'configmaps', namespace, name: 'new-0' }
    const call = {
      method: 'GET',
      target,
      identity: { kind: 'controller' },
      timeoutMs: 2_000,
      retry: false,
    } as const
    await expect(cluster.requester.call(call)).rejects.toMatchObject({ reason: 'NoAnswer' })
  } finally {
    servers().etcd.signal('SIGCONT')
  }
  await waitFor('the server to write again', async () => {
    await put('after')
    return true
  })
  await waitFor('the event', () => names.has('after'))
})
