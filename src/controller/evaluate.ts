import { mapField, stringField } from '../lib/json.ts'
import { isConditionTrue, setCondition } from '../api/conditions.ts'
import { findDelimitersAnnotation } from '../api/delimiters.ts'
import { inventoryKeys } from '../api/inventory.ts'
import type { GitOpsSet, Inventory } from '../api/types.ts'
import { AppError } from '../errors.ts'
import type { Random } from '../lib/backoff.ts'
import { durationToMs } from '../lib/duration.ts'
import { findReferences, prepareSet } from '../pipeline.ts'
import type { BuildPorts, BuildResult, BuildSet, BuiltSet, EntryOutcome } from '../pipeline.ts'
import type { ClientFactory, Clock, Identity, Metrics, ObjectKey, ResourceClient } from '../ports.ts'
import { fieldKeys } from './converge-fields.ts'
import { converge } from './converge.ts'
import type { ConvergeContext, Wanted } from './converge.ts'
import { requireDependencies } from './dependencies.ts'
import { toGeneratorStatuses } from './generator-status.ts'
import { hideInOutcome, newHide } from './hide-secrets.ts'
import type { Outcome } from './outcome.ts'
import type { Attempt } from './reconcile.ts'
import { findStandbyUntilMs, nextLookMs } from './schedule.ts'
import { recordAnswers } from './set-metrics.ts'
import type { SetStore } from './set-store.ts'

const DEFAULT_TIMEOUT = '5m'
/** The longest that a timer of Node can be. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

export interface EvaluateDeps {
  readonly clients: ClientFactory
  readonly sets: SetStore
  readonly build: BuildSet
  /** All ports but the reader, which is bound to each set's account. */
  readonly ports: Omit<BuildPorts, 'reader' | 'log'>
  readonly enabledGenerators: ReadonlySet<string>
  readonly maxResponseBytes: number
  readonly clock: Clock
  readonly metrics: Metrics
  readonly random: Random
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  /** Throws AppError where the set may not act as any account. */
  readonly identityOf: (set: GitOpsSet) => Identity
  /** What the set reads, whether or not the evaluation succeeds. */
  readonly onReferences: (attempt: Attempt, set: GitOpsSet) => void
  /** What the set owns after it was applied. */
  readonly onApplied: (keys: readonly ObjectKey[]) => void
}

/** One evaluation: ask the generators that are due, render, and bring the cluster to the result. Throws AppError. */
export async function evaluate(set: GitOpsSet, attempt: Attempt, deps: EvaluateDeps): Promise<Outcome> {
  const timeout = set.spec.timeout ?? DEFAULT_TIMEOUT
  const deadline = AbortSignal.timeout(Math.min(durationToMs(timeout), MAX_TIMEOUT_MS))
  const isLate = (): boolean => deadline.aborted && !attempt.signal.aborted
  try {
    const outcome = await evaluateUntil(AbortSignal.any([attempt.signal, deadline]), set, attempt, deps)
    if (outcome.kind !== 'failed') return outcome
    // What was cut off is worth naming first; what the inventory must hold is in the outcome.
    const errors = isLate() ? ([newLateError(timeout), ...outcome.errors] as const) : outcome.errors
    return { ...outcome, errors, lookAgainMs: nextLookMs(set.spec, undefined, 0, deps.random) }
  } catch (error) {
    throw isLate() ? newLateError(timeout, error) : error
  }
}

function newLateError(timeout: string, cause?: unknown): AppError {
  const message = `the evaluation took longer than spec.timeout (${timeout})`
  return new AppError('ReconciliationFailed', 'retry', message, { path: 'spec.timeout', cause })
}

async function evaluateUntil(
  signal: AbortSignal,
  set: GitOpsSet,
  attempt: Attempt,
  deps: EvaluateDeps,
): Promise<Outcome> {
  const client = deps.clients.clientFor(deps.identityOf(set))
  prepareMemory(set, attempt)
  // Before anything is read, so that no change goes by unseen.
  deps.onReferences(attempt, set)
  const standby = await findStandby(set, attempt, client, deps)
  if (standby !== undefined) return standby
  await requireDependencies(set, attempt.group, deps.clients.clientFor({ kind: 'controller' }), signal)
  const built = await runBuild(set, { attempt, client, signal }, deps)
  recordAnswers(deps.metrics, built.outcomes)
  keepAnswers(set, built, attempt)
  const hide = newHide(set, built.outcomes)
  if (built.error !== undefined) return hideInOutcome(failedBuild(set, built), hide)
  const outcome = await converge(
    toWanted(set, built, deps),
    newContext(set, attempt, { client, signal, deps }),
  )
  // What is held back must be asked for again, or the data could never come back.
  if (outcome.kind === 'failed' && outcome.hold !== undefined) attempt.memory.dropGenerations()
  if (outcome.kind === 'ready') deps.onApplied(inventoryKeys(outcome.inventory))
  return hideInOutcome(outcome, hide)
}

function prepareMemory(set: GitOpsSet, attempt: Attempt): void {
  const { memory, causes } = attempt
  const delimiters = findDelimitersAnnotation(set.metadata)?.value ?? ''
  memory.useRevision(`${set.metadata.generation ?? 0} ${delimiters}`)
  if (attempt.newRequest !== '') memory.dropGenerations()
  for (const cause of causes) if (cause.kind === 'reference') memory.dropGenerationsFrom(cause.reference)
}

/**
 * After a restart nothing is remembered of a set whose generators are not due. As long as its objects are there, it
 * waits for them, rather than asking a daily query again because a pod moved.
 */
async function findStandby(
  set: GitOpsSet,
  attempt: Attempt,
  client: ResourceClient,
  deps: EvaluateDeps,
): Promise<Outcome | undefined> {
  if (!isQuiet(attempt) || !isSettled(set)) return undefined
  const nowMs = deps.clock.nowMs()
  const untilMs = findStandbyUntilMs(set, nowMs)
  if (untilMs === undefined) return undefined
  const keys = inventoryKeys(set.status?.inventory)
  const named = [...keys, ...fieldKeys(set.status?.inventory)]
  const found = await Promise.all(named.map((key) => client.get(key, attempt.signal)))
  if (found.includes(undefined)) return undefined
  deps.onApplied(keys)
  return { kind: 'idle', nextMs: nextLookMs(set.spec, untilMs, nowMs, deps.random) }
}

/** Nothing but time has passed, and there is nothing to go by but the status. */
function isQuiet(attempt: Attempt): boolean {
  const isRoutine = attempt.causes.every((cause) => cause.kind === 'start' || cause.kind === 'timer')
  return isRoutine && attempt.newRequest === '' && !attempt.memory.hasGenerations()
}

function isSettled(set: GitOpsSet): boolean {
  const { status, metadata } = set
  return isConditionTrue(status?.conditions, 'Ready') && status?.observedGeneration === metadata.generation
}

function runBuild(
  set: GitOpsSet,
  run: { attempt: Attempt; client: ResourceClient; signal: AbortSignal },
  deps: EvaluateDeps,
): Promise<BuildResult> {
  const { attempt, client, signal } = run
  const nowMs = deps.clock.nowMs()
  attempt.memory.prepared ??= prepareSet(set)
  return deps.build(
    set,
    { ...deps.ports, reader: client, log: attempt.log },
    {
      signal,
      enabled: deps.enabledGenerators,
      maxResponseBytes: deps.maxResponseBytes,
      prepared: attempt.memory.prepared,
      reuse: (path) => attempt.memory.findGeneration(path, nowMs),
    },
  )
}

function failedBuild(set: GitOpsSet, built: Extract<BuildResult, { error: AppError }>): Outcome {
  const generators = toGeneratorStatuses(built.outcomes, set.status?.generators)
  return {
    kind: 'failed',
    errors: [built.error],
    changes: [],
    warnings: built.warnings,
    ...(generators.length === 0 ? {} : { generators }),
  }
}

/**
 * Only complete answers are kept: whatever is missing in one must be asked for again. So must answers that templates
 * could not make objects of: the next one may be better.
 */
function keepAnswers(set: GitOpsSet, built: BuildResult, attempt: Attempt): void {
  const isGenerated = built.outcomes.every((outcome) => outcome.error === undefined)
  if (built.error !== undefined && isGenerated) {
    attempt.memory.dropGenerations()
    return
  }
  for (const [index, outcome] of built.outcomes.entries()) {
    const { generation, nextEvaluationMs, path, evaluatedAtMs, reused } = outcome
    if (generation === undefined || !generation.complete || nextEvaluationMs === undefined || reused) continue
    const entry = set.spec.generators?.[index]
    const references = entry === undefined ? [] : findReferences([entry], set.metadata.namespace)
    attempt.memory.keepGeneration(path, {
      earlier: { generation, evaluatedAtMs },
      references,
      validUntilMs: nextEvaluationMs,
    })
  }
}

function toWanted(set: GitOpsSet, built: BuiltSet, deps: EvaluateDeps): Wanted {
  const nowMs = deps.clock.nowMs()
  const generators = toGeneratorStatuses(built.outcomes, set.status?.generators)
  const due = generators
    .map((generator) => Date.parse(generator.nextEvaluation ?? ''))
    .filter((atMs) => !Number.isNaN(atMs))
  const dueMs = due.length === 0 ? undefined : Math.min(...due)
  return {
    objects: built.objects.filter(({ apply }) => apply === 'Object').map(({ object }) => object),
    fields: built.objects.filter(({ apply }) => apply === 'Fields').map(({ object }) => object),
    complete: built.complete,
    kept: built.outcomes.flatMap((outcome) =>
      outcome.error === undefined && outcome.kept !== undefined ? [outcome.kept] : [],
    ),
    incomplete: built.keep,
    retryAfterMs: Math.max(0, ...built.outcomes.map(findRetryAfterMs)),
    warnings: built.warnings,
    generators,
    nextMs: nextLookMs(set.spec, dueMs, nowMs, deps.random),
  }
}

function findRetryAfterMs(outcome: EntryOutcome): number {
  return outcome.error === undefined ? (outcome.retryAfterMs ?? 0) : 0
}

function newContext(
  set: GitOpsSet,
  attempt: Attempt,
  run: { client: ResourceClient; signal: AbortSignal; deps: EvaluateDeps },
): ConvergeContext {
  const { group, raw, memory } = attempt
  const { client, signal, deps } = run
  return {
    set,
    client,
    records: memory.records,
    owner: { group: group.name, namespace: set.metadata.namespace, name: set.metadata.name },
    group,
    conflicts: set.spec.conflicts ?? 'Fail',
    fieldValidation: deps.fieldValidation,
    signal,
    confirmedHash: stringField(mapField(raw.metadata, 'annotations'), group.confirmPruneAnnotation),
    writeAhead: (inventory) => writeAhead(set, attempt, inventory, deps),
  }
}

/** The inventory goes to status before the first write, so that a crash in between loses nothing. */
async function writeAhead(
  set: GitOpsSet,
  attempt: Attempt,
  inventory: Inventory,
  deps: EvaluateDeps,
): Promise<void> {
  const generation = set.metadata.generation ?? 0
  const conditions = setCondition(
    set.status?.conditions,
    { type: 'Reconciling', status: 'True', reason: 'Progressing', message: 'applying what was rendered' },
    { generation, nowMs: deps.clock.nowMs() },
  )
  const status = { ...set.status, inventory, conditions }
  attempt.latest.raw = await deps.sets.writeStatus(attempt.key, attempt.latest.raw, status, attempt.signal)
}
