import { describe, expect, it } from 'vitest'
import { DriftWatches } from '../../src/controller/drift-watches.ts'
import type { KubeObject, ObjectKey } from '../../src/ports.ts'
import { apiError, fakeClient } from '../apply/fake-client.ts'
import { silentLog } from '../generate/fakes.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { fakeWatcher, watched } from './fake-watcher.ts'

const LABELS = { 'sets.gitops.pro/name': 'set', 'sets.gitops.pro/namespace': 'team' }
const key = (kind: string): ObjectKey => ({ group: '', version: 'v1', kind, namespace: 'team', name: 'a' })

function newDrift() {
  const watcher = fakeWatcher()
  const client = fakeClient()
  const clock = new FakeClock()
  const drifts: string[] = []
  const drift = new DriftWatches({
    watcher,
    client,
    clock,
    log: silentLog,
    onDrift: (owner) => drifts.push(`${owner.namespace}/${owner.name}`),
  })
  return { watcher, client, clock, drifts, drift }
}

function object(resourceVersion: string, manager = 'gitopsset-controller', more: object = {}): KubeObject {
  const managedFields = [
    { manager: 'gitopsset-controller', operation: 'Apply', time: '2026-01-01T00:00:00Z' },
    { manager, operation: 'Update', time: '2026-01-01T00:00:05Z' },
    { manager: 'status-writer', operation: 'Update', subresource: 'status', time: '2026-01-01T00:00:09Z' },
  ]
  return watched('ConfigMap', 'a', { resourceVersion, labels: LABELS, managedFields, ...more })
}

describe('watches for drift', () => {
  it('cover a kind once, by the labels of both groups, with metadata only', async () => {
    const { watcher, drift } = newDrift()
    drift.cover([key('ConfigMap'), key('ConfigMap')])
    drift.cover([key('ConfigMap')])
    await settle()
    expect(watcher.open().map(({ target }) => [target.labelSelector, target.metadataOnly])).toEqual([
      ['sets.gitops.pro/name', true],
      ['templates.weave.works/name', true],
    ])
  })

  it('never cover Secrets', async () => {
    const { watcher, client, drift } = newDrift()
    drift.cover([key('Secret')])
    await settle()
    expect([watcher.watches.length, client.requests.length]).toEqual([0, 0])
  })

  it('leave a kind alone that may not be listed, and try again an hour later', async () => {
    const { watcher, client, clock, drift } = newDrift()
    client.fail('list', apiError(403, 'no'))
    drift.cover([key('ConfigMap')])
    await settle()
    drift.cover([key('ConfigMap')])
    await settle()
    expect([watcher.open().length, client.requests.length]).toEqual([0, 1])
    await clock.advance(3_600_001)
    drift.cover([key('ConfigMap')])
    await settle()
    expect(watcher.open()).toHaveLength(2)
  })

  it('tell of what others change or delete, not of our own writes, nor of status', async () => {
    const { watcher, drift, drifts } = newDrift()
    drift.cover([key('ConfigMap')])
    await settle()
    const { handler } = watcher.open()[0] ?? { handler: undefined }
    handler?.onChange(object('1'))
    handler?.onChange(object('2'))
    expect(drifts).toEqual([])
    handler?.onChange(object('3', 'kubectl-edit'))
    expect(drifts).toEqual(['team/set'])
    handler?.onChange(object('3', 'kubectl-edit'))
    expect(drifts).toHaveLength(1)
    handler?.onDelete(object('3'))
    expect(drifts).toHaveLength(2)
  })

  it('do not tell of status where the object has a generation', async () => {
    const { watcher, drift, drifts } = newDrift()
    drift.cover([key('ConfigMap')])
    await settle()
    const { handler } = watcher.open()[0] ?? { handler: undefined }
    handler?.onChange(object('1', 'other', { generation: 1 }))
    handler?.onChange(object('2', 'other', { generation: 1 }))
    expect(drifts).toEqual([])
    handler?.onChange(object('3', 'other', { generation: 2 }))
    expect(drifts).toEqual(['team/set'])
  })

  it('tell of nobody’s objects to nobody, and of nothing after the stop', async () => {
    const { watcher, drift, drifts } = newDrift()
    drift.cover([key('ConfigMap')])
    await settle()
    watcher.open()[0]?.handler.onDelete(watched('ConfigMap', 'a'))
    expect(drifts).toEqual([])
    drift.stop()
    expect(watcher.open()).toEqual([])
  })
})
