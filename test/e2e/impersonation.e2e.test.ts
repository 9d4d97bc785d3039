import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../stack/audit-log.ts'
import { grantAccount } from '../support/account.ts'
import { useCluster } from '../support/cluster.ts'
import { startController } from '../support/controller-process.ts'
import { SetRig, apiSpec, configMapTemplate, listSpec, readyOf } from '../support/set-rig.ts'
import { startStubApi } from '../support/stub-api.ts'

const cluster = useCluster()
const { api } = cluster
const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])
/** Written by the controller for itself: the sets, events about them, its Lease. */
const OWN_RESOURCES = new Set(['gitopssets', 'events', 'leases'])

let rig: SetRig

beforeAll(async () => {
  rig = new SetRig(api, await cluster.createNamespace('impersonate'))
  await grantAccount(api, { namespace: rig.namespace, name: 'team' })
})

afterAll(async () => {
  await api.close()
})

const userOf = (name: string, namespace = rig.namespace): string =>
  `system:serviceaccount:${namespace}:${name}`

/** What controllers have asked for in a namespace. */
function requestsIn(namespace: string): AuditEvent[] {
  return cluster
    .readAuditLog()
    .filter(({ userAgent }) => userAgent?.startsWith('gitopsset-controller'))
    .filter(({ objectRef }) => objectRef?.namespace === namespace)
}

function foreignWrites(namespace: string): AuditEvent[] {
  return requestsIn(namespace).filter(
    ({ verb, objectRef }) => WRITES.has(verb) && !OWN_RESOURCES.has(objectRef?.resource ?? ''),
  )
}

function start(namespace: string, ...flags: string[]): ReturnType<typeof startController> {
  return startController({
    kubeconfigPath: cluster.kubeconfigPath,
    flags: [`--watch-namespaces=${namespace}`, ...flags],
  })
}

const elements = (name: string, value = 'x'): { name: string; value: string }[] => [
  { name: `${name}-1`, value },
  { name: `${name}-2`, value },
]

describe('a set with an account', () => {
  it('writes everything as it: create, update, take over, prune and finalize', async () => {
    await using controller = await start(rig.namespace)
    const spec = (name: string, value: string): object => ({
      ...listSpec(elements(name, value)),
      serviceAccountName: 'team',
    })
    const collection = rig.configMapPath('').replace(/\/$/, '')
    await api.create(`${collection}?fieldManager=manager`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'all-1',
        labels: { 'sets.gitops.pro/name': 'all', 'sets.gitops.pro/namespace': rig.namespace },
      },
    })
    await rig.put('all', spec('all', 'x'))
    await rig.waitReady('all')
    await rig.put('all', spec('all', 'y'))
    await rig.waitReady('all')
    await rig.put('all', { ...listSpec(elements('all', 'y').slice(1)), serviceAccountName: 'team' })
    await rig.waitReady('all')
    await rig.delete('all')
    await controller.stop()

    const writes = foreignWrites(rig.namespace)
    expect(writes.map(({ verb }) => verb)).toEqual(expect.arrayContaining(['patch', 'delete']))
    expect(writes.length).toBeGreaterThan(5)
    expect(writes.filter(({ impersonatedUser }) => impersonatedUser?.username !== userOf('team'))).toEqual([])
  })

  it('reads as it what its generators need, Secrets too', async () => {
    await using stub = await startStubApi()
    stub.json([{ name: 'headers', value: 'x' }])
    await using controller = await start(rig.namespace)
    const headers = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'headers' },
      stringData: { 'x-key': 'k' },
    }
    await api.apply(`/api/v1/namespaces/${rig.namespace}/secrets/headers`, headers)
    const spec = {
      ...apiSpec(stub.url, { headersRef: { kind: 'Secret', name: 'headers' } }),
      serviceAccountName: 'team',
    }
    await rig.put('reader', spec)
    const refused = await rig.waitFailed('reader', 'AccessDenied')
    expect(readyOf(refused)?.message).toContain('headers')
    expect(stub.requests).toHaveLength(0)

    await grantAccount(api, { namespace: rig.namespace, name: 'team' }, ['*'], ['configmaps', 'secrets'])
    await rig.request('reader')
    await rig.waitReady('reader')
    expect(stub.requests[0]?.headers['x-key']).toBe('k')
    await controller.stop()
    const reads = requestsIn(rig.namespace).filter(({ objectRef }) => objectRef?.resource === 'secrets')
    expect(reads.length).toBeGreaterThan(1)
    expect(reads.filter(({ impersonatedUser }) => impersonatedUser?.username !== userOf('team'))).toEqual([])
    expect(reads.filter(({ verb, objectRef }) => verb === 'list' && objectRef?.name === undefined)).toEqual(
      [],
    )
  })

  it('that has no rights is told so, and nothing is written', async () => {
    await using controller = await start(rig.namespace)
    await grantAccount(api, { namespace: rig.namespace, name: 'poor' }, ['get'])
    await rig.put('poor', { ...listSpec(elements('poor')), serviceAccountName: 'poor' })
    const set = await rig.waitFailed('poor', 'AccessDenied')
    expect(readyOf(set)?.message).toContain('configmaps')
    expect(await rig.ownedConfigMaps('poor')).toEqual([])
    await rig.delete('poor')
    expect(controller.log()).not.toContain('"level":"error"')
  })

  it('cannot make itself greater: rights that it has not are not given away', async () => {
    await using controller = await start(rig.namespace)
    await grantAccount(
      api,
      { namespace: rig.namespace, name: 'climber' },
      ['*'],
      ['configmaps', 'rolebindings'],
    )
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'climb' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'climber', namespace: rig.namespace }],
    }
    const generators = [{ list: { elements: [{}] } }]
    const templates = [{ content: binding }, configMapTemplate('beside', { a: 'b' })]
    await rig.put('climber', { generators, templates, serviceAccountName: 'climber' })
    await rig.waitFailed('climber', 'AccessDenied')
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${rig.namespace}/rolebindings/climb`
    expect(await api.find(path)).toBeUndefined()
    await rig.delete('climber')
    await controller.stop()
  })
})

describe('the administrator’s word on accounts', () => {
  it('--default-service-account: sets that name none act as it', async () => {
    const namespace = await cluster.createNamespace('impersonate')
    const other = new SetRig(api, namespace)
    await grantAccount(api, { namespace, name: 'fallback' })
    await using controller = await start(namespace, '--default-service-account=fallback')
    await other.put('plain', listSpec(elements('plain')))
    await other.waitReady('plain')
    await other.delete('plain')
    await controller.stop()
    const writes = foreignWrites(namespace)
    expect(writes.length).toBeGreaterThan(3)
    expect(new Set(writes.map(({ impersonatedUser }) => impersonatedUser?.username))).toEqual(
      new Set([userOf('fallback', namespace)]),
    )
  })

  it('--require-service-account: sets that name none are refused', async () => {
    const namespace = await cluster.createNamespace('impersonate')
    const other = new SetRig(api, namespace)
    await using controller = await start(namespace, '--require-service-account=true')
    await other.put('plain', listSpec(elements('plain')))
    const set = await other.waitFailed('plain', 'AccessDenied')
    expect(readyOf(set)?.message).toContain('serviceAccountName')
    await grantAccount(api, { namespace, name: 'team' })
    await other.put('named', { ...listSpec(elements('named')), serviceAccountName: 'team' })
    await other.waitReady('named')
    await other.delete('plain')
    await controller.stop()
    expect(foreignWrites(namespace).every(({ impersonatedUser }) => impersonatedUser !== undefined)).toBe(
      true,
    )
  })
})
