import type { GeneratorEntry, GitOpsSet, GitOpsSetSpec } from '../api/types.ts'
import { durationToMs } from '../lib/duration.ts'
import { jitterMs } from '../lib/backoff.ts'
import type { Random } from '../lib/backoff.ts'

const DEFAULT_DRIFT_INTERVAL = '1h'
const DRIFT_JITTER = 0.05

/** Delay until the set is looked at again: its next generator, or the drift interval if that comes first. */
export function nextLookMs(
  spec: GitOpsSetSpec,
  dueMs: number | undefined,
  nowMs: number,
  random: Random,
): number {
  const driftMs = jitterMs(durationToMs(spec.interval ?? DEFAULT_DRIFT_INTERVAL), DRIFT_JITTER, random)
  return dueMs === undefined ? driftMs : Math.max(0, Math.min(driftMs, dueMs - nowMs))
}

/**
 * When the first of a set's polled generators is due by its status, where nothing else can make its answers stale:
 * what a restarted controller goes by, so that a daily query is not asked again because a pod moved. Undefined: the
 * set must be evaluated.
 */
export function findStandbyUntilMs(set: GitOpsSet, nowMs: number): number | undefined {
  const entries = (set.spec.generators ?? []).flatMap((entry) => entry.matrix?.generators ?? [entry])
  if (!entries.some(isPolled) || !entries.every((entry) => isPolled(entry) || entry.list !== undefined)) {
    return undefined
  }
  const due = (set.status?.generators ?? [])
    .filter((generator) => generator.nextEvaluation !== undefined)
    .map((generator) => Date.parse(generator.nextEvaluation ?? ''))
  if (due.length === 0 || due.some((atMs) => Number.isNaN(atMs) || atMs <= nowMs)) return undefined
  return Math.min(...due)
}

function isPolled(entry: Omit<GeneratorEntry, 'matrix'>): boolean {
  return entry.apiClient !== undefined || entry.prometheus !== undefined || entry.pullRequests !== undefined
}
