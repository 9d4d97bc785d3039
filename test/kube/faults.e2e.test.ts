import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { stringField } from '../../helpers/go/json-tree.ts'
import type { Cluster } from '../../src/kube/cluster.ts'
import type { KubeObject, ResourceClient } from '../../src/ports.ts'
import { tokenFileCredentials } from '../../src/kube/credentials.ts'
import { createFileSource } from '../../src/kube/file-source.ts'
import { useCluster } from '../support/cluster.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { openReal } from './open-cluster.ts'

const shared = useCluster()
const how = { fieldManager: 'kube-test', force: false }
let proxy: FaultProxy
let cluster: Cluster
let client: ResourceClient
let namespace: string

beforeAll(async () => {
  proxy = await FaultProxy.start(shared.access)
  cluster = await openReal(shared.kubeconfigPath, { server: proxy.url })
  client = cluster.clients.clientFor({ kind: 'controller' })
  namespace = await shared.createNamespace('kube-faults')
})

afterEach(() => proxy.heal())

afterAll(async () => {
  await cluster.close()
  await proxy[Symbol.asyncDispose]()
  await shared.api.close()
})

const keyOf = (name: string) => ({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name })

const configMap = (name: string, data: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
})

const writesOf = (name: string, method: string): number =>
  proxy.seen.filter((seen) => seen.method === method && seen.url.includes(`/configmaps/${name}`)).length

describe('connections', () => {
  test('requests in sequence share one, requests at once at most sixteen', async () => {
    const own = await openReal(shared.kubeconfigPath, { server: proxy.url })
    const reader = own.clients.clientFor({ kind: 'controller' })
    await reader.get(keyOf('none'))
    const before = proxy.connectionsOpened
    for (let i = 0; i < 200; i++) await reader.get(keyOf('none'))
    expect(proxy.connectionsOpened - before).toBeLessThanOrEqual(1)
    await Promise.all(Array.from({ length: 500 }, () => reader.get(keyOf('none'))))
    expect(proxy.connectionsOpened - before).toBeLessThanOrEqual(16)
    await own.close()
  })
})

describe('an answer that is lost', () => {
  const lost = { kind: 'drop-answer' } as const

  test('an apply is sent again and has its effect once', async () => {
    const when = (seen: { url: string; method: string }): boolean =>
      seen.method === 'PATCH' && seen.url.includes('/lost-apply')
    proxy.inject({ when, action: lost, times: 1 })
    const { object } = await client.apply(configMap('lost-apply', { k: 'v' }), how)
    expect(object).toMatchObject({ data: { k: 'v' } })
    expect(writesOf('lost-apply', 'PATCH')).toBe(2)
    expect(await client.get(keyOf('lost-apply'))).toMatchObject({
      metadata: { resourceVersion: stringField(object.metadata, 'resourceVersion') },
    })
  })

  test('a delete that has happened is absent the second time', async () => {
    const { object } = await client.apply(configMap('lost-delete'), how)
    proxy.inject({ when: (seen) => seen.method === 'DELETE', action: lost, times: 1 })
    expect(await client.delete(keyOf('lost-delete'), { uid: stringField(object.metadata, 'uid') })).toBe(
      'absent',
    )
    expect(await client.get(keyOf('lost-delete'))).toBeUndefined()
  })

  test('a patch is not sent again, and says that nobody knows', async () => {
    await client.apply(configMap('lost-patch', { n: '1' }), how)
    proxy.inject({
      when: (seen) => seen.url.includes('/lost-patch') && seen.method === 'PATCH',
      action: lost,
    })
    const before = writesOf('lost-patch', 'PATCH')
    await expect(
      client.patch(keyOf('lost-patch'), { type: 'json', body: [{ op: 'add', path: '/data/m', value: '2' }] }),
    ).rejects.toMatchObject({ status: 0, reason: 'OutcomeUnknown' })
    expect(writesOf('lost-patch', 'PATCH') - before).toBe(1)
    expect(await client.get(keyOf('lost-patch'))).toMatchObject({ data: { n: '1', m: '2' } })
  })

  test('an apply whose every answer is lost ends as unknown', async () => {
    proxy.inject({ when: (seen) => seen.url.includes('/lost-always'), action: lost })
    await expect(client.apply(configMap('lost-always'), how)).rejects.toMatchObject({
      reason: 'OutcomeUnknown',
    })
    proxy.heal()
    expect(await client.get(keyOf('lost-always'))).toBeDefined()
  })
})

describe('a server in trouble', () => {
  test('429 is waited for as long as it asks, and no request comes earlier', async () => {
    const busy = { kind: 'answer', status: 429, headers: { 'retry-after': '1' } } as const
    proxy.inject({ when: (seen) => seen.url.includes('/busy'), action: busy, times: 3 })
    await client.apply(configMap('busy'), how)
    const times = proxy.seen.filter((seen) => seen.url.includes('/busy')).map((seen) => seen.atMs)
    expect(times).toHaveLength(4)
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(990)
  })

  test('a flood of 429 keeps each caller at the pace that is asked for', async () => {
    const busy = { kind: 'answer', status: 429, headers: { 'retry-after': '1' } } as const
    const stop = proxy.inject({ when: (seen) => seen.url.includes('/flood'), action: busy })
    const startMs = performance.now()
    const calls = Array.from({ length: 20 }, (_, i) => client.apply(configMap(`flood-${i}`), how))
    await new Promise<void>((resolve) => setTimeout(resolve, 3_500))
    const during = proxy.seen.filter((seen) => seen.url.includes('/flood') && seen.atMs >= startMs).length
    expect(during).toBeLessThanOrEqual(20 * 4)
    stop()
    expect(await Promise.all(calls)).toHaveLength(20)
  })

  test('500 of a write is told at once; what the server did is not guessed', async () => {
    const action = {
      kind: 'answer',
      status: 500,
      body: { kind: 'Status', reason: 'InternalError', message: 'etcd' },
    } as const
    proxy.inject({ when: (seen) => seen.url.includes('/internal'), action })
    await expect(client.apply(configMap('internal'), how)).rejects.toMatchObject({
      status: 500,
      reason: 'InternalError',
    })
    expect(writesOf('internal', 'PATCH')).toBe(1)
  })

  test('reads survive a reset', async () => {
    await client.apply(configMap('reset'), how)
    proxy.inject({ when: (seen) => seen.url.includes('/reset'), action: { kind: 'reset' }, times: 2 })
    expect(await client.get(keyOf('reset'))).toBeDefined()
  })

  test('a redirect is not followed, and takes no credentials anywhere', async () => {
    const location = `${proxy.url}/canary`
    const action = { kind: 'answer', status: 307, headers: { location } } as const
    proxy.inject({ when: (seen) => seen.url.includes('/elsewhere'), action })
    await expect(client.get(keyOf('elsewhere'))).rejects.toMatchObject({ status: 307 })
    await expect(client.apply(configMap('elsewhere'), how)).rejects.toMatchObject({ status: 307 })
    expect(proxy.seen.some((seen) => seen.url.startsWith('/canary'))).toBe(false)
  })

  test('a black hole ends with the deadline, and heals', async () => {
    const read = { group: '', version: 'v1', plural: 'configmaps', namespace, name: 'hole' }
    const call = { method: 'GET', target: read, identity: { kind: 'controller' }, timeoutMs: 300 } as const
    proxy.silence()
    await expect(cluster.requester.call(call)).rejects.toMatchObject({ status: 0, reason: 'NoAnswer' })
    proxy.heal()
    await expect(cluster.requester.call(call)).rejects.toMatchObject({ status: 404 })
  })

  test('an aborted signal ends what is in flight, with its reason', async () => {
    const stop = new AbortController()
    proxy.inject({ when: (seen) => seen.url.includes('/abort'), action: { kind: 'hang' } })
    const writing = client.apply(configMap('abort'), how, stop.signal)
    setTimeout(() => stop.abort(new Error('leadership lost')), 50)
    await expect(writing).rejects.toThrow('leadership lost')
  })

  test('an answer of endless size is cut off', async () => {
    const target = { group: '', version: 'v1', plural: 'configmaps', namespace }
    const call = { method: 'GET', target, identity: { kind: 'controller' }, maxBytes: 100 } as const
    await expect(cluster.requester.call(call)).rejects.toThrow('larger than 100 bytes')
  })
})

describe('credentials', () => {
  test('a token that was rotated is used for the next request, without a failure', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-'))
    const file = join(folder, 'token')
    writeFileSync(file, 'of-another-cluster')
    const credentials = tokenFileCredentials(createFileSource(file))
    const own = await openReal(shared.kubeconfigPath, { server: proxy.url, credentials })
    const reader = own.clients.clientFor({ kind: 'controller' })
    try {
      await expect(reader.get(keyOf('none'))).rejects.toMatchObject({ status: 401 })
      writeFileSync(file, shared.access.token ?? '')
      expect(await reader.get(keyOf('none'))).toBeUndefined()
    } finally {
      await own.close()
      rmSync(folder, { recursive: true })
    }
  })

  test('an authority that was swapped is used for the next connection; before, nothing is sent', async () => {
    const authority = { ca: rootCertificates[0] ?? '' }
    const own = await openReal(shared.kubeconfigPath, {
      tls: () => authority,
      userAgent: 'swapped-authority',
    })
    const reader = own.clients.clientFor({ kind: 'controller' })
    try {
      await expect(reader.get(keyOf('none'))).rejects.toMatchObject({ status: 0, reason: 'ConnectionFailed' })
      authority.ca = shared.access.ca ?? ''
      expect(await reader.get(keyOf('none'))).toBeUndefined()
    } finally {
      await own.close()
    }
  })
})
