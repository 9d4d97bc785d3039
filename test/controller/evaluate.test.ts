import { describe, expect, it } from 'vitest'
import { SETS_GROUP } from '../../src/api/group.ts'
import type { GitOpsSet, GitOpsSetSpec, GitOpsSetStatus } from '../../src/api/types.ts'
import { evaluate } from '../../src/controller/evaluate.ts'
import type { EvaluateDeps } from '../../src/controller/evaluate.ts'
import type { Cause } from '../../src/controller/queue.ts'
import type { Attempt } from '../../src/controller/reconcile.ts'
import { SetMemory } from '../../src/controller/set-memory.ts'
import { SetStore } from '../../src/controller/set-store.ts'
import { AppError } from '../../src/errors.ts'
import type { BuildResult, BuildSet } from '../../src/pipeline.ts'
import type { KubeObject } from '../../src/ports.ts'
import { newMetrics } from '../../src/server/metrics.ts'
import { fakeClient } from '../apply/fake-client.ts'
import { NOW_MS, fixedClock, silentLog } from '../generate/fakes.ts'

const HOUR_MS = 3_600_000
const POLLED: GitOpsSetSpec = {
  generators: [
    {
      apiClient: {
        endpoint: 'http://x/',
        interval: '24h',
        headersRef: { kind: 'Secret', name: 'headers' },
      },
    },
  ],
}
const PATH = 'spec.generators[0].apiClient'

function newSet(spec: GitOpsSetSpec, status?: GitOpsSetStatus): GitOpsSet {
  return {
    apiVersion: 'sets.gitops.pro/v1alpha1',
    kind: 'GitOpsSet',
    metadata: { name: 'set', namespace: 'team', generation: 1, uid: 'u' },
    spec,
    ...(status === undefined ? {} : { status }),
  }
}

/** Ready at this generation, and due in so many hours. */
function settled(dueInHours: number): GitOpsSetStatus {
  return {
    observedGeneration: 1,
    conditions: [{ type: 'Ready', status: 'True', reason: 'x', message: '', lastTransitionTime: '' }],
    generators: [
      {
        path: PATH,
        kind: 'apiClient',
        nextEvaluation: new Date(NOW_MS + dueInHours * HOUR_MS).toISOString(),
      },
    ],
  }
}

function failedBuild(error: AppError): BuildResult {
  return { outcomes: [], references: [], warnings: [], error }
}

function newRig(set: GitOpsSet, build: BuildSet) {
  const client = fakeClient()
  const steps: string[] = []
  const memory = new SetMemory('u')
  const deps: EvaluateDeps = {
    clients: { clientFor: () => client },
    sets: new SetStore(client),
    build: (...args) => {
      steps.push('build')
      return build(...args)
    },
    ports: {} as EvaluateDeps['ports'],
    enabledGenerators: new Set(),
    maxResponseBytes: 1,
    clock: fixedClock(),
    metrics: newMetrics(),
    random: () => 0.5,
    fieldValidation: 'Warn',
    identityOf: () => ({ kind: 'controller' }),
    onReferences: () => steps.push('references'),
    onApplied: () => steps.push('applied'),
  }
  const raw = set as unknown as KubeObject
  const attempt = (causes: Cause[] = [{ kind: 'start' }], newRequest = ''): Attempt => ({
    text: 'team/set/sets.gitops.pro',
    key: { group: 'sets.gitops.pro', version: 'v1alpha1', kind: 'GitOpsSet', namespace: 'team', name: 'set' },
    group: SETS_GROUP,
    raw,
    latest: { raw },
    memory,
    causes,
    newRequest,
    signal: new AbortController().signal,
    log: silentLog,
  })
  return { deps, steps, attempt, memory, client }
}

const stalled = async (): Promise<BuildResult> =>
  failedBuild(new AppError('GeneratorFailed', 'stall', 'got 404'))

describe('an evaluation', () => {
  it('says what it is going to read before it reads', async () => {
    const set = newSet(POLLED)
    const { deps, steps, attempt } = newRig(set, stalled)
    await evaluate(set, attempt(), deps)
    expect(steps).toEqual(['references', 'build'])
  })

  it('that stalls on an answer is looked at again after the drift interval', async () => {
    const set = newSet(POLLED)
    const { deps, attempt } = newRig(set, stalled)
    expect(await evaluate(set, attempt(), deps)).toMatchObject({ kind: 'failed', lookAgainMs: HOUR_MS })
  })

  it('that takes too long says so first, whatever it was doing', async () => {
    const set = newSet({ ...POLLED, timeout: '20ms' })
    const late: BuildSet = (_set, _ports, options) =>
      new Promise((resolve) => {
        const answer = failedBuild(new AppError('GeneratorFailed', 'retry', 'stopped'))
        options?.signal?.addEventListener('abort', () => resolve(answer))
      })
    const { deps, attempt } = newRig(set, late)
    const outcome = await evaluate(set, attempt(), deps)
    expect(outcome.kind === 'failed' && outcome.errors.map(({ message }) => message)).toEqual([
      'the evaluation took longer than spec.timeout (20ms)',
      'stopped',
    ])
  })

  it('has its time also where that is beyond the longest timer', async () => {
    const set = newSet({ ...POLLED, timeout: '10000h' })
    const { deps, attempt } = newRig(set, stalled)
    expect(await evaluate(set, attempt(), deps)).toMatchObject({ errors: [{ message: 'got 404' }] })
  })
})

describe('after a restart', () => {
  it('a set that is not due is watched, and looked at for drift, but asks nothing', async () => {
    const set = newSet(POLLED, settled(20))
    const { deps, steps, attempt } = newRig(set, stalled)
    expect(await evaluate(set, attempt(), deps)).toEqual({ kind: 'idle', nextMs: HOUR_MS })
    expect(steps).toEqual(['references', 'applied'])
    expect(await evaluate(set, attempt([{ kind: 'timer' }]), deps)).toMatchObject({ kind: 'idle' })
  })

  it('a set that is due sooner is looked at then', async () => {
    const set = newSet(POLLED, settled(0.5))
    const { deps, attempt } = newRig(set, stalled)
    expect(await evaluate(set, attempt(), deps)).toEqual({ kind: 'idle', nextMs: HOUR_MS / 2 })
  })

  it.each<[string, GitOpsSetStatus, Cause[], string]>([
    ['is due', settled(-1), [{ kind: 'start' }], ''],
    ['was not ready', { ...settled(20), conditions: [] }, [{ kind: 'start' }], ''],
    ['has another spec', { ...settled(20), observedGeneration: 0 }, [{ kind: 'start' }], ''],
    ['is asked to', settled(20), [{ kind: 'start' }], 'now'],
    ['reads what has changed', settled(20), [{ kind: 'reference', reference: '/Secret/team/headers' }], ''],
    ['has drifted', settled(20), [{ kind: 'drift' }], ''],
    [
      'misses an object',
      { ...settled(20), inventory: { entries: [{ id: 'team_gone__ConfigMap', v: 'v1' }] } },
      [{ kind: 'start' }],
      '',
    ],
  ])('a set that %s is evaluated', async (_, status, causes, newRequest) => {
    const set = newSet(POLLED, status)
    const { deps, steps, attempt } = newRig(set, stalled)
    await evaluate(set, attempt(causes, newRequest), deps)
    expect(steps).toContain('build')
  })
})

describe('answers of before', () => {
  const reference = { group: '', kind: 'Secret', namespace: 'team', name: 'headers' }
  const earlier = { generation: { elements: [], complete: true, warnings: [] }, evaluatedAtMs: NOW_MS }

  it.each<[string, Cause[], string, boolean]>([
    ['are used while they are valid', [{ kind: 'timer' }], '', true],
    [
      'are dropped when what they were made from changes',
      [{ kind: 'reference', reference: '/Secret/team/headers' }],
      '',
      false,
    ],
    ['stay when something else changes', [{ kind: 'reference', reference: '/Secret/team/other' }], '', true],
    ['are dropped on request', [{ kind: 'spec' }], 'now', false],
  ])('%s', async (_, causes, newRequest, isUsed) => {
    const set = newSet(POLLED)
    let reused: unknown
    const { deps, attempt, memory } = newRig(set, async (_set, _ports, options) => {
      reused = options?.reuse?.(PATH)
      return stalled()
    })
    memory.useRevision('1 ')
    memory.keepGeneration(PATH, { earlier, references: [reference], validUntilMs: NOW_MS + 1 })
    await evaluate(set, attempt(causes, newRequest), deps)
    expect(reused !== undefined).toBe(isUsed)
  })
})
