import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringField } from '../../helpers/go/json-tree.ts'
import { WideNumber } from '../../helpers/go/value.ts'
import type { Cluster } from '../../src/kube/cluster.ts'
import { ApiError } from '../../src/ports.ts'
import type { KubeObject, ResourceClient } from '../../src/ports.ts'
import { waitFor } from '../stack/poll.ts'
import { useCluster } from '../support/cluster.ts'
import { openReal } from './open-cluster.ts'

const shared = useCluster()
const how = { fieldManager: 'kube-test', force: false }
let cluster: Cluster
let client: ResourceClient
let namespace: string

beforeAll(async () => {
  cluster = await openReal(shared.kubeconfigPath)
  client = cluster.clients.clientFor({ kind: 'controller' })
  namespace = await shared.createNamespace('kube-client')
})

afterAll(async () => {
  await cluster.close()
  await shared.api.close()
})

const keyOf = (name: string) => ({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name })

function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }
}

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ApiError)) throw new Error(`expected an ApiError, got ${String(error)}`)
  return error
}

const uidOf = (object: KubeObject): string => stringField(object.metadata, 'uid')

describe('objects', () => {
  test('apply, get, patch, list, delete', async () => {
    const applied = await client.apply(configMap('a', { k: 'v' }), how)
    expect(applied.warnings).toEqual([])
    expect(await client.get(keyOf('a'))).toMatchObject({ kind: 'ConfigMap', data: { k: 'v' } })
    await client.patch(keyOf('a'), { type: 'merge', body: { data: { k2: 'v2' } } })
    await client.patch(keyOf('a'), { type: 'json', body: [{ op: 'add', path: '/data/k3', value: 'v3' }] })
    const listed = await client.list({ ...keyOf('') }, {})
    expect(listed.find((object) => object.metadata['name'] === 'a')).toMatchObject({
      apiVersion: 'v1',
      data: { k: 'v', k2: 'v2', k3: 'v3' },
    })
    expect(await client.delete(keyOf('a'), { uid: uidOf(applied.object) })).toBe('deleted')
    expect(await client.get(keyOf('a'))).toBeUndefined()
    expect(await client.delete(keyOf('a'), { uid: uidOf(applied.object) })).toBe('absent')
  })

  test('texts arrive as they are, though the server reads them as YAML', async () => {
    const text = 'next\u0085line\u2028sep\u2029par\ufeffbom\u007fdel\u0001 😀 "q" \\ \t\r\n: # - yes 012'
    await client.apply(configMap('texts', { text, 'k.1': 'x'.repeat(5000) }), how)
    expect(await client.get(keyOf('texts'))).toMatchObject({ data: { text } })
  })

  test('a dry run changes nothing', async () => {
    await client.apply(configMap('dry'), { ...how, dryRun: true })
    expect(await client.get(keyOf('dry'))).toBeUndefined()
  })

  test('an unknown field is refused or warned about, as asked, and never dropped unseen', async () => {
    const object = { ...configMap('odd'), spec: { fooBar: 1 } }
    const error = await failureOf(client.apply(object, { ...how, fieldValidation: 'Strict' }))
    expect(error.message).toContain('field not declared in schema')
  })

  test('a conflict names field and manager', async () => {
    await client.apply(configMap('shared', { k: 'theirs' }), { ...how, fieldManager: 'other' })
    const error = await failureOf(client.apply(configMap('shared', { k: 'ours' }), how))
    expect(error).toMatchObject({ status: 409, reason: 'Conflict' })
    expect(error.causes).toEqual([
      { reason: 'FieldManagerConflict', field: '.data.k', message: 'conflict with "other"' },
    ])
  })

  test('an object that was made anew is not deleted', async () => {
    const first = await client.apply(configMap('again'), how)
    await client.delete(keyOf('again'), { uid: uidOf(first.object) })
    await client.apply(configMap('again'), how)
    const error = await failureOf(client.delete(keyOf('again'), { uid: uidOf(first.object) }))
    expect(error.status).toBe(409)
    expect(await client.get(keyOf('again'))).toBeDefined()
  })

  test('names keep their case', async () => {
    const role = (name: string): KubeObject => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `${name}-${namespace}` },
      rules: [],
    })
    const key = (name: string) => ({
      group: 'rbac.authorization.k8s.io',
      version: 'v1',
      kind: 'ClusterRole',
      namespace: '',
      name: `${name}-${namespace}`,
    })
    await client.apply(role('tenant-admin'), how)
    const upper = await client.apply(role('Tenant-Admin'), how)
    await client.apply(role('system:tenant'), how)
    await client.delete(key('Tenant-Admin'), { uid: uidOf(upper.object) })
    expect(await client.get(key('tenant-admin'))).toBeDefined()
    expect(await client.get(key('Tenant-Admin'))).toBeUndefined()
    expect(await client.get(key('system:tenant'))).toBeDefined()
  })

  test.each(['', '.', '..', '../..', 'a/../b', '%2e%2e'])('the name %j reaches nothing', async (name) => {
    await expect(client.delete(keyOf(name), { uid: 'x' })).rejects.toThrow('cannot be used in an API path')
    expect(await shared.api.find(`/api/v1/namespaces/${namespace}`)).toMatchObject({
      status: { phase: 'Active' },
    })
  })

  test('what the server says about a Secret is not told', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace },
      data: { p: 'hunter2!' },
    }
    const error = await failureOf(client.apply(secret, how))
    expect(error.status).toBeGreaterThanOrEqual(400)
    expect(JSON.stringify([error.message, error.causes])).not.toContain('hunter2')
  })

  test('lists are read page by page', async () => {
    const label = { set: 'many' }
    await Promise.all(
      Array.from({ length: 520 }, (_, i) =>
        client.apply(
          { ...configMap(`many-${i}`), metadata: { name: `many-${i}`, namespace, labels: label } },
          how,
        ),
      ),
    )
    expect(await client.list(keyOf(''), { labelSelector: 'set=many' })).toHaveLength(520)
    const pages = shared
      .readAuditLog()
      .filter(
        (event) =>
          event.verb === 'list' && event.requestURI.includes(`${namespace}/configmaps?labelSelector`),
      )
    expect(pages).toHaveLength(2)
  })
})

describe('identity', () => {
  test('every request of a client acts as its service account', async () => {
    const tenant = cluster.clients.clientFor({ kind: 'serviceAccount', namespace, name: 'tenant' })
    expect(await failureOf(tenant.get(keyOf('a')))).toMatchObject({ status: 403, reason: 'Forbidden' })
    expect(await failureOf(tenant.apply(configMap('b'), how))).toMatchObject({ status: 403 })
    expect(await failureOf(tenant.delete(keyOf('b'), { uid: 'u' }))).toMatchObject({ status: 403 })
    const user = `system:serviceaccount:${namespace}:tenant`
    const events = await waitFor('the audit log', async () => {
      const found = shared.readAuditLog().filter((event) => event.impersonatedUser?.username === user)
      return found.length >= 3 ? found : undefined
    })
    expect(events.map((event) => event.verb).sort()).toEqual(['delete', 'get', 'patch'])
    expect(events[0]?.impersonatedUser?.groups).toContain(`system:serviceaccounts:${namespace}`)
    expect(events[0]?.userAgent).toBe('gitopsset-test')
  })
})

describe('kinds', () => {
  const group = `k${Date.now().toString(36)}.example.com`
  const kind = { group, version: 'v1', kind: 'Widget' }
  const widgetKey = (version: string) => ({ ...kind, version, namespace, name: 'w' })

  function definition(...versions: { name: string; served: boolean; storage: boolean }[]): KubeObject {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
        versions: versions.map((version) => ({ ...version, schema })),
      },
    }
  }

  const served = async (version: string): Promise<true | undefined> => {
    const found = await client.findServedVersion({ ...kind, version }, { refresh: true })
    return found === version ? true : undefined
  }

  test('a new kind is found, keeps its numbers, and its objects outlive a version', async () => {
    expect(await client.findScope(kind)).toBeUndefined()
    expect(
      await failureOf(client.apply({ ...configMap('w'), apiVersion: `${group}/v1`, kind: 'Widget' }, how)),
    ).toMatchObject({
      status: 404,
      reason: 'KindNotServed',
    })
    await client.apply(definition({ name: 'v1', served: true, storage: true }), how)
    await waitFor('the kind', () => served('v1'))
    expect(await client.findScope(kind)).toBe('Namespaced')

    const widget: KubeObject = {
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name: 'w', namespace },
      spec: { wide: new WideNumber('9007199254740993'), newFutureField: { a: [1.5, 1e21] } },
    }
    const { object } = await waitFor('the kind to be served', () =>
      client
        .apply(widget, how)
        .catch((error: unknown) => (error instanceof ApiError ? undefined : Promise.reject(error as Error))),
    )
    expect(JSON.stringify(object)).toContain('"wide":9007199254740993')
    expect(await client.get(widgetKey('v1'))).toMatchObject({ spec: { newFutureField: { a: [1.5, 1e21] } } })

    await client.apply(
      definition({ name: 'v2', served: true, storage: true }, { name: 'v1', served: false, storage: false }),
      how,
    )
    await waitFor('the other version', () => served('v2'))
    const late = await waitFor('the object under its other version', () =>
      client.get(widgetKey('v1')).catch(() => undefined),
    )
    expect(late).toMatchObject({ apiVersion: `${group}/v2`, metadata: { name: 'w' } })
    expect(await client.delete(widgetKey('v1'), { uid: uidOf(late) })).toBe('deleted')
  })
})
