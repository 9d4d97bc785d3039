import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiObject } from '../stack/api.ts'
import { waitFor } from '../stack/poll.ts'
import { useCluster } from '../support/cluster.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { SetRig, conditionOf, configMapTemplate, inventoryOf, listSpec, readyOf } from '../support/set-rig.ts'

const cluster = useCluster()
const { api } = cluster
let controller: ControllerProcess
let rig: SetRig

beforeAll(async () => {
  rig = new SetRig(api, await cluster.createNamespace('apply'))
  controller = await startController({
    kubeconfigPath: cluster.kubeconfigPath,
    flags: [`--watch-namespaces=${rig.namespace}`],
  })
})

afterAll(async () => {
  await controller?.stop()
  await api.close()
})

interface Deployment extends ApiObject {
  readonly spec: { readonly replicas: number; readonly minReadySeconds?: number }
}

const one = (templates: readonly object[], more: object = {}): object => ({
  generators: [{ list: { elements: [{}] } }],
  templates,
  ...more,
})

function deploymentTemplate(name: string, spec: object): object {
  const labels = { app: name }
  const containers = [{ name: 'app', image: 'registry.example.com/app:1' }]
  return {
    content: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
        ...spec,
      },
    },
  }
}

const deploymentPath = (name: string): string =>
  `/apis/apps/v1/namespaces/${rig.namespace}/deployments/${name}`

/** Writes `replicas` the way a HorizontalPodAutoscaler does: by the scale subresource. */
async function scaleAs(manager: string, name: string, replicas: number): Promise<void> {
  const path = `${deploymentPath(name)}/scale`
  const body = {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace: rig.namespace },
    spec: { replicas },
  }
  const { status } = await api.request('PUT', `${path}?fieldManager=${manager}`, body)
  if (status >= 300) throw new Error(`scaling answered ${status}`)
}

describe('a field that another controller owns', () => {
  async function contested(name: string): Promise<void> {
    await rig.put(name, one([deploymentTemplate(name, { replicas: 1, minReadySeconds: 1 })]))
    await rig.waitReady(name)
    await scaleAs('hpa-controller', name, 5)
  }
  const next = (name: string, conflicts: string): object =>
    one([deploymentTemplate(name, { replicas: 2, minReadySeconds: 7 })], { conflicts })

  it('Fail: leaves the object and names field and owner, while the set’s other objects go on', async () => {
    await contested('fail')
    const templates = [deploymentTemplate('fail', { replicas: 2 }), configMapTemplate('beside', { a: 'b' })]
    await rig.put('fail', one(templates, { conflicts: 'Fail' }))
    const set = await rig.waitFailed('fail', 'Conflict')
    const message = readyOf(set)?.message
    for (const part of ['Deployment', 'fail', '.spec.replicas', 'hpa-controller'])
      expect(message).toContain(part)
    expect((await api.get<Deployment>(deploymentPath('fail'))).spec.replicas).toBe(5)
    expect(await rig.findConfigMap('beside')).toBeDefined()
  })

  it('Skip: applies the rest', async () => {
    await contested('skip')
    await rig.put('skip', next('skip', 'Skip'))
    await rig.waitReady('skip')
    expect((await api.get<Deployment>(deploymentPath('skip'))).spec).toMatchObject({
      replicas: 5,
      minReadySeconds: 7,
    })
    await scaleAs('hpa-controller', 'skip', 6)
    await rig.request('skip')
    await rig.waitReady('skip')
    expect((await api.get<Deployment>(deploymentPath('skip'))).spec.replicas).toBe(6)
  })

  it('Force: takes it', async () => {
    await contested('force')
    await rig.put('force', next('force', 'Force'))
    await rig.waitReady('force')
    expect((await api.get<Deployment>(deploymentPath('force'))).spec).toMatchObject({
      replicas: 2,
      minReadySeconds: 7,
    })
  })

  it('is nobody’s problem when the template leaves it out', async () => {
    await rig.put('leave', one([deploymentTemplate('leave', {})]))
    await rig.waitReady('leave')
    await scaleAs('hpa-controller', 'leave', 4)
    await rig.request('leave')
    await rig.waitReady('leave')
    expect((await api.get<Deployment>(deploymentPath('leave'))).spec.replicas).toBe(4)
  })
})

describe('an object that was there before', () => {
  const existing = (name: string, metadata: object = {}): Promise<ApiObject> =>
    api.create(rig.configMapPath('').replace(/\/$/, ''), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, ...metadata },
      data: { mine: 'yes' },
    })

  it('is refused, and not touched', async () => {
    await existing('foreign')
    await rig.put('foreign', listSpec([{ name: 'foreign', value: 'x' }]))
    const set = await rig.waitFailed('foreign', 'Conflict')
    expect(readyOf(set)?.message).toContain('sets.gitops.pro/adopt')
    const found = await rig.findConfigMap('foreign')
    expect([found?.data, found?.metadata.labels]).toEqual([{ mine: 'yes' }, undefined])
    await rig.delete('foreign')
    expect(await rig.findConfigMap('foreign')).toBeDefined()
  })

  it('is adopted where it is annotated, in the template or itself, or where conflicts are forced', async () => {
    const adopt = { annotations: { 'sets.gitops.pro/adopt': 'enabled' } }
    await existing('adopt-live', adopt)
    await existing('adopt-template')
    await existing('adopt-force')
    const value = { value: 'x' }
    await rig.put('adopt-1', one([configMapTemplate('adopt-live', value)]))
    await rig.put('adopt-2', one([configMapTemplate('adopt-template', value, adopt)]))
    await rig.put('adopt-3', one([configMapTemplate('adopt-force', value)], { conflicts: 'Force' }))
    for (const name of ['adopt-1', 'adopt-2', 'adopt-3']) await rig.waitReady(name)
    expect((await rig.findConfigMap('adopt-live'))?.data).toEqual({ mine: 'yes', value: 'x' })
    expect(await rig.ownedConfigMaps('adopt-3')).toEqual(['adopt-force'])
  })

  it('is never taken from another set, not even by force', async () => {
    await rig.put('owner', listSpec([{ name: 'wanted-by-two', value: 'first' }]))
    await rig.waitReady('owner')
    await rig.put('thief', { ...listSpec([{ name: 'wanted-by-two', value: 'second' }]), conflicts: 'Force' })
    const set = await rig.waitFailed('thief', 'Conflict')
    expect(readyOf(set)?.message).toContain(`${rig.namespace}/owner`)
    expect((await rig.findConfigMap('wanted-by-two'))?.data).toEqual({ value: 'first' })
    await rig.delete('thief')
    expect((await rig.findConfigMap('wanted-by-two'))?.data).toEqual({ value: 'first' })
  })
})

describe('a set of the Go controller', () => {
  it('is taken over in place: same object, and a field dropped from the template goes', async () => {
    const labels = { 'sets.gitops.pro/name': 'migrated', 'sets.gitops.pro/namespace': rig.namespace }
    const collection = rig.configMapPath('').replace(/\/$/, '')
    const old = await api.create(`${collection}?fieldManager=manager`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'migrated', labels },
      data: { value: 'old', dropped: 'old' },
    })
    await rig.put('migrated', { ...listSpec([{ name: 'migrated', value: 'new' }]), suspend: true })
    const entries = [{ id: `${rig.namespace}_migrated__ConfigMap`, v: 'v1' }]
    await api.patch(`${rig.path('migrated')}/status`, { status: { inventory: { entries } } })
    await api.patch(rig.path('migrated'), { spec: { suspend: false } })
    const set = await rig.waitReady('migrated')
    const found = await rig.findConfigMap('migrated')
    expect(found?.metadata.uid).toBe(old.metadata.uid)
    expect(found?.data).toEqual({ value: 'new' })
    expect(inventoryOf(set)).toEqual([`${rig.namespace}_migrated__ConfigMap`])
  })
})

describe('changes of an object', () => {
  it('a new apiVersion is an update, not a delete', async () => {
    const hpa = (version: string, metrics: object): object => ({
      content: {
        apiVersion: `autoscaling/${version}`,
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'scaler' },
        spec: {
          maxReplicas: 3,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' },
          ...metrics,
        },
      },
    })
    const path = `/apis/autoscaling/v2/namespaces/${rig.namespace}/horizontalpodautoscalers/scaler`
    await rig.put('bump', one([hpa('v1', { targetCPUUtilizationPercentage: 50 })]))
    await rig.waitReady('bump')
    const before = await api.get(path)
    const resource = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } }
    await rig.put('bump', one([hpa('v2', { metrics: [{ type: 'Resource', resource }] })]))
    const set = await rig.waitReady('bump')
    expect((await api.get(path)).metadata.uid).toBe(before.metadata.uid)
    expect(set.status?.inventory?.entries).toEqual([
      { id: `${rig.namespace}_scaler_autoscaling_HorizontalPodAutoscaler`, v: 'v2' },
    ])
    expect(deletesOf('horizontalpodautoscalers')).toBe(0)
  })

  it('an immutable field is refused, and changed by recreating where the object is annotated', async () => {
    const secret = (value: string, metadata: object = {}): object => ({
      content: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'fixed', ...metadata },
        immutable: true,
        data: { value },
      },
    })
    await rig.put('fixed', one([secret('1')]))
    await rig.waitReady('fixed')
    const before = await rig.findConfigMap('fixed')
    await rig.put('fixed', one([secret('2')]))
    const set = await rig.waitFailed('fixed', 'ApplyFailed')
    expect(readyOf(set)?.message).toMatch(/immutable/)
    expect((await rig.findConfigMap('fixed'))?.metadata.uid).toBe(before?.metadata.uid)
    await rig.put('fixed', one([secret('2', { annotations: { 'sets.gitops.pro/force': 'enabled' } })]))
    await rig.waitReady('fixed')
    const after = await rig.findConfigMap('fixed')
    expect(after?.data).toEqual({ value: '2' })
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid)
  })

  it('one object rendered twice is refused before anything is written, naming both', async () => {
    const twice = [
      { name: 'twice', value: 'a' },
      { name: 'single', value: 'b' },
      { name: 'twice', value: 'c' },
    ]
    await rig.put('duplicates', listSpec(twice))
    const set = await rig.waitFor('duplicates', 'refused', (found) => readyOf(found)?.status === 'False')
    expect(readyOf(set)?.message).toMatch(/twice/)
    expect(readyOf(set)?.message).toMatch(/0.*2|first.*third/s)
    expect(await rig.findConfigMap('single')).toBeUndefined()
    expect(inventoryOf(set)).toEqual([])
  })

  it('what a person has edited is put back', async () => {
    await rig.put('edited', listSpec([{ name: 'edited', value: 'ours' }]))
    await rig.waitReady('edited')
    const patch = { data: { value: 'theirs', added: 'x' } }
    await api.request(
      'PATCH',
      `${rig.configMapPath('edited')}?fieldManager=kubectl-edit`,
      patch,
      'application/merge-patch+json',
    )
    await rig.request('edited')
    await rig.waitReady('edited')
    expect((await rig.findConfigMap('edited'))?.data).toEqual({ value: 'ours', added: 'x' })
  })

  it('a field dropped from the template goes, even if the server has forgotten that it was ours', async () => {
    await rig.put('forgotten', one([configMapTemplate('forgotten', { a: '1', b: '1' })]))
    await rig.waitReady('forgotten')
    await api.patch(rig.configMapPath('forgotten'), { metadata: { managedFields: [{}] } })
    await rig.put('forgotten', one([configMapTemplate('forgotten', { a: '1' })]))
    await rig.waitReady('forgotten')
    expect((await rig.findConfigMap('forgotten'))?.data).toEqual({ a: '1' })
  })

  it('labels of a template cannot name another owner', async () => {
    const labels = { 'sets.gitops.pro/name': 'somebody', 'sets.gitops.pro/namespace': 'elsewhere', own: 'x' }
    await rig.put('labels', one([configMapTemplate('labels', { a: '1' }, { labels })]))
    await rig.waitReady('labels')
    expect((await rig.findConfigMap('labels'))?.metadata.labels).toEqual({
      'sets.gitops.pro/name': 'labels',
      'sets.gitops.pro/namespace': rig.namespace,
      own: 'x',
    })
  })
})

describe('kinds of all sorts', () => {
  it('cluster-scoped objects are made, kept in the inventory without a namespace, and removed', async () => {
    const name = `${rig.namespace}-role`
    const path = `/apis/rbac.authorization.k8s.io/v1/clusterroles/${name}`
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name },
      rules: [],
    }
    await rig.put('wide', one([{ content: role }]))
    const set = await rig.waitReady('wide')
    expect(inventoryOf(set)).toEqual([`_${name}_rbac.authorization.k8s.io_ClusterRole`])
    await rig.request('wide')
    expect(readyOf(await rig.get('wide'))?.status).toBe('True')
    expect(await api.find(path)).toBeDefined()
    await rig.delete('wide')
    expect(await api.find(path)).toBeUndefined()
  })

  it('a definition and an object of its kind can be in one set', async () => {
    const plural = `gadgets${rig.namespace.replaceAll('-', '')}`
    const group = 'e2e.example.com'
    const kind = `Gadget${plural.slice(-8)}`
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural, singular: kind.toLowerCase(), kind },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    }
    const gadget = { apiVersion: `${group}/v1`, kind, metadata: { name: 'one' }, spec: { size: 3 } }
    await rig.put('defines', one([{ content: gadget }, { content: definition }]))
    await rig.waitReady('defines')
    const path = `/apis/${group}/v1/namespaces/${rig.namespace}/${plural}/one`
    expect(await api.find(path)).toMatchObject({ spec: { size: 3 } })
    await rig.delete('defines')
    await waitFor('the definition to be gone', async () => (await api.find(path)) === undefined)
  })

  it.each([
    ['an unknown field', { spec: { replicas: 1, fooBar: 1 } }],
    ['a malformed quantity', { spec: { template: { spec: { containers: [badMemory()] } } } }],
  ])('%s that the server refuses stalls the set, and is not tried again and again', async (what, patch) => {
    const name = what.replaceAll(' ', '-')
    const template = deploymentTemplate(name, {}) as { content: { spec: { template: object } } }
    const { spec } = template.content
    const merged = {
      ...spec,
      ...patch.spec,
      template: { ...spec.template, ...(patch.spec as { template?: object }).template },
    }
    await rig.put(name, one([{ content: { ...template.content, spec: merged } }], {}))
    const set = await rig.waitFor(name, 'refused', (found) => readyOf(found)?.status === 'False')
    expect(readyOf(set)?.reason).toBe('ApplyFailed')
    expect(conditionOf(set, 'Stalled')?.status).toBe('True')
    expect(conditionOf(set, 'Reconciling')).toBeUndefined()
  })
})

function badMemory(): object {
  return { name: 'app', image: 'x', resources: { requests: { memory: '12 elephants' } } }
}

function deletesOf(resource: string): number {
  return cluster
    .readAuditLog()
    .filter(({ verb, objectRef }) => verb === 'delete' && objectRef?.resource === resource)
    .filter(({ objectRef }) => objectRef?.namespace === rig.namespace).length
}
