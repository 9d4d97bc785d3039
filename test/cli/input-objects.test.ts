import { expect, test } from 'vitest'
import { withInputObjects } from '../../src/cli/input-objects.ts'
import type { KubeObject, ObjectReader } from '../../src/ports.ts'

const inCluster = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'in-cluster' } }
const cluster: ObjectReader = {
  get: () => Promise.resolve(inCluster),
  list: () => Promise.resolve([inCluster]),
}

function clusterObject(name: string, namespace: string, labels: Record<string, string>): KubeObject {
  return { apiVersion: 'example.com/v1', kind: 'Cluster', metadata: { name, namespace, labels } }
}

const reader = withInputObjects(cluster, [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'team' }, data: { x: '1' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'anywhere' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'MQ==' }, stringData: { b: '2' } },
  clusterObject('eu', 'one', { env: 'prod' }),
  clusterObject('us', 'two', { env: 'prod' }),
  clusterObject('lab', 'one', { env: 'test' }),
  { apiVersion: 'v1', kind: 'ConfigMap' },
])

const key = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'team', name: 'a' }
const clusters = { group: 'example.com', version: 'v1', kind: 'Cluster', namespace: '' }

async function list(labelSelector?: string, namespace = ''): Promise<unknown[]> {
  const found = await reader.list(
    { ...clusters, namespace },
    labelSelector === undefined ? {} : { labelSelector },
  )
  return found.map(({ metadata }) => metadata['name'])
}

test('an object of the input is read instead of the cluster’s', async () => {
  expect(await reader.get(key)).toMatchObject({ data: { x: '1' } })
})

test('one without a namespace is in the namespace that is asked', async () => {
  expect(await reader.get({ ...key, name: 'anywhere' })).toMatchObject({ metadata: { name: 'anywhere' } })
})

test.each([
  ['name', { name: 'b' }],
  ['namespace', { namespace: 'other' }],
  ['kind', { kind: 'Secret' }],
  ['group', { group: 'example.com' }],
])('another %s is the cluster’s to answer', async (_, change) => {
  expect(await reader.get({ ...key, ...change })).toBe(inCluster)
})

test('another version is the same object', async () => {
  expect(await reader.get({ ...key, version: 'v2' })).toMatchObject({ data: { x: '1' } })
})

test('stringData of a Secret becomes data', async () => {
  const secret = await reader.get({ ...key, kind: 'Secret', name: 's' })
  expect(secret).toMatchObject({ data: { a: 'MQ==', b: 'Mg==' } })
})

test('a list holds the input’s objects of the kind, chosen by labels and namespace', async () => {
  expect(await list()).toEqual(['eu', 'us', 'lab'])
  expect(await list('env=prod')).toEqual(['eu', 'us'])
  expect(await list('env=prod', 'two')).toEqual(['us'])
})

test('a kind that the input does not have is listed by the cluster', async () => {
  expect(await reader.list({ ...clusters, kind: 'Other' })).toEqual([inCluster])
})
