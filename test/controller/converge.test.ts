import { describe, expect, it } from 'vitest'
import { SETS_GROUP } from '../../src/api/group.ts'
import type { GitOpsSetSpec, GitOpsSetStatus, Inventory } from '../../src/api/types.ts'
import { AppliedRecords } from '../../src/apply/applied-records.ts'
import { stringField } from '../../src/lib/json.ts'
import { converge } from '../../src/controller/converge.ts'
import type { ConvergeContext, Wanted } from '../../src/controller/converge.ts'
import type { KubeObject } from '../../src/ports.ts'
import { apiError, configMapObject, fakeClient } from '../apply/fake-client.ts'
import type { FakeClient } from '../apply/fake-client.ts'

const MEASURED: GitOpsSetSpec = { generators: [{ apiClient: { endpoint: 'http://x/', interval: '1h' } }] }

function newWanted(names: readonly string[], more: Partial<Wanted> = {}): Wanted {
  return {
    objects: names.map((name) => configMapObject(name)),
    fields: [],
    complete: true,
    kept: [],
    incomplete: [],
    retryAfterMs: 0,
    warnings: [],
    generators: [],
    nextMs: 1_000,
    ...more,
  }
}

const inventory = (...names: string[]): Inventory => ({
  entries: names.map((name) => ({ id: `team_${name}__ConfigMap`, v: 'v1' })),
})
const namesOf = (found: Inventory | undefined): string[] =>
  (found?.entries ?? []).map(({ id }) => id.split('_')[1] ?? '')

function newContext(client: FakeClient, owned: Inventory | undefined, spec: GitOpsSetSpec = {}) {
  const steps: string[] = []
  const status: GitOpsSetStatus = {
    observedGeneration: 1,
    ...(owned === undefined ? {} : { inventory: owned }),
  }
  const context: ConvergeContext = {
    client,
    records: new AppliedRecords(),
    owner: { group: 'sets.gitops.pro', namespace: 'team', name: 'set' },
    group: SETS_GROUP,
    conflicts: 'Fail',
    fieldValidation: 'Warn',
    signal: new AbortController().signal,
    set: {
      apiVersion: 'sets.gitops.pro/v1alpha1',
      kind: 'GitOpsSet',
      metadata: { name: 'set', namespace: 'team', generation: 1, uid: 'u' },
      spec,
      status,
    },
    confirmedHash: '',
    writeAhead: async (written) => {
      steps.push(`inventory ${namesOf(written).join(' ')} before ${client.requests.length} requests`)
    },
  }
  return { context, steps }
}

function clientWith(...names: string[]): FakeClient {
  const client = fakeClient()
  for (const name of names) client.put(configMapObject(name))
  return client
}

const live = (client: FakeClient): string[] =>
  [...client.objects.values()].map(({ metadata }) => stringField(metadata, 'name')).sort()

describe('converging', () => {
  it('writes what it is going to own before anything else', async () => {
    const client = clientWith('old')
    const { context, steps } = newContext(client, inventory('old'))
    const outcome = await converge(newWanted(['a', 'b']), context)
    expect(steps).toEqual(['inventory a b old before 0 requests'])
    expect(outcome).toMatchObject({ kind: 'ready', nextMs: 1_000 })
    expect(live(client)).toEqual(['a', 'b'])
  })

  it('writes no inventory that is there already', async () => {
    const client = clientWith('a')
    const { context, steps } = newContext(client, inventory('a'))
    await converge(newWanted(['a']), context)
    expect(steps).toEqual([])
  })

  it('writes nothing at all where the inventory cannot be stored', async () => {
    const client = clientWith()
    const { context } = newContext(client, undefined)
    const failing = { ...context, writeAhead: () => Promise.reject(apiError(500, 'etcd')) }
    await expect(converge(newWanted(['a']), failing)).rejects.toThrow('etcd')
    expect(client.requests).toEqual([])
  })

  it('removes nothing when an apply fails, and keeps all in the inventory', async () => {
    const client = clientWith('old')
    client.fail('apply', apiError(503, 'busy'))
    const outcome = await converge(newWanted(['a', 'b']), newContext(client, inventory('old')).context)
    expect(outcome).toMatchObject({ kind: 'failed', errors: [{ disposition: 'retry' }] })
    expect(outcome.kind === 'failed' && namesOf(outcome.inventory)).toEqual(['a', 'b', 'old'])
    expect(live(client)).toContain('old')
  })

  it('removes nothing when the answers are not complete', async () => {
    const client = clientWith('old')
    const wanted = newWanted(['a'], { complete: false, incomplete: ['a page is missing'] })
    const outcome = await converge(wanted, newContext(client, inventory('old')).context)
    expect(outcome).toMatchObject({ kind: 'failed', errors: [{ reason: 'InsufficientData' }] })
    expect(live(client)).toEqual(['a', 'old'])
  })

  it('keeps in the inventory what could not be removed, and only that', async () => {
    const client = clientWith('x', 'y')
    client.fail('delete', apiError(500, 'webhook'))
    const outcome = await converge(newWanted(['a']), newContext(client, inventory('x', 'y')).context)
    expect(outcome).toMatchObject({ kind: 'failed', errors: [{ reason: 'PruneFailed' }] })
    expect(outcome.kind === 'failed' && namesOf(outcome.inventory)).toEqual(['a', 'y'])
  })

  it('holds the same removals in the next look, when new objects are in the inventory too', async () => {
    const names = (prefix: string, count: number): string[] =>
      Array.from({ length: count }, (_, index) => `${prefix}${index}`)
    const old = names('old', 10)
    const client = clientWith(...old)
    const wanted = newWanted(names('new', 20))
    const first = await converge(wanted, newContext(client, inventory(...old), MEASURED).context)
    const owned = first.kind === 'failed' || first.kind === 'ready' ? first.inventory : undefined
    const second = await converge(wanted, newContext(client, owned, MEASURED).context)
    expect(second.kind).toBe(first.kind)
  })

  it('refuses more objects than a status can name, and names that an inventory cannot hold', async () => {
    const many = newWanted(Array.from({ length: 10_001 }, (_, index) => `o${index}`))
    const client = clientWith()
    await expect(converge(many, newContext(client, undefined).context)).rejects.toMatchObject({
      reason: 'InvalidSpec',
    })
    const role = { ...configMapObject('a__b'), apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' }
    await expect(
      converge(newWanted([], { objects: [role] }), newContext(client, undefined).context),
    ).rejects.toMatchObject({ reason: 'RenderFailed' })
    expect(client.requests).toEqual([])
  })

  it('takes an object whose scope the Go controller wrote otherwise for the same one', async () => {
    const client = clientWith()
    const role: KubeObject = {
      ...configMapObject('wide'),
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
    }
    Reflect.deleteProperty(role.metadata, 'namespace')
    client.put(role)
    const owned = { entries: [{ id: 'team_wide_rbac.authorization.k8s.io_ClusterRole', v: 'v1' }] }
    const outcome = await converge(newWanted([], { objects: [role] }), newContext(client, owned).context)
    expect(outcome.kind).toBe('ready')
    expect(client.requests.map(({ verb }) => verb)).not.toContain('delete')
  })

  it('plans without touching anything', async () => {
    const client = clientWith('old')
    const { context, steps } = newContext(client, inventory('old'), { mode: 'Plan' })
    const outcome = await converge(newWanted(['a']), context)
    expect(outcome).toMatchObject({ kind: 'ready', plan: { summary: 'would be: 1 created, 1 deleted' } })
    expect([live(client), steps]).toEqual([['old'], []])
  })
})
