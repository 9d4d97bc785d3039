import { describe, expect, it } from 'vitest'
import { SETS_GROUP } from '../../src/api/group.ts'
import { pruneAll } from '../../src/apply/prune.ts'
import type { PruneContext } from '../../src/apply/prune.ts'
import { apiError, configMapObject, fakeClient, keyOfConfigMap } from './fake-client.ts'
import type { FakeClient } from './fake-client.ts'

function newContext(client: FakeClient): PruneContext {
  return {
    client,
    owner: { group: 'sets.gitops.pro', namespace: 'team', name: 'set' },
    group: SETS_GROUP,
    signal: new AbortController().signal,
  }
}

describe('pruning', () => {
  it('deletes the object that was read, by its UID', async () => {
    const client = fakeClient()
    client.put(configMapObject('a'))
    const report = await pruneAll([keyOfConfigMap('a')], newContext(client))
    expect(report.changes.map(({ action }) => action)).toEqual(['deleted'])
    expect(client.requests.at(-1)?.options).toEqual({ uid: 'uid-1', propagation: 'Background' })
  })

  it('leaves one alone that was made anew in between', async () => {
    const client = fakeClient()
    client.put(configMapObject('a'))
    const between: FakeClient = {
      ...client,
      get: async (key) => {
        const found = await client.get(key)
        client.put(configMapObject('a', 'another'))
        return found
      },
    }
    const report = await pruneAll([keyOfConfigMap('a')], newContext(between))
    expect(client.objects.size).toBe(1)
    expect([report.settled, report.errors.length]).toEqual([[], 1])
  })

  it('settles what is gone, another’s, kept by annotation, or of a kind that is served no more', async () => {
    const client = fakeClient()
    client.put(configMapObject('other', 'x', { labels: { 'sets.gitops.pro/name': 'other' } }))
    client.put(configMapObject('kept', 'x', { annotations: { 'sets.gitops.pro/prune': 'disabled' } }))
    client.findServedVersion = async (kind) => (kind.kind === 'Gone' ? undefined : kind.version)
    const keys = [
      keyOfConfigMap('missing'),
      keyOfConfigMap('other'),
      keyOfConfigMap('kept'),
      { ...keyOfConfigMap('x'), kind: 'Gone' },
    ]
    const report = await pruneAll(keys, newContext(client))
    expect(report.settled).toHaveLength(4)
    expect(report.changes.map(({ action, key }) => `${action} ${key.name}`).sort()).toEqual([
      'released kept',
      'released other',
    ])
    expect(client.objects.size).toBe(2)
  })

  it('keeps what could not be deleted, and goes on', async () => {
    const client = fakeClient()
    for (const name of ['a', 'b', 'c']) client.put(configMapObject(name))
    client.fail('delete', apiError(403, 'denied'))
    const report = await pruneAll(
      ['a', 'b', 'c'].map((name) => keyOfConfigMap(name)),
      newContext(client),
    )
    expect(report.settled).toHaveLength(2)
    expect(report.errors).toMatchObject([{ reason: 'AccessDenied' }])
    expect(client.objects.size).toBe(1)
  })

  it('removes Flux’s objects first and namespaces last', async () => {
    const client = fakeClient()
    const keys = [
      { group: '', version: 'v1', kind: 'Namespace', namespace: '', name: 'ns' },
      { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRole', namespace: '', name: 'role' },
      keyOfConfigMap('cm'),
      {
        group: 'kustomize.toolkit.fluxcd.io',
        version: 'v1',
        kind: 'Kustomization',
        namespace: 'team',
        name: 'ks',
      },
    ]
    await pruneAll(keys, newContext(client))
    expect(client.requests.map(({ name }) => name)).toEqual(['ks', 'cm', 'role', 'ns'])
  })
})
