import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringField } from '../../helpers/go/json-tree.ts'
import type { Cluster } from '../../src/kube/cluster.ts'
import { createEventSink } from '../../src/kube/events.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { KubeObject } from '../../src/ports.ts'
import { useCluster } from '../support/cluster.ts'
import { fakeLog } from './fakes.ts'
import { openReal } from './open-cluster.ts'

const shared = useCluster()
let cluster: Cluster
let regarding: KubeObject
let namespace: string

beforeAll(async () => {
  cluster = await openReal(shared.kubeconfigPath)
  namespace = await shared.createNamespace('kube-events')
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace } }
  const client = cluster.clients.clientFor({ kind: 'controller' })
  regarding = (await client.apply(object, { fieldManager: 'kube-test', force: false })).object
})

afterAll(async () => {
  await cluster.close()
  await shared.api.close()
})

test('the server takes events, and kubectl finds them with their count', async () => {
  const log = fakeLog()
  // A minute passes whenever something is to be counted.
  const clock = {
    ...systemClock(),
    after: (_delayMs: number, run: () => void) => systemClock().after(0, run),
  }
  const { requester } = cluster
  const options = { requester, clock, random: Math.random, log, controller: 'kube-test', instance: 'pod-1' }
  const sink = createEventSink(options)
  const message = `line one\n${'€'.repeat(2_000)}`
  sink.emit({ regarding, type: 'Warning', reason: 'ApplyFailed', message })
  await sink.drain()
  sink.emit({ regarding, type: 'Warning', reason: 'ApplyFailed', message })
  await new Promise<void>((resolve) => setTimeout(resolve, 50))
  await sink.drain()
  expect(log.lines).toEqual([])

  const { items } = await shared.api.get<{
    items: { involvedObject: object; message: string; series: object }[]
  }>(`/api/v1/namespaces/${namespace}/events?fieldSelector=involvedObject.name%3Dweb`)
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({
    type: 'Warning',
    reason: 'ApplyFailed',
    reportingComponent: 'kube-test',
    involvedObject: { kind: 'ConfigMap', name: 'web', uid: stringField(regarding.metadata, 'uid') },
    series: { count: 2 },
  })
  expect(items[0]?.message).toMatch(/^line one\n€+…$/)
})
