import { describe, expect, it } from 'vitest'
import { SETS_GROUP } from '../../src/api/group.ts'
import { SetStore } from '../../src/controller/set-store.ts'
import type { KubeObject, ObjectKey } from '../../src/ports.ts'
import { apiError, fakeClient } from '../apply/fake-client.ts'

const KEY: ObjectKey = {
  group: 'sets.gitops.pro',
  version: 'v1alpha1',
  kind: 'GitOpsSet',
  namespace: 'team',
  name: 'set',
}
const signal = new AbortController().signal

function newSet(more: object = {}): KubeObject {
  return {
    apiVersion: 'sets.gitops.pro/v1alpha1',
    kind: 'GitOpsSet',
    metadata: { name: 'set', namespace: 'team', uid: 'uid-1', resourceVersion: '1' },
    ...more,
  }
}

const conflict = (): Error => apiError(409, 'the object has been modified')

describe('writing a status', () => {
  it('sends nothing where nothing differs, whatever the order of fields', async () => {
    const client = fakeClient()
    const set = newSet({ status: { objects: 1, observedGeneration: 2 } })
    const written = await new SetStore(client).writeStatus(
      KEY,
      set,
      { observedGeneration: 2, objects: 1 },
      signal,
    )
    expect([written, client.requests]).toEqual([set, []])
  })

  it('replaces the whole status of exactly this version of the object', async () => {
    const client = fakeClient()
    client.put(newSet())
    const set = newSet({ status: { plan: { summary: 'old' }, objects: 1 } })
    await new SetStore(client).writeStatus(KEY, set, { objects: 2 }, signal)
    expect(client.requests).toMatchObject([
      {
        verb: 'patch',
        options: {
          subresource: 'status',
          type: 'merge',
          body: { metadata: { uid: 'uid-1', resourceVersion: '1' }, status: { plan: null, objects: 2 } },
        },
      },
    ])
  })

  it('reads again after a conflict, and writes to the version that is there then', async () => {
    const client = fakeClient()
    client.put(newSet())
    client.fail('patch', conflict(), conflict())
    await new SetStore(client).writeStatus(KEY, newSet(), { objects: 2 }, signal)
    expect(client.requests.map(({ verb }) => verb)).toEqual(['patch', 'get', 'patch', 'get', 'patch'])
    expect(client.requests.at(-1)?.options).toMatchObject({ body: { metadata: { resourceVersion: '2' } } })
  })

  it('gives up in the end', async () => {
    const client = fakeClient()
    client.put(newSet())
    client.fail('patch', ...Array.from({ length: 9 }, conflict))
    await expect(new SetStore(client).writeStatus(KEY, newSet(), { objects: 2 }, signal)).rejects.toThrow(
      'modified',
    )
  })

  it('never writes to another object of the same name', async () => {
    const client = fakeClient()
    client.put(newSet())
    client.put(newSet())
    client.fail('patch', conflict())
    await new SetStore(client).writeStatus(KEY, newSet(), { objects: 2 }, signal)
    expect(client.requests.map(({ verb }) => verb)).toEqual(['patch', 'get'])
  })
})

describe('writing the finalizer', () => {
  it.each([
    [true, ['other'], ['other', 'finalizers.sets.gitops.pro']],
    [false, ['finalizers.sets.gitops.pro', 'other'], ['other']],
  ])('present: %s leaves those of others alone', async (present, before, after) => {
    const client = fakeClient()
    const set = newSet()
    set.metadata['finalizers'] = before
    client.put(set)
    await new SetStore(client).writeFinalizer(KEY, set, { group: SETS_GROUP, present }, signal)
    expect(client.requests[0]?.options).toMatchObject({
      body: { metadata: { finalizers: after, uid: 'uid-1', resourceVersion: '1' } },
    })
  })
})
