import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../stack/poll.ts'
import { grantAccount } from '../support/account.ts'
import { useCluster } from '../support/cluster.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { findEvents } from '../support/events.ts'
import { SetRig, conditionOf, configMapTemplate, inventoryOf, listSpec, readyOf } from '../support/set-rig.ts'
import type { SetObject } from '../support/set-rig.ts'

const cluster = useCluster()
const { api } = cluster
let controller: ControllerProcess
let rig: SetRig

beforeAll(async () => {
  rig = new SetRig(api, await cluster.createNamespace('finalize'))
  controller = await startController({
    kubeconfigPath: cluster.kubeconfigPath,
    flags: [`--watch-namespaces=${rig.namespace}`],
  })
})

afterAll(async () => {
  await controller?.stop()
  await api.close()
})

const two = (name: string): { name: string; value: string }[] => [
  { name: `${name}-1`, value: 'x' },
  { name: `${name}-2`, value: 'x' },
]

describe('deleting a set', () => {
  it('removes its objects first', async () => {
    await rig.put('plain', listSpec(two('plain')))
    const set = await rig.waitReady('plain')
    expect(set.metadata.finalizers).toEqual(['finalizers.sets.gitops.pro'])
    await rig.delete('plain')
    expect(await rig.ownedConfigMaps('plain')).toEqual([])
  })

  it('removes them also when the set is suspended', async () => {
    await rig.put('suspended', listSpec(two('suspended')))
    await rig.waitReady('suspended')
    await rig.put('suspended', { ...listSpec(two('suspended')), suspend: true })
    await rig.waitFor('suspended', 'suspended', (set) => readyOf(set)?.reason === 'Suspended')
    await rig.delete('suspended')
    expect(await rig.ownedConfigMaps('suspended')).toEqual([])
  })

  it('removes them also when its spec is not valid any more', async () => {
    await rig.put('invalid', listSpec(two('invalid')))
    await rig.waitReady('invalid')
    const broken = { ...listSpec(two('invalid')), templates: [configMapTemplate('{{ if', { a: 'b' })] }
    await rig.put('invalid', broken)
    await rig.waitFailed('invalid', 'TemplateInvalid')
    await rig.delete('invalid')
    expect(await rig.ownedConfigMaps('invalid')).toEqual([])
  })

  it('leaves them where deletionPolicy is Orphan, and says so', async () => {
    await rig.put('orphan', { ...listSpec(two('orphan')), deletionPolicy: 'Orphan' })
    await rig.waitReady('orphan')
    await rig.delete('orphan')
    expect(await rig.ownedConfigMaps('orphan')).toEqual(['orphan-1', 'orphan-2'])
    const event = await findEvents(api, rig.namespace, 'orphan', 'Orphaned')
    expect(event[0]?.note).toContain('deletionPolicy')
  })

  it('leaves alone what is another’s by now, and what is annotated', async () => {
    await rig.put('released', listSpec(two('released')))
    await rig.waitReady('released')
    const labels = { 'sets.gitops.pro/name': 'somebody-else' }
    const annotations = { 'sets.gitops.pro/prune': 'disabled' }
    await api.patch(rig.configMapPath('released-1'), { metadata: { labels } })
    await api.patch(rig.configMapPath('released-2'), { metadata: { annotations } })
    await rig.delete('released')
    expect(await rig.findConfigMap('released-1')).toBeDefined()
    expect(await rig.findConfigMap('released-2')).toBeDefined()
  })

  it('that has made nothing takes no time', async () => {
    await rig.put('empty', listSpec([]))
    await rig.waitReady('empty')
    await rig.delete('empty')
  })
})

describe('the service account of a deleted set', () => {
  it('that is gone: the objects are left, with an event that says why', async () => {
    await grantAccount(api, { namespace: rig.namespace, name: 'leaver' })
    await rig.put('leaver', { ...listSpec(two('leaver')), serviceAccountName: 'leaver' })
    await rig.waitReady('leaver')
    await api.delete(`/api/v1/namespaces/${rig.namespace}/serviceaccounts/leaver`)
    await rig.delete('leaver')
    expect(await rig.ownedConfigMaps('leaver')).toHaveLength(2)
    const event = await findEvents(api, rig.namespace, 'leaver', 'Orphaned')
    expect(event[0]?.note).toContain('service account')
  })

  it('that may not delete: the set stays, says FinalizerBlocked, and goes once it may', async () => {
    await grantAccount(api, { namespace: rig.namespace, name: 'keeper' })
    await rig.put('keeper', { ...listSpec(two('keeper')), serviceAccountName: 'keeper' })
    await rig.waitReady('keeper')
    await grantAccount(api, { namespace: rig.namespace, name: 'keeper' }, [
      'get',
      'list',
      'watch',
      'patch',
      'create',
    ])
    await api.delete(rig.path('keeper'))
    const blocked = await rig.waitFor('keeper', 'blocked', isBlocked)
    expect(readyOf(blocked)?.reason).toBe('AccessDenied')
    expect(conditionOf(blocked, 'Reconciling')?.status).toBe('True')
    expect(inventoryOf(blocked)).toHaveLength(2)
    await grantAccount(api, { namespace: rig.namespace, name: 'keeper' })
    await rig.waitGone('keeper')
    expect(await rig.ownedConfigMaps('keeper')).toEqual([])
  })

  it('that is missing from a set that is not deleted is a failure, not a reason to forget anything', async () => {
    await rig.put('nobody', { ...listSpec(two('nobody')), serviceAccountName: 'nobody' })
    const set = await rig.waitFor('nobody', 'failed', (found) => readyOf(found)?.status === 'False')
    expect(readyOf(set)?.reason).toBe('AccessDenied')
    expect(await rig.ownedConfigMaps('nobody')).toEqual([])
    await rig.delete('nobody')
  })
})

describe('deleting the namespace of a set', () => {
  it('ends, whatever goes first', async () => {
    const namespace = await cluster.createNamespace('finalize-ns')
    const other = new SetRig(api, namespace)
    await using second = await startController({
      kubeconfigPath: cluster.kubeconfigPath,
      flags: [`--watch-namespaces=${namespace}`],
    })
    await grantAccount(api, { namespace, name: 'team' })
    await other.put('team', { ...listSpec(two('team')), serviceAccountName: 'team' })
    await other.waitReady('team')
    await api.delete(`/api/v1/namespaces/${namespace}`)
    await waitFor(
      `the namespace to be gone; log:\n${second.log()}`,
      async () => (await api.find(`/api/v1/namespaces/${namespace}`)) === undefined,
      { deadlineMs: 60_000 },
    )
  })
})

function isBlocked(set: SetObject): boolean {
  return readyOf(set)?.message.includes('FinalizerBlocked') === true
}
