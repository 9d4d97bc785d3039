import type { Change } from '../apply/change-set.ts'
import { isWrite, listWrites, summarize } from '../apply/change-set.ts'
import type { PruneHold } from '../apply/prune-guard.ts'
import { dropConditions, isConditionTrue, setCondition, toKubeTime } from '../api/conditions.ts'
import type { ConditionInput } from '../api/conditions.ts'
import type {
  Condition,
  GeneratorStatus,
  GitOpsSetStatus,
  HistoryEntry,
  Inventory,
  PlanStatus,
} from '../api/types.ts'
import type { AppError } from '../errors.ts'
import { STATUS_LIMITS } from '../lib/limits.ts'

/** What one reconcile came to. */
export type Outcome =
  | {
      readonly kind: 'ready'
      readonly inventory: Inventory
      readonly changes: readonly Change[]
      readonly generators: readonly GeneratorStatus[]
      readonly warnings: readonly string[]
      /** Hash of the rendered objects. */
      readonly digest: string
      readonly plan?: PlanStatus
      readonly nextMs: number
    }
  | {
      readonly kind: 'failed'
      readonly errors: readonly [AppError, ...AppError[]]
      /** Everything the set may own now: what it owned, and what it has planned. */
      readonly inventory?: Inventory
      readonly changes: readonly Change[]
      readonly generators?: readonly GeneratorStatus[]
      readonly warnings: readonly string[]
      readonly hold?: PruneHold
      /** When to look at a set again that is stalled by what it was answered, which may change by itself. */
      readonly lookAgainMs?: number
    }
  /** Nothing is due, and nothing is known to differ. */
  | { readonly kind: 'idle'; readonly nextMs: number }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'deleted' }
  /** The set is not there any more. */
  | { readonly kind: 'gone' }

export type Requeue =
  | { readonly kind: 'after'; readonly delayMs: number }
  | { readonly kind: 'backoff'; readonly atLeastMs: number }
  | { readonly kind: 'none' }

export interface OutcomeContext {
  readonly generation: number
  readonly nowMs: number
  /** Value of the requestedAt annotation that this reconcile has answered; empty: none. */
  readonly handledRequest: string
  /** Why the set was looked at, for the history. */
  readonly cause: string
}

/** Everything that follows from an outcome. `status` is undefined where it is not to be written. */
export interface Verdict {
  readonly status: GitOpsSetStatus | undefined
  readonly event: { type: 'Normal' | 'Warning'; reason: string; message: string } | undefined
  readonly requeue: Requeue
}

const SEVERITY = { retry: 2, wait: 1, stall: 0 } as const

/** The one place where an outcome becomes conditions, an event and the next attempt. */
export function judge(outcome: Outcome, previous: GitOpsSetStatus, context: OutcomeContext): Verdict {
  switch (outcome.kind) {
    case 'ready':
      return judgeReady(outcome, previous, context)
    case 'failed':
      return judgeFailed(outcome, previous, context)
    case 'suspended':
      return judgeSuspended(previous, context)
    case 'idle':
      return { status: undefined, event: undefined, requeue: { kind: 'after', delayMs: outcome.nextMs } }
    case 'deleted':
    case 'gone':
      return { status: undefined, event: undefined, requeue: { kind: 'none' } }
  }
}

function judgeReady(
  outcome: Extract<Outcome, { kind: 'ready' }>,
  previous: GitOpsSetStatus,
  context: OutcomeContext,
): Verdict {
  const count = outcome.inventory.entries.length
  const message = outcome.plan?.summary ?? `${count} ${count === 1 ? 'object is' : 'objects are'} as rendered`
  const conditions = withConditions(
    dropConditions(previous.conditions, 'Reconciling', 'Stalled', 'PruneBlocked'),
    [{ type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', message }],
    context,
  )
  const history = appendHistory(previous.history, outcome, context)
  const { plan: _plan, nextEvaluation: _next, ...kept } = previous
  const status: GitOpsSetStatus = {
    ...kept,
    ...handled(context),
    observedGeneration: context.generation,
    conditions,
    ...describeInventory(outcome.inventory),
    ...describeGenerators(outcome.generators),
    ...(outcome.plan === undefined ? {} : { plan: outcome.plan }),
    ...(history === undefined ? {} : { history }),
  }
  return { status, event: readyEvent(outcome, previous), requeue: { kind: 'after', delayMs: outcome.nextMs } }
}

function readyEvent(
  outcome: Extract<Outcome, { kind: 'ready' }>,
  previous: GitOpsSetStatus,
): Verdict['event'] {
  if (outcome.warnings.length > 0 && outcome.changes.some(isWrite)) {
    const lines = [
      listWrites(outcome.changes, 10),
      ...outcome.warnings.map((warning) => `warning: ${warning}`),
    ]
    return { type: 'Normal', reason: 'ReconciliationSucceeded', message: lines.join('\n') }
  }
  if (outcome.changes.some(isWrite)) {
    return { type: 'Normal', reason: 'ReconciliationSucceeded', message: listWrites(outcome.changes, 20) }
  }
  if (isConditionTrue(previous.conditions, 'Ready') || previous.conditions === undefined) return undefined
  return { type: 'Normal', reason: 'ReconciliationSucceeded', message: 'recovered; nothing had to change' }
}

function judgeFailed(
  outcome: Extract<Outcome, { kind: 'failed' }>,
  previous: GitOpsSetStatus,
  context: OutcomeContext,
): Verdict {
  const worst = [...outcome.errors].sort((a, b) => SEVERITY[b.disposition] - SEVERITY[a.disposition])[0]
  const error = worst ?? outcome.errors[0]
  const isStalled = error.disposition === 'stall'
  const message = joinMessages(outcome.errors, error)
  const conditions = withConditions(
    dropConditions(previous.conditions, 'Stalled', 'Reconciling', 'PruneBlocked'),
    [
      { type: 'Ready', status: 'False', reason: error.reason, message },
      isStalled
        ? { type: 'Stalled', status: 'True', reason: error.reason, message }
        : { type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry', message: 'trying again' },
      ...(outcome.hold === undefined ? [] : [holdCondition(outcome.hold)]),
    ],
    context,
  )
  const { nextEvaluation: _next, ...kept } = previous
  const status: GitOpsSetStatus = {
    ...kept,
    ...handled(context),
    ...(isStalled ? { observedGeneration: context.generation } : {}),
    conditions,
    ...(outcome.inventory === undefined ? {} : describeInventory(outcome.inventory)),
    ...(outcome.generators === undefined ? {} : describeGenerators(outcome.generators)),
    ...(outcome.hold === undefined ? {} : { plan: holdPlan(outcome.hold) }),
  }
  return {
    status,
    event: failureEvent(error, message, previous),
    requeue: requeueAfter(error, outcome.lookAgainMs),
  }
}

function describeInventory(inventory: Inventory): Pick<GitOpsSetStatus, 'inventory' | 'objects'> {
  return { inventory, objects: inventory.entries.length }
}

function describeGenerators(
  generators: readonly GeneratorStatus[],
): Pick<GitOpsSetStatus, 'generators' | 'nextEvaluation'> {
  // RFC 3339 in UTC sorts as text.
  const next = generators
    .flatMap((generator) => generator.nextEvaluation ?? [])
    .sort()
    .at(0)
  return { generators: [...generators], ...(next === undefined ? {} : { nextEvaluation: next }) }
}

function holdCondition(hold: PruneHold): ConditionInput {
  return { type: 'PruneBlocked', status: 'True', reason: 'PruneBlocked', message: hold.message }
}

function holdPlan(hold: PruneHold): PlanStatus {
  return { summary: hold.message, hash: hold.hash, changes: [] }
}

/** A stall or a failure warns once per message; waiting is no alarm. */
function failureEvent(error: AppError, message: string, previous: GitOpsSetStatus): Verdict['event'] {
  const ready = previous.conditions?.find((condition) => condition.type === 'Ready')
  const isKnown = ready?.status === 'False' && ready.message === message
  if (error.disposition === 'wait' || isKnown) return undefined
  return { type: 'Warning', reason: error.reason, message }
}

function requeueAfter(error: AppError, lookAgainMs: number | undefined): Requeue {
  if (error.disposition === 'stall') {
    return lookAgainMs === undefined ? { kind: 'none' } : { kind: 'after', delayMs: lookAgainMs }
  }
  if (error.disposition === 'wait') return { kind: 'after', delayMs: error.retryAfterMs ?? 30_000 }
  return { kind: 'backoff', atLeastMs: error.retryAfterMs ?? 0 }
}

function judgeSuspended(previous: GitOpsSetStatus, context: OutcomeContext): Verdict {
  const ready = previous.conditions?.find((condition) => condition.type === 'Ready')
  const conditions = withConditions(
    dropConditions(previous.conditions, 'Reconciling'),
    [
      {
        type: 'Ready',
        status: ready?.status ?? 'Unknown',
        reason: 'Suspended',
        message: 'reconciliation is suspended',
      },
    ],
    context,
  )
  return {
    status: { ...previous, ...handled(context), conditions },
    event: undefined,
    requeue: { kind: 'none' },
  }
}

function handled(context: OutcomeContext): Pick<GitOpsSetStatus, 'lastHandledReconcileAt'> {
  return context.handledRequest === '' ? {} : { lastHandledReconcileAt: context.handledRequest }
}

function withConditions(
  conditions: readonly Condition[],
  inputs: readonly ConditionInput[],
  context: OutcomeContext,
): Condition[] {
  return inputs.reduce((list, input) => setCondition(list, input, context), [...conditions])
}

/** The first message in full, and how many more there are. */
function joinMessages(errors: readonly AppError[], first: AppError): string {
  const prefix = first.path === undefined || first.message.includes(first.path) ? '' : `${first.path}: `
  const others = errors.filter((error) => error !== first)
  if (others.length === 0) return `${prefix}${first.message}`
  const named = others.slice(0, 4).map((error) => error.message)
  const more = others.length > 4 ? `; and ${others.length - 4} more` : ''
  return `${prefix}${first.message}; ${named.join('; ')}${more}`
}

function appendHistory(
  history: readonly HistoryEntry[] | undefined,
  outcome: Extract<Outcome, { kind: 'ready' }>,
  context: OutcomeContext,
): HistoryEntry[] | undefined {
  if (!outcome.changes.some(isWrite)) return history === undefined ? undefined : [...history]
  const count = (action: Change['action']): number =>
    outcome.changes.filter((change) => change.action === action).length
  const entry: HistoryEntry = {
    time: toKubeTime(context.nowMs),
    generation: context.generation,
    digest: outcome.digest,
    created: count('created'),
    updated: count('configured'),
    deleted: count('deleted'),
    cause: context.cause,
  }
  return [entry, ...(history ?? [])].slice(0, STATUS_LIMITS.maxHistoryEntries)
}

/** Text of a failure for logs. */
export function summarizeOutcome(outcome: Outcome): string {
  if (outcome.kind === 'ready' || outcome.kind === 'failed') return summarize(outcome.changes)
  return ''
}
