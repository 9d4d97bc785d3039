import { describe, expect, it } from 'vitest'
import type { GitOpsSetStatus } from '../../src/api/types.ts'
import { judge } from '../../src/controller/outcome.ts'
import type { Outcome, OutcomeContext } from '../../src/controller/outcome.ts'
import { AppError } from '../../src/errors.ts'
import type { Disposition } from '../../src/errors.ts'

const NOW_MS = Date.parse('2026-01-01T00:00:00Z')
const CONTEXT: OutcomeContext = { generation: 3, nowMs: NOW_MS, handledRequest: '', cause: 'spec' }
const KEY = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'team', name: 'a' }
const INVENTORY = { entries: [{ id: 'team_a__ConfigMap', v: 'v1' }] }

function ready(more: object = {}): Extract<Outcome, { kind: 'ready' }> {
  return {
    kind: 'ready',
    inventory: INVENTORY,
    changes: [],
    generators: [],
    warnings: [],
    digest: 'sha256:1',
    nextMs: 60_000,
    ...more,
  }
}

function failed(
  disposition: Disposition,
  message = 'it broke',
  more: object = {},
): Extract<Outcome, { kind: 'failed' }> {
  const error = new AppError('ApplyFailed', disposition, message)
  return { kind: 'failed', errors: [error], changes: [], warnings: [], ...more }
}

const typesOf = (status: GitOpsSetStatus | undefined): string[] =>
  (status?.conditions ?? []).map(({ type, status: value }) => `${type}=${value}`).sort()

/** The status after these outcomes, one after the other. */
function statusAfter(...outcomes: readonly Outcome[]): GitOpsSetStatus {
  return outcomes.reduce<GitOpsSetStatus>(
    (status, outcome) => judge(outcome, status, CONTEXT).status ?? status,
    {},
  )
}

describe('ready', () => {
  it('drops every other condition and observes the generation', () => {
    const status = statusAfter(failed('stall'), failed('retry'), ready())
    expect(typesOf(status)).toEqual(['Ready=True'])
    expect(status).toMatchObject({ observedGeneration: 3, objects: 1, inventory: INVENTORY })
  })

  it('is looked at again when it is due', () => {
    expect(judge(ready(), {}, CONTEXT).requeue).toEqual({ kind: 'after', delayMs: 60_000 })
  })

  it('tells what was written, and keeps the last five in the history', () => {
    const changes = [{ action: 'created', key: KEY }]
    expect(judge(ready({ changes }), {}, CONTEXT).event).toEqual({
      type: 'Normal',
      reason: 'ReconciliationSucceeded',
      message: 'ConfigMap/team/a created',
    })
    const status = statusAfter(...Array.from({ length: 7 }, () => ready({ changes })))
    expect(status.history).toHaveLength(5)
    expect(status.history?.[0]).toMatchObject({ created: 1, updated: 0, deleted: 0, cause: 'spec' })
  })

  it('changes nothing in the status when nothing has changed, and says nothing', () => {
    const status = statusAfter(ready())
    const again = judge(ready(), status, { ...CONTEXT, nowMs: NOW_MS + 3_600_000 })
    expect(again.status).toEqual(status)
    expect(again.event).toBeUndefined()
  })

  it('tells of a recovery, once', () => {
    expect(judge(ready(), statusAfter(failed('retry')), CONTEXT).event?.message).toContain('recovered')
  })

  it('names the next evaluation of all, and a plan while there is one', () => {
    const generators = ['2026-01-03T00:00:00Z', '2026-01-02T00:00:00Z'].map((nextEvaluation, index) => ({
      path: `spec.generators[${index}].apiClient`,
      kind: 'apiClient' as const,
      nextEvaluation,
    }))
    const plan = { summary: 'would be: 1 created', hash: '', changes: [] }
    const planned = statusAfter(ready({ generators, plan }))
    expect(planned.nextEvaluation).toBe('2026-01-02T00:00:00Z')
    expect(planned.plan).toEqual(plan)
    expect(planned.conditions?.[0]?.message).toBe(plan.summary)
    const applied = judge(ready(), planned, CONTEXT).status
    expect([applied?.plan, applied?.nextEvaluation]).toEqual([undefined, undefined])
  })
})

describe('failed', () => {
  it.each([
    ['retry', ['Ready=False', 'Reconciling=True'], { kind: 'backoff', atLeastMs: 0 }, true],
    ['wait', ['Ready=False', 'Reconciling=True'], { kind: 'after', delayMs: 30_000 }, false],
    ['stall', ['Ready=False', 'Stalled=True'], { kind: 'none' }, true],
  ] as const)('%s', (disposition, conditions, requeue, warns) => {
    const verdict = judge(failed(disposition), {}, CONTEXT)
    expect(typesOf(verdict.status)).toEqual(conditions)
    expect(verdict.requeue).toEqual(requeue)
    expect(verdict.event !== undefined).toBe(warns)
  })

  it('observes the generation only where the spec is to blame', () => {
    expect(judge(failed('stall'), {}, CONTEXT).status?.observedGeneration).toBe(3)
    expect(judge(failed('retry'), { observedGeneration: 2 }, CONTEXT).status?.observedGeneration).toBe(2)
  })

  it('looks again at a set that is stalled by what it was answered', () => {
    const { requeue } = judge(failed('stall', 'no', { lookAgainMs: 3_600_000 }), {}, CONTEXT)
    expect(requeue).toEqual({ kind: 'after', delayMs: 3_600_000 })
  })

  it('honours the time that an error names', () => {
    const error = new AppError('ApplyFailed', 'retry', 'busy', { retryAfterMs: 5_000 })
    const { requeue } = judge({ ...failed('retry'), errors: [error] }, {}, CONTEXT)
    expect(requeue).toEqual({ kind: 'backoff', atLeastMs: 5_000 })
  })

  it('goes by the error that can be tried again, and names the others', () => {
    const errors: [AppError, ...AppError[]] = [
      new AppError('ApplyFailed', 'stall', 'first'),
      new AppError('AccessDenied', 'retry', 'second'),
      ...Array.from({ length: 6 }, (_, index) => new AppError('ApplyFailed', 'stall', `more ${index}`)),
    ]
    const { status } = judge({ ...failed('retry'), errors }, {}, CONTEXT)
    const [condition] = status?.conditions ?? []
    expect(condition?.reason).toBe('AccessDenied')
    expect(condition?.message).toBe('second; first; more 0; more 1; more 2; and 3 more')
  })

  it('warns once of a message', () => {
    const status = statusAfter(failed('retry'))
    expect(judge(failed('retry'), status, CONTEXT).event).toBeUndefined()
    expect(judge(failed('retry', 'it broke otherwise'), status, CONTEXT).event).toBeDefined()
  })

  it('keeps inventory and history of before where nothing is known of new ones', () => {
    const status = statusAfter(ready({ changes: [{ action: 'created', key: KEY }] }), failed('retry'))
    expect([status.inventory, status.history?.length]).toEqual([INVENTORY, 1])
  })

  it('cuts a message that is too long, and keeps out what terminals obey', () => {
    const message = `\u001b[31m${'x'.repeat(50_000)}`
    const text = judge(failed('retry', message), {}, CONTEXT).status?.conditions?.[0]?.message ?? ''
    expect(text.length).toBe(4_096)
    expect(text).not.toContain('\u001b')
  })

  it('shows a hold as condition, plan and hash', () => {
    const hold = { hash: '0123', message: 'holding back' }
    const status = statusAfter(failed('wait', hold.message, { hold }))
    expect(typesOf(status)).toEqual(['PruneBlocked=True', 'Ready=False', 'Reconciling=True'])
    expect(status.plan).toMatchObject({ hash: '0123', summary: 'holding back' })
    expect(typesOf(judge(ready(), status, CONTEXT).status)).toEqual(['Ready=True'])
  })
})

describe('the rest', () => {
  it('suspended: says so, keeps what Ready was, and waits for a change', () => {
    const { status, requeue, event } = judge({ kind: 'suspended' }, statusAfter(ready()), CONTEXT)
    expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'True', reason: 'Suspended' }])
    expect([requeue, event]).toEqual([{ kind: 'none' }, undefined])
    expect(typesOf(judge({ kind: 'suspended' }, {}, CONTEXT).status)).toEqual(['Ready=Unknown'])
  })

  it('idle: writes nothing, and is looked at when it is due', () => {
    const verdict = judge({ kind: 'idle', nextMs: 7 }, {}, CONTEXT)
    expect([verdict.status, verdict.requeue]).toEqual([undefined, { kind: 'after', delayMs: 7 }])
  })

  it.each(['deleted', 'gone'] as const)('%s: writes nothing, ever again', (kind) => {
    const verdict = judge({ kind }, {}, CONTEXT)
    expect([verdict.status, verdict.event, verdict.requeue.kind]).toEqual([undefined, undefined, 'none'])
  })

  it('echoes the request that was answered, whatever came of it', () => {
    const context = { ...CONTEXT, handledRequest: 'now' }
    const outcomes: Outcome[] = [ready(), failed('retry'), failed('stall'), { kind: 'suspended' }]
    for (const outcome of outcomes)
      expect(judge(outcome, {}, context).status?.lastHandledReconcileAt).toBe('now')
  })
})
