import { findField, mapField, stringField } from '../lib/json.ts'
import { decodeStatus } from '../api/decode-status.ts'
import { REQUESTED_AT_ANNOTATION, findApiGroup } from '../api/group.ts'
import type { ApiGroup } from '../api/group.ts'
import type { GitOpsSet, GitOpsSetStatus } from '../api/types.ts'
import { AppError, toAppError } from '../errors.ts'
import { ApiError } from '../ports.ts'
import type { Clock, EventSink, KubeObject, Logger, Metrics, ObjectKey } from '../ports.ts'
import { judge, summarizeOutcome } from './outcome.ts'
import type { Outcome, OutcomeContext, Requeue, Verdict } from './outcome.ts'
import type { Cause } from './queue.ts'
import { parseSetText } from './set-key.ts'
import { SetMemory } from './set-memory.ts'
import { recordMetrics } from './set-metrics.ts'
import { finalizersOf } from './set-store.ts'
import type { SetStore } from './set-store.ts'

/** One look at one set. */
export interface Attempt {
  readonly text: string
  readonly key: ObjectKey
  readonly group: ApiGroup
  /** As the API server had it when the attempt began. */
  readonly raw: KubeObject
  /** As our own last write has left it: what the next write starts from. */
  readonly latest: { raw: KubeObject }
  readonly memory: SetMemory
  readonly causes: readonly Cause[]
  /** The requestedAt annotation, where it has not been answered yet; else empty. */
  readonly newRequest: string
  readonly signal: AbortSignal
  readonly log: Logger
}

/** What the reconciler leaves to others: each throws AppError or answers with an outcome. */
export interface Steps {
  /** The raw object as a set, or AppError (InvalidSpec) with every finding. */
  readonly decode: (raw: KubeObject) => GitOpsSet
  readonly evaluate: (set: GitOpsSet, attempt: Attempt) => Promise<Outcome>
  readonly finalize: (attempt: Attempt) => Promise<Outcome>
}

export interface ReconcilerDeps {
  readonly sets: SetStore
  readonly steps: Steps
  readonly events: EventSink
  readonly metrics: Metrics
  readonly clock: Clock
  readonly log: Logger
}

/** Takes one set a step towards its wanted state and reports what came of it. */
export class Reconciler {
  private readonly deps: ReconcilerDeps
  private readonly memories = new Map<string, SetMemory>()
  private attempts = 0

  constructor(deps: ReconcilerDeps) {
    this.deps = deps
  }

  /** Drops what is remembered of a set that is no longer there. */
  forget(text: string): void {
    this.memories.delete(text)
    const { name, namespace } = parseSetText(text)
    this.deps.metrics.forget({ name, namespace })
  }

  /** Never throws: whatever happens becomes status, an event and the next attempt. */
  async reconcile(
    text: string,
    causes: readonly Cause[],
    signal: AbortSignal,
  ): Promise<{ requeue: Requeue; failures: number }> {
    const startedMs = this.deps.clock.monotonicMs()
    const key = parseSetText(text)
    const log = this.deps.log.child({ set: `${key.namespace}/${key.name}`, reconcile: ++this.attempts })
    let requeue: Requeue
    try {
      requeue = await this.attempt(text, { key, causes, signal, log })
    } catch (error) {
      log.error('reconcile could not be completed', { error })
      requeue = { kind: 'backoff', atLeastMs: 0 }
    }
    const memory = this.memories.get(text)
    // Nothing is measured of a set that is gone: it would leave a series behind.
    if (memory === undefined) return { requeue, failures: 1 }
    const seconds = (this.deps.clock.monotonicMs() - startedMs) / 1_000
    this.deps.metrics.observe(
      'gotk_reconcile_duration_seconds',
      { kind: 'GitOpsSet', name: key.name, namespace: key.namespace },
      seconds,
    )
    memory.failures = requeue.kind === 'backoff' ? memory.failures + 1 : 0
    return { requeue, failures: memory.failures }
  }

  private async attempt(
    text: string,
    given: Pick<Attempt, 'key' | 'causes' | 'signal' | 'log'>,
  ): Promise<Requeue> {
    const raw = await this.deps.sets.get(given.key, given.signal)
    const group = findApiGroup(raw?.apiVersion ?? '')
    if (raw === undefined || group === undefined) {
      this.forget(text)
      return { kind: 'none' }
    }
    const attempt: Attempt = {
      ...given,
      text,
      group,
      raw,
      latest: { raw },
      memory: this.memoryFor(text, raw),
      newRequest: findNewRequest(raw),
    }
    const outcome = await this.run(attempt)
    return this.conclude(outcome, attempt)
  }

  private memoryFor(text: string, raw: KubeObject): SetMemory {
    const uid = stringField(raw.metadata, 'uid')
    const known = this.memories.get(text)
    if (known?.uid === uid) return known
    const memory = new SetMemory(uid)
    this.memories.set(text, memory)
    return memory
  }

  private async run(attempt: Attempt): Promise<Outcome> {
    try {
      const isDeleting = stringField(attempt.raw.metadata, 'deletionTimestamp') !== ''
      if (isDeleting) return await this.runFinalizer(attempt)
      // Before anything is created, or a set deleted meanwhile would leave its objects behind.
      if (!finalizersOf(attempt.raw).includes(attempt.group.finalizer)) {
        const { key, raw, group, signal } = attempt
        attempt.latest.raw = await this.deps.sets.writeFinalizer(key, raw, { group, present: true }, signal)
      }
      return await this.runSpec(attempt)
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) throw error
      const failure = error instanceof ApiError ? newServerError(error) : toAppError(error)
      attempt.log.warn('reconcile failed', { reason: failure.reason, error })
      return { kind: 'failed', errors: [failure], changes: [], warnings: [] }
    }
  }

  private async runSpec(attempt: Attempt): Promise<Outcome> {
    const set = this.deps.steps.decode(attempt.raw)
    if (set.spec.suspend === true) return { kind: 'suspended' }
    return this.deps.steps.evaluate(set, attempt)
  }

  /** A set whose spec cannot be read any more is finalized by its inventory all the same. */
  private async runFinalizer(attempt: Attempt): Promise<Outcome> {
    if (!finalizersOf(attempt.raw).includes(attempt.group.finalizer)) return { kind: 'gone' }
    const outcome = await this.deps.steps.finalize(attempt)
    if (outcome.kind !== 'deleted') return outcome
    const { key, raw, group, signal } = attempt
    await this.deps.sets.writeFinalizer(key, raw, { group, present: false }, signal)
    return outcome
  }

  private async conclude(outcome: Outcome, attempt: Attempt): Promise<Requeue> {
    const previous = statusOf(attempt.raw)
    const verdict = judge(outcome, previous, this.contextOf(attempt))
    // What was stopped half-way says nothing about the set; its next attempt will.
    if (attempt.signal.aborted) return { kind: 'none' }
    if (outcome.kind === 'gone' || outcome.kind === 'deleted') this.forget(attempt.text)
    await this.publish(verdict, attempt)
    if (verdict.status !== undefined) recordMetrics(this.deps.metrics, attempt.key, outcome, verdict.status)
    attempt.log.info('reconcile finished', {
      outcome: outcome.kind,
      causes: attempt.causes.map((cause) => cause.kind),
      changes: summarizeOutcome(outcome),
      ...(outcome.kind === 'failed' ? describeFailure(outcome.errors[0]) : {}),
    })
    return verdict.requeue
  }

  private async publish(verdict: Verdict, attempt: Attempt): Promise<void> {
    if (verdict.event !== undefined) this.deps.events.emit({ regarding: attempt.raw, ...verdict.event })
    if (verdict.status === undefined) return
    await this.deps.sets.writeStatus(attempt.key, attempt.latest.raw, verdict.status, attempt.signal)
  }

  private contextOf(attempt: Attempt): OutcomeContext {
    const generation = attempt.raw.metadata['generation']
    return {
      generation: typeof generation === 'number' ? generation : 0,
      nowMs: this.deps.clock.nowMs(),
      handledRequest: attempt.newRequest,
      cause: attempt.newRequest === '' ? describeCauses(attempt.causes) : 'requested',
    }
  }
}

/** About a set or its status; what concerns an object is classified where it is applied. */
function newServerError(error: ApiError): AppError {
  const retryAfter = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }
  return new AppError('ReconciliationFailed', 'retry', error.message, { cause: error, ...retryAfter })
}

function statusOf(raw: KubeObject): GitOpsSetStatus {
  return decodeStatus(findField(raw, 'status')) ?? {}
}

function findNewRequest(raw: KubeObject): string {
  const requested = stringField(mapField(raw.metadata, 'annotations'), REQUESTED_AT_ANNOTATION)
  return requested === stringField(mapField(raw, 'status'), 'lastHandledReconcileAt') ? '' : requested
}

/** What the status says too, so that a log alone tells the story. */
function describeFailure({ reason, message }: AppError): { reason: string; problem: string } {
  return { reason, problem: message }
}

function describeCauses(causes: readonly Cause[]): string {
  return causes.map((cause) => (cause.kind === 'reference' ? cause.reference : cause.kind)).join(', ')
}
