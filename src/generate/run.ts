import type { GeneratorKind, GitOpsSet, OnEmpty } from '../api/types.ts'
import { AppError } from '../errors.ts'
import { mapBounded } from './bounded.ts'
import { requireEnabled, type BoundEntry } from './entry.ts'
import { atPath, generatorError } from './errors.ts'
import type { GenerateContext, Generation } from './generator.ts'
import { bindEntry } from './registry.ts'
import { rememberArtifacts } from './remembered-artifacts.ts'
import { thinDataRetryMs } from './retry-time.ts'

/** What an evaluation gives to all its generators. */
export type EvaluationContext = Omit<GenerateContext, 'namespace' | 'name' | 'path' | 'enabled'>

/** An answer of an earlier evaluation, for an entry that is not due. */
export interface EarlierGeneration {
  readonly generation: Generation
  readonly evaluatedAtMs: number
}

export interface GenerateOptions {
  /** Generator names, see GENERATOR_NAMES. */
  readonly enabled: ReadonlySet<string>
  /** The answer to use instead of asking, by field path. */
  readonly reuse?: (path: string) => EarlierGeneration | undefined
}

interface OutcomeFacts {
  /** For example `spec.generators[0].apiClient`. */
  readonly path: string
  /** Undefined for an entry that is not a generator. */
  readonly kind: GeneratorKind | undefined
  readonly onEmpty: OnEmpty
  /** When the source was asked; for a reused answer, the time it was asked then. */
  readonly evaluatedAtMs: number
  readonly reused: boolean
  /** Time that the source took to answer or to fail; 0 for a reused answer. */
  readonly tookMs: number
  /** Undefined: only events wake this entry. */
  readonly nextEvaluationMs: number | undefined
}

export interface GeneratedOutcome extends OutcomeFacts {
  readonly generation: Generation
  /** Why existing objects stay as they are although the source answered: no or insufficient data (reason InsufficientData). */
  readonly kept?: string
  /** Where the answer is not complete: not to be asked again before. */
  readonly retryAfterMs?: number
  readonly error?: undefined
}

export interface FailedOutcome extends OutcomeFacts {
  readonly error: AppError
  readonly generation?: undefined
}

/** What became of one entry of `spec.generators`. */
export type EntryOutcome = GeneratedOutcome | FailedOutcome

const CONCURRENT_ENTRIES = 4

/** The evaluation time: whole seconds, so that sets that are due together send the same queries. */
export function alignInstant(nowMs: number): number {
  return Math.floor(nowMs / 1000) * 1000
}

/** Evaluates every generator of a set. Never rejects: each entry has its own outcome, in the order of the spec. */
export function generateAll(
  set: GitOpsSet,
  context: EvaluationContext,
  options: GenerateOptions,
): Promise<EntryOutcome[]> {
  const { namespace, name } = set.metadata
  const artifacts = rememberArtifacts(context.artifacts)
  return mapBounded(set.spec.generators ?? [], CONCURRENT_ENTRIES, async (entry, index) => {
    const path = `spec.generators[${String(index)}]`
    const startMs = context.clock.monotonicMs()
    try {
      const bound = bindEntry(entry, path)
      const { enabled } = options
      const entryContext = { ...context, artifacts, namespace, name, path: bound.path, enabled }
      const outcome = await evaluate(bound, entryContext, options)
      return { ...outcome, tookMs: outcome.reused ? 0 : context.clock.monotonicMs() - startMs }
    } catch (error) {
      return failedEntry(path, context.evaluatedAtMs, atPath(error, path))
    }
  })
}

async function evaluate(
  bound: BoundEntry,
  context: GenerateContext,
  options: GenerateOptions,
): Promise<EntryOutcome> {
  const earlier = options.reuse?.(bound.path)
  const onEmpty = bound.spec.onEmpty ?? bound.generator.onEmptyDefault
  const evaluatedAtMs = earlier?.evaluatedAtMs ?? context.evaluatedAtMs
  const facts = {
    path: bound.path,
    kind: bound.kind,
    onEmpty,
    evaluatedAtMs,
    reused: earlier !== undefined,
    tookMs: 0,
    nextEvaluationMs: bound.generator.nextEvaluation(bound.spec, evaluatedAtMs, context.clock.nowMs()),
  }
  const retryAfterMs = thinDataRetryMs(facts.nextEvaluationMs, context.clock.nowMs())
  try {
    requireEnabled(bound, options.enabled)
    const generation = earlier?.generation ?? (await bound.generator.generate(bound.spec, context))
    checkLimit(generation, context)
    const outcome = { ...facts, ...applyOnEmpty(generation, onEmpty, bound.path) }
    return outcome.generation.complete || retryAfterMs === undefined ? outcome : { ...outcome, retryAfterMs }
  } catch (error) {
    return { ...facts, error: withRetry(atPath(error, bound.path), retryAfterMs) }
  }
}

/** Insufficient data is no fault of a moment, for which the first attempts come soon. */
function withRetry(error: AppError, retryAfterMs: number | undefined): AppError {
  const { reason, disposition, message, path } = error
  if (reason !== 'InsufficientData' || retryAfterMs === undefined) return error
  return new AppError(reason, disposition, message, { retryAfterMs, ...(path !== undefined && { path }) })
}

function failedEntry(path: string, evaluatedAtMs: number, error: AppError): FailedOutcome {
  return {
    path,
    kind: undefined,
    onEmpty: 'Keep',
    evaluatedAtMs,
    reused: false,
    tookMs: 0,
    nextEvaluationMs: undefined,
    error,
  }
}

function checkLimit(generation: Generation, context: GenerateContext): void {
  const { maxElements } = context.limits
  if (generation.elements.length <= maxElements) return
  throw generatorError(
    context.path,
    'retry',
    `${String(generation.elements.length)} elements, more than the limit of ${String(maxElements)}`,
  )
}

/** An answer without elements is complete only where that means that nothing should exist. */
function applyOnEmpty(
  generation: Generation,
  onEmpty: OnEmpty,
  path: string,
): Pick<GeneratedOutcome, 'generation' | 'kept'> {
  if (generation.kept !== undefined) return { generation, kept: generation.kept }
  if (!generation.complete || generation.elements.length > 0 || onEmpty === 'Prune') return { generation }
  if (onEmpty === 'Fail')
    throw generatorError(path, 'retry', 'no elements, and onEmpty is Fail', 'InsufficientData')
  const kept = `${path}: no elements; existing objects are kept (onEmpty: Keep)`
  return { generation: { ...generation, complete: false, warnings: [...generation.warnings, kept] }, kept }
}
