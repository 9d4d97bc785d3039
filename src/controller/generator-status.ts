import { cutMessage, toKubeTime } from '../api/conditions.ts'
import type { GeneratorStatus } from '../api/types.ts'
import type { EntryOutcome } from '../pipeline.ts'
import { STATUS_LIMITS } from '../lib/limits.ts'

/**
 * `status.generators`: what each entry last answered, and when it is asked again. Times are kept for polled entries
 * only, so that looking again at anything else changes no status. A failure keeps what was known before it.
 */
export function toGeneratorStatuses(
  outcomes: readonly EntryOutcome[],
  previous: readonly GeneratorStatus[] | undefined,
): GeneratorStatus[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.kind === undefined) return []
    const before = previous?.find((status) => status.path === outcome.path)
    return [{ path: outcome.path, kind: outcome.kind, ...describe(outcome, before) }]
  })
}

function describe(
  outcome: EntryOutcome,
  before: GeneratorStatus | undefined,
): Omit<GeneratorStatus, 'path' | 'kind'> {
  if (outcome.error !== undefined) {
    const { path: _path, kind: _kind, error: _error, nextEvaluation: _next, ...known } = before ?? EMPTY
    return { ...known, error: cutMessage(outcome.error.message) }
  }
  const { generation, nextEvaluationMs, evaluatedAtMs } = outcome
  const warnings = generation.warnings.slice(0, STATUS_LIMITS.maxWarnings).map((text) => cutMessage(text))
  return {
    ...(nextEvaluationMs === undefined
      ? {}
      : {
          lastEvaluation: toKubeTime(evaluatedAtMs),
          nextEvaluation: outcome.reused ? keepNext(before, nextEvaluationMs) : toKubeTime(nextEvaluationMs),
        }),
    elements: generation.elements.length,
    ...(warnings.length === 0 ? {} : { warnings }),
  }
}

/** An answer that was reused has not moved the next question. */
function keepNext(before: GeneratorStatus | undefined, nextEvaluationMs: number): string {
  return before?.nextEvaluation ?? toKubeTime(nextEvaluationMs)
}

const EMPTY: GeneratorStatus = { path: '', kind: 'list' }
