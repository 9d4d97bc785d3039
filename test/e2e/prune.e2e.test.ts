import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantAccount } from '../support/account.ts'
import { useCluster } from '../support/cluster.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import {
  SetRig,
  apiSpec,
  conditionOf,
  configMapTemplate,
  inventoryOf,
  listSpec,
  readyOf,
} from '../support/set-rig.ts'
import type { SetObject } from '../support/set-rig.ts'
import { startStubApi } from '../support/stub-api.ts'
import type { StubApi } from '../support/stub-api.ts'

const CONFIRM = 'sets.gitops.pro/confirm-prune'

const cluster = useCluster()
const { api } = cluster
let controller: ControllerProcess
let rig: SetRig
let stub: StubApi

beforeAll(async () => {
  rig = new SetRig(api, await cluster.createNamespace('prune'))
  stub = await startStubApi()
  controller = await startController({
    kubeconfigPath: cluster.kubeconfigPath,
    flags: [`--watch-namespaces=${rig.namespace}`],
  })
})

afterAll(async () => {
  await controller?.stop()
  await stub?.[Symbol.asyncDispose]()
  await api.close()
})

const items = (set: string, count: number): { name: string; value: string }[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${set}-${index}`, value: 'x' }))

let asked = 0

/** Answers this from now on, and asks again at an address of its own, so that no earlier answer is shared. */
async function putApi(set: string, elements: readonly object[], more: object = {}): Promise<void> {
  stub.json(elements)
  await rig.put(set, { ...apiSpec(`${stub.url}${set}-${asked++}`), ...more })
}

/** The same spec, other data. */
async function answerNow(set: string, elements: readonly object[]): Promise<void> {
  stub.json(elements)
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await rig.request(set)
}

async function waitHeld(set: string): Promise<SetObject> {
  return rig.waitFor(set, 'held', (found) => conditionOf(found, 'PruneBlocked')?.status === 'True')
}

describe('removals that come from changed data alone', () => {
  it('are held when they are many, for as long as the data stays so, and go on when the data is back', async () => {
    await putApi('many', items('many', 8))
    await rig.waitReady('many')
    await answerNow('many', items('many', 2))
    const held = await waitHeld('many')
    expect(readyOf(held)).toMatchObject({ status: 'False', reason: 'PruneBlocked' })
    const hash = held.status?.plan?.hash ?? ''
    expect(hash).toMatch(/^[0-9a-f]{16}$/)
    for (const part of [hash, CONFIRM, '6 of 8', 'many-7']) expect(readyOf(held)?.message).toContain(part)
    for (let i = 0; i < 3; i++) await rig.request('many')
    expect(await rig.ownedConfigMaps('many')).toHaveLength(8)
    expect(inventoryOf(await rig.get('many'))).toHaveLength(8)

    await answerNow('many', items('many', 8))
    const ready = await rig.waitReady('many')
    expect(conditionOf(ready, 'PruneBlocked')).toBeUndefined()
    expect(await rig.ownedConfigMaps('many')).toHaveLength(8)
  })

  it('are held when nothing would be left, however few they are', async () => {
    stub.json(items('all', 1))
    await rig.put('all', apiSpec(`${stub.url}all`, { onEmpty: 'Prune' }))
    await rig.waitReady('all')
    await answerNow('all', [])
    const held = await waitHeld('all')
    expect(readyOf(held)?.message).toContain('allowEmpty')
    expect(await rig.ownedConfigMaps('all')).toHaveLength(1)
  })

  it('are held also when other objects take the place of all', async () => {
    await putApi('renamed', items('renamed', 5))
    await rig.waitReady('renamed')
    await answerNow('renamed', items('renamed-new', 5))
    await waitHeld('renamed')
    await rig.request('renamed')
    await waitHeld('renamed')
    expect(await rig.ownedConfigMaps('renamed')).toHaveLength(10)
  })

  it('are confirmed by an annotation with the hash of exactly these removals', async () => {
    await putApi('confirmed', items('confirmed', 8))
    await rig.waitReady('confirmed')
    await answerNow('confirmed', items('confirmed', 2))
    const hash = (await waitHeld('confirmed')).status?.plan?.hash ?? ''
    await rig.annotate('confirmed', { [CONFIRM]: '0123456789abcdef' })
    await rig.request('confirmed')
    expect(await rig.ownedConfigMaps('confirmed')).toHaveLength(8)
    await rig.annotate('confirmed', { [CONFIRM]: hash })
    const ready = await rig.waitReady('confirmed')
    expect(await rig.ownedConfigMaps('confirmed')).toEqual(['confirmed-0', 'confirmed-1'])
    expect(inventoryOf(ready)).toHaveLength(2)
    expect(conditionOf(ready, 'PruneBlocked')).toBeUndefined()
    expect(ready.status?.plan).toBeUndefined()
  })

  it('go on when a person changes the spec', async () => {
    await putApi('spec', items('spec', 8))
    await rig.waitReady('spec')
    await answerNow('spec', items('spec', 2))
    await waitHeld('spec')
    await rig.put('spec', { ...(await rig.get('spec')).spec, interval: '2h' })
    await rig.waitReady('spec')
    expect(await rig.ownedConfigMaps('spec')).toHaveLength(2)
  })

  it('happen at once when they are few', async () => {
    await putApi('few', items('few', 8))
    await rig.waitReady('few')
    await answerNow('few', items('few', 5))
    await rig.waitReady('few')
    expect(await rig.ownedConfigMaps('few')).toHaveLength(5)
  })

  it('happen at once as far as maxPercent and allowEmpty say', async () => {
    const prune = { maxPercent: 80, allowEmpty: true }
    stub.json(items('allowed', 8))
    await rig.put('allowed', { ...apiSpec(`${stub.url}allowed`, { onEmpty: 'Prune' }), prune })
    await rig.waitReady('allowed')
    await answerNow('allowed', items('allowed', 2))
    await rig.waitReady('allowed')
    expect(await rig.ownedConfigMaps('allowed')).toHaveLength(2)
    await answerNow('allowed', [])
    await rig.waitFor('allowed', 'empty', (set) => inventoryOf(set).length === 0)
    expect(await rig.ownedConfigMaps('allowed')).toEqual([])
  })

  it('are no matter for the guard when pruning is off', async () => {
    await putApi('off', items('off', 8), { prune: { enabled: false } })
    await rig.waitReady('off')
    await answerNow('off', items('off', 1))
    const ready = await rig.waitReady('off')
    expect(conditionOf(ready, 'PruneBlocked')).toBeUndefined()
    expect(await rig.ownedConfigMaps('off')).toHaveLength(8)
    expect(inventoryOf(ready)).toHaveLength(8)
  })

  it('do not happen at all when the generator fails, answers nothing, or half', async () => {
    await putApi('failing', items('failing', 4))
    await rig.waitReady('failing')
    for (const body of ['[]', '', '[{"name":']) {
      stub.answer({ body })
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      await rig.request('failing')
      await rig.waitFor('failing', 'failed', (set) => readyOf(set)?.status === 'False')
      expect(await rig.ownedConfigMaps('failing')).toHaveLength(4)
    }
  })
})

describe('removals that a person asks for by the spec', () => {
  it('are not held, however many', async () => {
    await rig.put('list', listSpec(items('list', 8)))
    await rig.waitReady('list')
    await rig.put('list', listSpec([]))
    await rig.waitReady('list')
    expect(await rig.ownedConfigMaps('list')).toEqual([])
  })

  it('spare objects that are annotated, and let them go', async () => {
    const keep = { annotations: { 'sets.gitops.pro/prune': 'disabled' } }
    const generators = [{ list: { elements: [{}] } }]
    const kept = configMapTemplate('kept', { a: 'b' }, keep)
    const gone = configMapTemplate('gone', { a: 'b' })
    await rig.put('annotated', { generators, templates: [kept, gone] })
    await rig.waitReady('annotated')
    await rig.put('annotated', { generators, templates: [] })
    const set = await rig.waitReady('annotated')
    expect(await rig.findConfigMap('gone')).toBeUndefined()
    expect(await rig.findConfigMap('kept')).toBeDefined()
    expect(inventoryOf(set)).toEqual([])
  })

  it('do not touch an object that is another’s by now', async () => {
    await rig.put('moved', listSpec(items('moved', 2)))
    await rig.waitReady('moved')
    await api.patch(rig.configMapPath('moved-1'), {
      metadata: { labels: { 'sets.gitops.pro/name': 'somebody-else' } },
    })
    await rig.put('moved', listSpec([]))
    await rig.waitReady('moved')
    expect(await rig.findConfigMap('moved-0')).toBeUndefined()
    expect(await rig.findConfigMap('moved-1')).toBeDefined()
  })

  it('wait for the applies: nothing goes as long as something cannot be applied', async () => {
    await rig.put('order', listSpec(items('order', 3)))
    await rig.waitReady('order')
    const spec = listSpec(items('order', 1))
    const broken = { content: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'Not_A_Name' } } }
    await rig.put('order', { ...spec, templates: [...(spec.templates ?? []), broken] })
    await rig.waitFor('order', 'failed', (set) => readyOf(set)?.status === 'False')
    expect(await rig.ownedConfigMaps('order')).toHaveLength(3)
    await rig.put('order', spec)
    await rig.waitReady('order')
    expect(await rig.ownedConfigMaps('order')).toEqual(['order-0'])
  })

  it('that are refused stay in the inventory and are tried again', async () => {
    const account = 'no-delete'
    await grantAccount(api, { namespace: rig.namespace, name: account }, [
      'get',
      'list',
      'watch',
      'create',
      'patch',
      'update',
    ])
    await rig.put('refused', { ...listSpec(items('refused', 2)), serviceAccountName: account })
    await rig.waitReady('refused')
    await rig.put('refused', { ...listSpec([]), serviceAccountName: account })
    const failed = await rig.waitFor('refused', 'failed', (set) => readyOf(set)?.status === 'False')
    expect(readyOf(failed)).toMatchObject({ reason: 'AccessDenied' })
    expect(inventoryOf(failed)).toHaveLength(2)
    await grantAccount(api, { namespace: rig.namespace, name: account })
    const ready = await rig.waitReady('refused')
    expect(inventoryOf(ready)).toEqual([])
    expect(await rig.findConfigMap('refused-0')).toBeUndefined()
  })
})
