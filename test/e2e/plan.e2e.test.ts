import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useCluster } from '../support/cluster.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { SetRig, apiSpec, conditionOf, inventoryOf, listSpec, readyOf } from '../support/set-rig.ts'
import { startStubApi } from '../support/stub-api.ts'

const cluster = useCluster()
const { api } = cluster
let controller: ControllerProcess
let rig: SetRig

beforeAll(async () => {
  rig = new SetRig(api, await cluster.createNamespace('plan'))
  controller = await startController({
    kubeconfigPath: cluster.kubeconfigPath,
    flags: [`--watch-namespaces=${rig.namespace}`],
  })
})

afterAll(async () => {
  await controller?.stop()
  await api.close()
})

/** Writes of ConfigMaps that were not dry runs. */
function writes(): number {
  return cluster
    .readAuditLog()
    .filter(({ objectRef }) => objectRef?.namespace === rig.namespace && objectRef.resource === 'configmaps')
    .filter(
      ({ verb, requestURI }) =>
        ['create', 'update', 'patch', 'delete'].includes(verb) && !requestURI.includes('dryRun=All'),
    )
    .filter(({ userAgent }) => userAgent?.startsWith('gitopsset-controller')).length
}

describe('mode Plan', () => {
  const before = [
    { name: 'same', value: '1' },
    { name: 'changed', value: '1' },
    { name: 'gone', value: '1' },
  ]
  const after = [
    { name: 'same', value: '1' },
    { name: 'changed', value: '2' },
    { name: 'new', value: '1' },
  ]

  it('tells what would change, and changes nothing', async () => {
    await rig.put('planned', listSpec(before))
    await rig.waitReady('planned')
    const count = writes()
    await rig.put('planned', { ...listSpec(after), mode: 'Plan' })
    const set = await rig.waitReady('planned')
    const plan = set.status?.plan
    expect(plan?.summary).toBe('would be: 1 configured, 1 created, 1 deleted')
    expect(plan?.hash).toMatch(/^[0-9a-f]{16}$/)
    expect(plan?.changes).toEqual([
      { action: 'configured', object: `ConfigMap/${rig.namespace}/changed`, fields: ['.data.value'] },
      { action: 'created', object: `ConfigMap/${rig.namespace}/new` },
      { action: 'deleted', object: `ConfigMap/${rig.namespace}/gone` },
    ])
    expect(readyOf(set)?.message).toBe(plan?.summary)
    expect(writes()).toBe(count)
    expect(count).toBeGreaterThan(0)
    expect(await rig.ownedConfigMaps('planned')).toEqual(['changed', 'gone', 'same'])
    expect(inventoryOf(set)).toHaveLength(3)
  })

  it('then applied, does what it said, and the plan goes', async () => {
    await rig.put('planned', { ...listSpec(after), mode: 'Apply' })
    const set = await rig.waitReady('planned')
    expect(await rig.ownedConfigMaps('planned')).toEqual(['changed', 'new', 'same'])
    expect(set.status?.plan).toBeUndefined()
    expect(set.status?.history?.[0]).toMatchObject({ created: 1, updated: 1, deleted: 1, cause: 'spec' })
  })

  it('says what the server would refuse, also unknown fields', async () => {
    const labels = { app: 'x' }
    const spec = {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'x' }] } },
      wrong: 1,
    }
    const content = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'refused' }, spec }
    await rig.put('refused', {
      generators: [{ list: { elements: [{}] } }],
      templates: [{ content }],
      mode: 'Plan',
    })
    const set = await rig.waitFor('refused', 'failed', (found) => readyOf(found)?.status === 'False')
    expect(readyOf(set)?.message).toContain('wrong')
    expect(conditionOf(set, 'Stalled')?.status).toBe('True')
  })

  it('deletes a set that has only planned without touching anything', async () => {
    await rig.put('only', { ...listSpec([{ name: 'only', value: 'x' }]), mode: 'Plan' })
    await rig.waitReady('only')
    expect(await rig.findConfigMap('only')).toBeUndefined()
    await rig.delete('only')
  })
})

describe('spec.timeout', () => {
  it('ends an evaluation that takes longer, and says so', async () => {
    await using stub = await startStubApi()
    stub.answer('hang')
    await rig.put('late', { ...apiSpec(stub.url), timeout: '1s' })
    const set = await rig.waitFor('late', 'failed', (found) => readyOf(found)?.status === 'False')
    expect(readyOf(set)?.message).toMatch(/spec\.timeout.*1s/)
    stub.json([{ name: 'late', value: 'x' }])
    await rig.waitReady('late')
  })
})

describe('dependsOn', () => {
  it('waits for the other set to be ready, and then goes on by itself', async () => {
    await rig.put('second', { ...listSpec([{ name: 'second', value: 'x' }]), dependsOn: [{ name: 'first' }] })
    const waiting = await rig.waitFailed('second', 'DependencyNotReady')
    expect(readyOf(waiting)?.message).toContain(`${rig.namespace}/first`)
    expect(conditionOf(waiting, 'Reconciling')?.status).toBe('True')
    expect(await rig.findConfigMap('second')).toBeUndefined()
    await rig.put('first', listSpec([{ name: 'first', value: 'x' }]))
    await rig.waitReady('second')
    expect(await rig.findConfigMap('second')).toBeDefined()
  })
})

describe('wait', () => {
  it('is ready only once the applied objects are', async () => {
    const labels = { app: 'waits' }
    const deployment = (replicas: number): object => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'waits' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'app', image: 'registry.example.com/app:1' }] },
        },
      },
    })
    const spec = (replicas: number): object => ({
      generators: [{ list: { elements: [{}] } }],
      templates: [{ content: deployment(replicas) }],
      wait: true,
    })
    await rig.put('waits', spec(1))
    const waiting = await rig.waitFor('waits', 'waiting', (set) => readyOf(set)?.status === 'False')
    expect(readyOf(waiting)?.message).toContain(`Deployment/${rig.namespace}/waits has 0 of 1 pods`)
    // Nothing runs pods here, so that none can become available.
    await rig.put('waits', spec(0))
    await rig.waitReady('waits')
  })
})
