import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../helpers/go/value.ts'
import { BodyTooLargeError } from '../../src/kube/body.ts'
import type { KubeCall } from '../../src/kube/call.ts'
import { createClientFactory } from '../../src/kube/client.ts'
import { ApiError } from '../../src/ports.ts'
import type { Identity, ResourceClient } from '../../src/ports.ts'
import { clusterRoles, configMaps, fakeDiscovery, fakeRequester } from './fakes.ts'
import type { FakeDiscovery, FakeRequester } from './fakes.ts'

const identity: Identity = { kind: 'serviceAccount', namespace: 'ns', name: 'sa' }
const key = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'a' }
const stored = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ns' } }

interface Rig {
  readonly client: ResourceClient
  readonly requester: FakeRequester
  readonly discovery: FakeDiscovery
}

function rig(
  answer: (call: KubeCall) => JsonValue = () => stored,
  discovery = fakeDiscovery([configMaps, clusterRoles]),
): Rig {
  const requester = fakeRequester(answer)
  return { client: createClientFactory({ requester, discovery }).clientFor(identity), requester, discovery }
}

function fail(status: number, reason: string): never {
  throw new ApiError('failed', { status, reason })
}

test('there is no client for an identity that is not valid', () => {
  const factory = createClientFactory({ requester: fakeRequester(() => null), discovery: fakeDiscovery([]) })
  expect(() => factory.clientFor({ kind: 'serviceAccount', namespace: 'ns', name: '' })).toThrow(
    'not a valid name',
  )
})

test('every call carries the identity', async () => {
  const { client, requester } = rig((call) =>
    (call.target as { name?: string }).name === undefined ? { items: [] } : stored,
  )
  await client.get(key)
  await client.list(key)
  await client.apply(stored, { fieldManager: 'm', force: false })
  await client.patch(key, { type: 'merge', body: {} })
  await client.delete(key, { uid: 'u' })
  expect(requester.calls.map((call) => call.identity)).toEqual([
    identity,
    identity,
    identity,
    identity,
    identity,
  ])
})

describe('get', () => {
  test('undefined where there is none', async () => {
    expect(await rig(() => fail(404, 'NotFound')).client.get(key)).toBeUndefined()
  })

  test('other errors go on', async () => {
    await expect(rig(() => fail(403, 'Forbidden')).client.get(key)).rejects.toMatchObject({ status: 403 })
  })

  test('a kind that is not served has no objects', async () => {
    const { client, requester } = rig(() => stored, fakeDiscovery([]))
    expect(await client.get(key)).toBeUndefined()
    expect(requester.calls).toEqual([])
  })

  test('an old version is read through the one that is served', async () => {
    const { client, requester } = rig()
    expect(await client.get({ ...key, version: 'v1beta1' })).toMatchObject({ apiVersion: 'v1' })
    expect(requester.calls[0]?.target).toMatchObject({ version: 'v1' })
  })

  test('a path that is gone is not an absent object: kinds are asked for again', async () => {
    const discovery = fakeDiscovery([configMaps], [{ ...configMaps, version: 'v2' }])
    const { client, requester } = rig((call) => {
      if ((call.target as { version: string }).version === 'v1') fail(404, 'PathNotFound')
      return stored
    }, discovery)
    expect(await client.get(key)).toMatchObject({ apiVersion: 'v2' })
    expect(requester.calls).toHaveLength(2)
  })

  test('a path that stays gone is an error, not an absence', async () => {
    await expect(rig(() => fail(404, 'PathNotFound')).client.get(key)).rejects.toMatchObject({
      reason: 'PathNotFound',
    })
  })

  test('cluster-scoped kinds take no namespace, namespaced ones need it', async () => {
    const { client, requester } = rig()
    await client.get({ ...key, group: clusterRoles.group, kind: 'ClusterRole', name: 'Tenant-Admin' })
    expect(requester.calls[0]?.target).toEqual({
      group: clusterRoles.group,
      version: 'v1',
      plural: 'clusterroles',
      name: 'Tenant-Admin',
    })
    await expect(client.get({ ...key, namespace: '' })).rejects.toThrow('needs a namespace')
  })
})

describe('list', () => {
  test('reads all pages and completes what lists leave out', async () => {
    const { client, requester } = rig((call) =>
      call.query?.['continue'] === undefined
        ? { metadata: { resourceVersion: '5', continue: 'next' }, items: [{ metadata: { name: 'a' } }] }
        : { metadata: { resourceVersion: '5' }, items: [{ metadata: { name: 'b' } }] },
    )
    const objects = await client.list({ ...key, namespace: '' }, { labelSelector: 'x=y' })
    expect(objects).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } },
    ])
    expect(requester.calls[1]).toMatchObject({
      target: { plural: 'configmaps' },
      query: { labelSelector: 'x=y', limit: '500', continue: 'next' },
    })
    expect(requester.calls[0]?.target).not.toHaveProperty('namespace')
  })

  test('takes smaller pages where objects are large', async () => {
    const sizes: string[] = []
    const { client } = rig((call) => {
      sizes.push(`${call.query?.['limit']}${call.query?.['continue'] ?? ''}`)
      const isLarge = Number(call.query?.['limit']) > 100
      if (isLarge) throw new ApiError('x', { status: 0, reason: 'NoAnswer', cause: new BodyTooLargeError(1) })
      const more = sizes.length < 3 ? { continue: '+' } : {}
      return {
        metadata: { resourceVersion: '5', ...more },
        items: [{ metadata: { name: `a${sizes.length}` } }],
      }
    })
    expect(await client.list(key)).toHaveLength(2)
    expect(sizes).toEqual(['500', '100', '100+'])
  })

  test('gives up where even the smallest page is too large', async () => {
    const sizes: string[] = []
    const { client } = rig((call) => {
      sizes.push(call.query?.['limit'] ?? '')
      throw new ApiError('x', { status: 0, reason: 'NoAnswer', cause: new BodyTooLargeError(1) })
    })
    await expect(client.list(key)).rejects.toMatchObject({ reason: 'NoAnswer' })
    expect(sizes).toEqual(['500', '100', '20'])
  })

  test('begins anew, once, when the list expires between pages', async () => {
    let expired = 0
    const { client } = rig((call) => {
      if (call.query?.['continue'] === undefined) {
        return {
          metadata: { resourceVersion: '5', ...(expired === 0 ? { continue: 'next' } : {}) },
          items: [{ metadata: { name: 'a' } }],
        }
      }
      expired++
      return fail(410, 'Expired')
    })
    expect(await client.list(key)).toHaveLength(1)
    expect(expired).toBe(1)
  })

  test('of a kind that is not served is an error', async () => {
    const { client } = rig(() => stored, fakeDiscovery([]))
    await expect(client.list(key)).rejects.toMatchObject({ status: 404, reason: 'KindNotServed' })
  })

  test('an answer that is no list is an error', async () => {
    await expect(rig(() => stored).client.list(key)).rejects.toThrow('not a list')
  })
})

describe('apply', () => {
  test('sends the object as it is, to be repeated safely', async () => {
    const { client, requester } = rig()
    const object = { ...stored, spec: { newFutureField: 1 } }
    await client.apply(object, { fieldManager: 'm', force: true, dryRun: true, fieldValidation: 'Strict' })
    expect(requester.calls[0]).toMatchObject({
      method: 'PATCH',
      contentType: 'application/apply-patch+yaml',
      query: { fieldManager: 'm', force: 'true', dryRun: 'All', fieldValidation: 'Strict' },
      body: object,
      repeatable: true,
    })
  })
})

describe('patch', () => {
  test('is not repeatable, and may go to a subresource', async () => {
    const { client, requester } = rig()
    await client.patch(key, { type: 'json', body: [], subresource: 'status', fieldManager: 'm' })
    expect(requester.calls[0]).toMatchObject({
      contentType: 'application/json-patch+json',
      target: { subresource: 'status' },
      query: { fieldManager: 'm' },
    })
    expect(requester.calls[0]?.repeatable).toBeUndefined()
  })
})

describe('delete', () => {
  test('only of the object that is meant', async () => {
    const { client, requester } = rig()
    expect(await client.delete(key, { uid: 'u', resourceVersion: '7', dryRun: true })).toBe('deleted')
    expect(requester.calls[0]?.body).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid: 'u', resourceVersion: '7' },
      propagationPolicy: 'Background',
      dryRun: ['All'],
    })
  })

  test('refuses to go without a UID', async () => {
    const { client, requester } = rig()
    await expect(client.delete(key, { uid: '' })).rejects.toMatchObject({ status: 400 })
    expect(requester.calls).toEqual([])
  })

  test('absent where there is none', async () => {
    expect(await rig(() => fail(404, 'NotFound')).client.delete(key, { uid: 'u' })).toBe('absent')
    expect(await rig(() => stored, fakeDiscovery([])).client.delete(key, { uid: 'u' })).toBe('absent')
  })

  test('a path that is gone while its kind is served is not absence', async () => {
    await expect(rig(() => fail(404, 'PathNotFound')).client.delete(key, { uid: 'u' })).rejects.toMatchObject(
      { status: 404 },
    )
  })
})

test('scope and version come from discovery', async () => {
  const { client } = rig()
  expect(await client.findScope(clusterRoles)).toBe('Cluster')
  expect(await client.findScope({ ...configMaps, kind: 'Nope' })).toBeUndefined()
  expect(await client.findServedVersion({ ...configMaps, version: 'v0' })).toBe('v1')
})
