import { describe, expect, it } from 'vitest'
import type { GitOpsSet } from '../../src/api/types.ts'
import type { Outcome } from '../../src/controller/outcome.ts'
import { Reconciler } from '../../src/controller/reconcile.ts'
import type { Attempt, Steps } from '../../src/controller/reconcile.ts'
import { SetStore } from '../../src/controller/set-store.ts'
import { AppError } from '../../src/errors.ts'
import type { KubeObject } from '../../src/ports.ts'
import { newMetrics } from '../../src/server/metrics.ts'
import { apiError, fakeClient } from '../apply/fake-client.ts'
import { fixedClock, silentLog } from '../generate/fakes.ts'

const TEXT = 'team/set/sets.gitops.pro'
const FINALIZER = 'finalizers.sets.gitops.pro'
const READY: Outcome = {
  kind: 'ready',
  inventory: { entries: [] },
  changes: [],
  generators: [],
  warnings: [],
  digest: '',
  nextMs: 1_000,
}

function newSet(metadata: object = {}, spec: object = {}): KubeObject {
  return {
    apiVersion: 'sets.gitops.pro/v1alpha1',
    kind: 'GitOpsSet',
    metadata: { name: 'set', namespace: 'team', generation: 1, finalizers: [FINALIZER], ...metadata },
    spec: { ...spec },
  }
}

function newReconciler(set: KubeObject | undefined, steps: Partial<Steps> = {}) {
  const client = fakeClient()
  if (set !== undefined) client.put(set)
  const events: string[] = []
  const attempts: Attempt[] = []
  const metrics = newMetrics()
  const reconciler = new Reconciler({
    sets: new SetStore(client),
    events: { emit: ({ reason, message }) => events.push(`${reason}: ${message}`) },
    metrics,
    clock: fixedClock(),
    log: silentLog,
    steps: {
      decode: (raw) => raw as unknown as GitOpsSet,
      evaluate: async (_set, attempt) => {
        attempts.push(attempt)
        return READY
      },
      finalize: async () => ({ kind: 'deleted' }),
      ...steps,
    },
  })
  const abort = new AbortController()
  const reconcile = () => reconciler.reconcile(TEXT, [{ kind: 'start' }], abort.signal)
  const stored = () => client.objects.get('sets.gitops.pro/GitOpsSet/team/set')
  return { client, events, attempts, metrics, reconciler, reconcile, abort, stored }
}

const patches = (client: { requests: readonly { verb: string; options?: unknown }[] }): unknown[] =>
  client.requests.filter(({ verb }) => verb === 'patch').map(({ options }) => options)

describe('one reconcile', () => {
  it('adds the finalizer before anything is evaluated', async () => {
    const { reconcile, client } = newReconciler(newSet({ finalizers: ['other'] }))
    await reconcile()
    expect(patches(client)[0]).toMatchObject({ body: { metadata: { finalizers: ['other', FINALIZER] } } })
  })

  it('of a set that is gone does nothing, and measures nothing', async () => {
    const { reconcile, metrics } = newReconciler(undefined)
    expect((await reconcile()).requeue).toEqual({ kind: 'none' })
    expect((await metrics.render()).body).not.toContain('name="set"')
  })

  it('of a suspended set evaluates nothing', async () => {
    const { reconcile, attempts, client } = newReconciler(newSet({}, { suspend: true }))
    expect((await reconcile()).requeue).toEqual({ kind: 'none' })
    expect(attempts).toEqual([])
    expect(JSON.stringify(patches(client))).toContain('Suspended')
  })

  it('of a deleted set finalizes, and takes the finalizer away only then', async () => {
    const deleting = newSet({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['other', FINALIZER] })
    const done = newReconciler(deleting)
    await done.reconcile()
    expect(patches(done.client)).toMatchObject([{ body: { metadata: { finalizers: ['other'] } } }])
    const error = new AppError('AccessDenied', 'retry', 'FinalizerBlocked: no')
    const blocked = newReconciler(deleting, {
      finalize: async () => ({ kind: 'failed', errors: [error], changes: [], warnings: [] }),
    })
    expect((await blocked.reconcile()).requeue.kind).toBe('backoff')
    expect(patches(blocked.client)).toMatchObject([{ subresource: 'status' }])
  })

  it('of a deleted set that is not ours to finalize leaves it alone', async () => {
    const { reconcile, client } = newReconciler(
      newSet({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['other'] }),
    )
    expect((await reconcile()).requeue).toEqual({ kind: 'none' })
    expect(patches(client)).toEqual([])
  })

  it.each([
    ['AppError', new AppError('AccessDenied', 'stall', 'no account'), 'no account', 'none'],
    ['ApiError', apiError(503, 'busy'), 'busy', 'backoff'],
    ['TypeError', new TypeError('secret text'), 'unexpected TypeError', 'backoff'],
  ])('that throws an %s says so in the status', async (_, error, message, requeue) => {
    const { reconcile, client, events } = newReconciler(newSet(), {
      evaluate: () => Promise.reject(error),
    })
    expect((await reconcile()).requeue.kind).toBe(requeue)
    const status = JSON.stringify(patches(client))
    expect(status).toContain(message)
    expect(status).not.toContain('secret text')
    expect(events).toHaveLength(1)
  })

  it('that cannot read the set is tried again, later each time', async () => {
    const { reconcile, client } = newReconciler(newSet())
    await reconcile()
    client.fail('get', apiError(500, 'etcd'), apiError(500, 'etcd'))
    expect(await reconcile()).toEqual({ requeue: { kind: 'backoff', atLeastMs: 0 }, failures: 1 })
    expect(await reconcile()).toEqual({ requeue: { kind: 'backoff', atLeastMs: 0 }, failures: 2 })
    expect((await reconcile()).failures).toBe(0)
  })

  it('that is stopped half-way writes nothing more', async () => {
    const { reconcile, client, abort, events } = newReconciler(newSet(), {
      evaluate: async () => {
        abort.abort()
        return READY
      },
    })
    expect((await reconcile()).requeue).toEqual({ kind: 'none' })
    expect([patches(client), events]).toEqual([[], []])
  })

  it('tells what was requested, until it has been answered', async () => {
    const annotations = { 'reconcile.fluxcd.io/requestedAt': 'now' }
    const { reconcile, attempts, stored, client } = newReconciler(newSet({ annotations }))
    await reconcile()
    expect(JSON.stringify(patches(client))).toContain('"lastHandledReconcileAt":"now"')
    const answered = stored()
    if (answered !== undefined) client.put({ ...answered, status: { lastHandledReconcileAt: 'now' } })
    await reconcile()
    expect(attempts.map(({ newRequest }) => newRequest)).toEqual(['now', ''])
  })

  it('remembers across attempts, but not across an object of the same name', async () => {
    const { reconcile, attempts, client } = newReconciler(newSet())
    await reconcile()
    await reconcile()
    client.put(newSet())
    await reconcile()
    const [first, second, third] = attempts.map(({ memory }) => memory)
    expect([first === second, second === third]).toEqual([true, false])
  })

  it('leaves no series behind of a set that is deleted', async () => {
    const { reconcile, reconciler, metrics } = newReconciler(newSet())
    await reconcile()
    expect((await metrics.render()).body).toContain('name="set"')
    reconciler.forget(TEXT)
    await new Promise((resolve) => setTimeout(resolve))
    expect((await metrics.render()).body).not.toContain('name="set"')
  })
})
