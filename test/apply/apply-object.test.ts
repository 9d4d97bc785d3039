import { describe, expect, it } from 'vitest'
import { SETS_GROUP } from '../../src/api/group.ts'
import type { ConflictPolicy } from '../../src/api/types.ts'
import { AppliedRecords } from '../../src/apply/applied-records.ts'
import { applyAll } from '../../src/apply/apply.ts'
import { applyObject } from '../../src/apply/apply-object.ts'
import type { ApplyContext } from '../../src/apply/apply-object.ts'
import { apiError, configMapObject, fakeClient } from './fake-client.ts'
import type { FakeClient } from './fake-client.ts'

const OWNER = { group: 'sets.gitops.pro', namespace: 'team', name: 'set' }

function newContext(client: FakeClient, conflicts: ConflictPolicy = 'Fail', dryRun = false): ApplyContext {
  return {
    client,
    records: new AppliedRecords(),
    owner: OWNER,
    group: SETS_GROUP,
    conflicts,
    fieldValidation: 'Warn',
    signal: new AbortController().signal,
    dryRun,
  }
}

const verbs = (client: FakeClient): string[] => client.requests.map(({ verb }) => verb)
const conflict = (manager: string, field = '.data.value'): Error =>
  apiError(409, 'conflict', {
    reason: 'Conflict',
    causes: [{ reason: 'FieldManagerConflict', field, message: `conflict with "${manager}" using v1` }],
  })

describe('applying an object', () => {
  it('creates what is missing, without force, under our name', async () => {
    const client = fakeClient()
    const { change, error } = await applyObject(configMapObject('a'), newContext(client))
    expect([change.action, error]).toEqual(['created', undefined])
    expect(client.requests[1]?.options).toMatchObject({ fieldManager: 'gitopsset-controller', force: false })
  })

  it('sends no write for an object that is as it was applied', async () => {
    const client = fakeClient()
    const context = newContext(client)
    await applyObject(configMapObject('a'), context)
    const { change } = await applyObject(configMapObject('a'), context)
    expect(change.action).toBe('unchanged')
    expect(verbs(client)).toEqual(['get', 'apply', 'get'])
  })

  it('updates one that is not', async () => {
    const client = fakeClient()
    const context = newContext(client)
    await applyObject(configMapObject('a', '1'), context)
    const { change } = await applyObject(configMapObject('a', '2'), context)
    expect(change.action).toBe('configured')
  })

  it('waits for one that is being deleted', async () => {
    const client = fakeClient()
    client.put(configMapObject('a', 'x', { deletionTimestamp: '2026-01-01T00:00:00Z' }))
    const { error } = await applyObject(configMapObject('a', '2'), newContext(client))
    expect(error).toMatchObject({ reason: 'ApplyFailed', disposition: 'wait', retryAfterMs: 5_000 })
    expect(verbs(client)).toEqual(['get'])
  })

  it.each([
    [403, 'forbidden', 'AccessDenied', 'retry'],
    [404, 'no such namespace', 'ApplyFailed', 'wait'],
    [422, 'spec.x: Invalid value', 'ApplyFailed', 'stall'],
    [400, 'strict decoding error', 'ApplyFailed', 'stall'],
    [500, 'failed to create typed patch object', 'ApplyFailed', 'stall'],
    [500, 'failed to convert new object', 'ApplyFailed', 'stall'],
    [500, 'etcd is away', 'ApplyFailed', 'retry'],
    [429, 'too many requests', 'ApplyFailed', 'retry'],
    [0, 'no answer', 'ApplyFailed', 'retry'],
  ])('takes a %i "%s" for %s, %s', async (status, message, reason, disposition) => {
    const client = fakeClient()
    client.fail('apply', apiError(status, message, { retryAfterMs: 7_000 }))
    const { change, error } = await applyObject(configMapObject('a'), newContext(client))
    expect(error).toMatchObject({ reason, disposition })
    expect(error?.message).toContain('ConfigMap/team/a')
    expect(change.action).toBe('failed')
  })

  it('retries where a namespace is going', async () => {
    const client = fakeClient()
    client.fail('apply', apiError(403, 'terminating', { causes: [{ reason: 'NamespaceTerminating' }] }))
    const { error } = await applyObject(configMapObject('a'), newContext(client))
    expect(error).toMatchObject({ reason: 'ApplyFailed', disposition: 'retry' })
  })

  it('honours the server’s word on when to come back', async () => {
    const client = fakeClient()
    client.fail('apply', apiError(503, 'busy', { retryAfterMs: 7_000 }))
    expect((await applyObject(configMapObject('a'), newContext(client))).error?.retryAfterMs).toBe(7_000)
  })

  it('says nothing of what a refused Secret holds', async () => {
    const client = fakeClient()
    const secret = { ...configMapObject('a'), kind: 'Secret' }
    client.fail(
      'apply',
      apiError(422, 'data: Invalid value: "hunter2"', { causes: [{ field: 'data.x', message: 'hunter2' }] }),
    )
    const { error } = await applyObject(secret, newContext(client))
    expect(error?.message).toContain('data.x')
    expect(error?.message).not.toContain('hunter2')
  })
})

describe('a conflict', () => {
  it('with a person’s tool is taken over', async () => {
    const client = fakeClient()
    client.fail('apply', conflict('kubectl-client-side-apply'))
    const { change } = await applyObject(configMapObject('a'), newContext(client))
    expect(change.action).toBe('created')
    expect(client.requests.at(-1)?.options).toMatchObject({ force: true })
  })

  it('with another controller is told (Fail), naming field and owner', async () => {
    const client = fakeClient()
    client.fail('apply', conflict('hpa'))
    const { change, error } = await applyObject(configMapObject('a'), newContext(client))
    expect(change.action).toBe('conflict')
    expect(error).toMatchObject({ reason: 'Conflict', disposition: 'retry' })
    expect(error?.message).toContain('.data.value (owned by "hpa")')
  })

  it('with another controller drops the field (Skip)', async () => {
    const client = fakeClient()
    client.fail('apply', conflict('hpa'))
    await applyObject(configMapObject('a'), newContext(client, 'Skip'))
    expect(client.objects.get('/ConfigMap/team/a')?.['data']).toEqual({})
  })

  it('with another controller takes the field (Force)', async () => {
    const client = fakeClient()
    client.fail('apply', conflict('hpa'))
    await applyObject(configMapObject('a'), newContext(client, 'Force'))
    expect(client.requests.at(-1)?.options).toMatchObject({ force: true })
  })

  it('that never ends is given up', async () => {
    const client = fakeClient()
    client.fail('apply', ...Array.from({ length: 9 }, () => conflict('kubectl-edit')))
    const { error } = await applyObject(configMapObject('a'), newContext(client))
    expect(error?.disposition).toBe('retry')
    expect(verbs(client).filter((verb) => verb === 'apply')).toHaveLength(4)
  })
})

describe('an object that is not this set’s', () => {
  it.each([
    ['of nobody', {}, 'adopt'],
    [
      'of another set',
      { labels: { 'sets.gitops.pro/name': 'other', 'sets.gitops.pro/namespace': 'team' } },
      'team/other',
    ],
    [
      'of a set of the other group',
      { labels: { 'templates.weave.works/name': 'set', 'templates.weave.works/namespace': 'team' } },
      'templates.weave.works',
    ],
  ])('%s is not written', async (_, metadata, message) => {
    const client = fakeClient()
    client.put(configMapObject('a', 'theirs', { labels: {}, ...metadata }))
    const { error } = await applyObject(configMapObject('a', 'ours'), newContext(client))
    expect(error).toMatchObject({ reason: 'Conflict' })
    expect(error?.message).toContain(message)
    expect(verbs(client)).toEqual(['get'])
  })

  it('moves the Go controller’s fields to our name first, against the version that was read', async () => {
    const client = fakeClient()
    const managedFields = [
      { manager: 'manager', operation: 'Update', apiVersion: 'v1', fieldsV1: { 'f:data': {} } },
    ]
    client.put(configMapObject('a', 'old', { managedFields }))
    await applyObject(configMapObject('a', 'new'), newContext(client))
    expect(verbs(client)).toEqual(['get', 'patch', 'apply'])
    expect(client.requests[1]?.options).toMatchObject({
      body: [
        { op: 'replace', path: '/metadata/resourceVersion', value: '2' },
        { path: '/metadata/managedFields', value: [{ manager: 'gitopsset-controller', operation: 'Apply' }] },
      ],
    })
  })
})

describe('a field that cannot be changed', () => {
  const immutable = (): Error => apiError(422, 'data: Invalid value: field is immutable')
  const force = { annotations: { 'sets.gitops.pro/force': 'enabled' } }

  it('is refused', async () => {
    const client = fakeClient()
    client.put(configMapObject('a', '1'))
    client.fail('apply', immutable())
    expect((await applyObject(configMapObject('a', '2'), newContext(client))).error?.disposition).toBe(
      'stall',
    )
  })

  it('recreates an object that is annotated, the one that was read and no other', async () => {
    const client = fakeClient()
    client.put(configMapObject('a', '1'))
    client.fail('apply', immutable())
    const { change } = await applyObject(configMapObject('a', '2', force), newContext(client))
    expect(change.action).toBe('created')
    expect(verbs(client)).toEqual(['get', 'apply', 'delete', 'get', 'apply'])
    expect(client.requests[2]?.options).toMatchObject({ uid: 'uid-1' })
  })

  it('recreates nothing in a dry run', async () => {
    const client = fakeClient()
    client.put(configMapObject('a', '1'))
    client.fail('apply', immutable())
    const { change } = await applyObject(configMapObject('a', '2', force), newContext(client, 'Fail', true))
    expect(change.action).toBe('configured')
    expect(verbs(client)).not.toContain('delete')
  })
})

describe('applying many', () => {
  it('goes on after a failure, and reports all', async () => {
    const client = fakeClient()
    client.fail('apply', apiError(422, 'no'))
    const objects = ['a', 'b', 'c'].map((name) => configMapObject(name))
    const report = await applyAll(objects, newContext(client))
    expect(report.changes.map(({ action }) => action).sort()).toEqual(['created', 'created', 'failed'])
    expect(report.errors).toHaveLength(1)
  })

  it('applies namespaces and definitions first, then what spans namespaces, then the rest', async () => {
    const client = fakeClient()
    const wide = (kind: string, apiVersion: string): ReturnType<typeof configMapObject> => ({
      apiVersion,
      kind,
      metadata: { name: kind.toLowerCase() },
    })
    const objects = [
      configMapObject('z'),
      wide('ClusterRole', 'rbac.authorization.k8s.io/v1'),
      wide('Namespace', 'v1'),
    ]
    await applyAll(objects, newContext(client))
    const applied = client.requests.filter(({ verb }) => verb === 'apply').map(({ name }) => name)
    expect(applied).toEqual(['namespace', 'clusterrole', 'z'])
  })
})
