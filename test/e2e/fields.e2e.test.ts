import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiObject } from '../stack/api.ts'
import { useCluster } from '../support/cluster.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { SetRig, readyOf } from '../support/set-rig.ts'

const cluster = useCluster()
const { api } = cluster
let controller: ControllerProcess
let rig: SetRig

interface Deployment extends ApiObject {
  readonly spec: { readonly minReadySeconds?: number; readonly replicas: number }
}

beforeAll(async () => {
  rig = new SetRig(api, await cluster.createNamespace('fields'))
  controller = await startController({
    kubeconfigPath: cluster.kubeconfigPath,
    flags: [`--watch-namespaces=${rig.namespace}`],
  })
})

afterAll(async () => {
  await controller?.stop()
  await api.close()
})

const path = (name: string): string => `/apis/apps/v1/namespaces/${rig.namespace}/deployments/${name}`

/** A Deployment that is somebody else's. */
async function deploy(name: string): Promise<void> {
  const labels = { app: name }
  const containers = [{ name: 'app', image: 'registry.example.com/app:1' }]
  await api.apply(path(name), {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  })
}

/** A set that owns `spec.minReadySeconds` of a Deployment, and nothing else. */
function fieldsSpec(name: string, fields: object, more: object = {}): object {
  const content = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: fields }
  return { generators: [{ list: { elements: [{}] } }], templates: [{ apply: 'Fields', content }], ...more }
}

describe('apply: Fields', () => {
  it('owns the fields named on somebody else’s object, without labels and without writing twice', async () => {
    await deploy('sized')
    await rig.put('sized', fieldsSpec('sized', { minReadySeconds: 7 }))
    const set = await rig.waitReady('sized')
    const found = await api.get<Deployment>(path('sized'))
    expect(found.spec).toMatchObject({ minReadySeconds: 7, replicas: 1 })
    expect(found.metadata.labels).toBeUndefined()
    expect(set.status?.inventory?.entries).toEqual([])
    expect(set.status?.inventory?.fields).toHaveLength(1)
    const generation = found.metadata.generation
    for (let i = 0; i < 3; i++) await rig.request('sized')
    expect((await api.get(path('sized'))).metadata.generation).toBe(generation)
  })

  it('gives them up with their last values when the set goes', async () => {
    await deploy('left')
    await rig.put('left', fieldsSpec('left', { minReadySeconds: 7 }))
    await rig.waitReady('left')
    await rig.delete('left')
    const found = await api.get<Deployment & { metadata: { managedFields: { manager: string }[] } }>(
      path('left'),
    )
    expect(found.spec.minReadySeconds).toBe(7)
    const managers = found.metadata.managedFields.map(({ manager }) => manager)
    expect(managers.filter((manager) => manager.startsWith('gitopsset'))).toEqual([])
  })

  it('gives them up when another object is named', async () => {
    await deploy('one')
    await deploy('two')
    await rig.put('moves', fieldsSpec('one', { minReadySeconds: 7 }))
    await rig.waitReady('moves')
    await rig.put('moves', fieldsSpec('two', { minReadySeconds: 7 }))
    const set = await rig.waitReady('moves')
    expect(set.status?.inventory?.fields?.map(({ id }) => id)).toEqual([
      `${rig.namespace}_two_apps_Deployment`,
    ])
    expect((await api.get<Deployment>(path('one'))).spec.minReadySeconds).toBe(7)
  })

  it('never creates the object, and waits for it', async () => {
    await rig.put('absent', fieldsSpec('absent', { minReadySeconds: 7 }))
    const set = await rig.waitFor('absent', 'waiting', (found) => readyOf(found)?.status === 'False')
    expect(readyOf(set)?.message).toContain('does not exist yet')
    expect(await api.find(path('absent'))).toBeUndefined()
    await deploy('absent')
    await rig.request('absent')
    await rig.waitReady('absent')
  })

  it('leaves a field to its owner, unless forced', async () => {
    await deploy('owned')
    await rig.put('owned', fieldsSpec('owned', { replicas: 3 }))
    const set = await rig.waitFailed('owned', 'Conflict')
    expect(readyOf(set)?.message).toContain('.spec.replicas')
    expect((await api.get<Deployment>(path('owned'))).spec.replicas).toBe(1)
    await rig.put('owned', fieldsSpec('owned', { replicas: 3 }, { conflicts: 'Force' }))
    await rig.waitReady('owned')
    expect((await api.get<Deployment>(path('owned'))).spec.replicas).toBe(3)
  })

  it('is part of a plan too', async () => {
    await deploy('planned')
    await rig.put('planned', fieldsSpec('planned', { minReadySeconds: 7 }, { mode: 'Plan' }))
    const set = await rig.waitReady('planned')
    expect(set.status?.plan?.changes).toEqual([
      {
        action: 'configured',
        object: `Deployment/${rig.namespace}/planned`,
        fields: ['.spec.minReadySeconds'],
      },
    ])
    expect((await api.get<Deployment>(path('planned'))).spec.minReadySeconds).toBeUndefined()
  })
})
