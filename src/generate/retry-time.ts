import type { HttpResponse } from '../ports.ts'
import { parseRetryAfter } from '../lib/retry-after.ts'

const MINUTE_MS = 60_000
/** Rate limits start anew within the hour; a server that says more is wrong, or wants to be left alone for good. */
const MAX_SERVER_WAIT_MS = 60 * MINUTE_MS
const SHARE_OF_INTERVAL = 0.1
const MIN_THIN_DATA_MS = MINUTE_MS
const MAX_THIN_DATA_MS = 15 * MINUTE_MS

/** How long a server asks to be left alone: at most an hour. `resetS`: the second since 1970 of a rate limit's end. */
export function findServerWaitMs(
  { headers }: HttpResponse,
  nowMs: number,
  resetS?: number,
): number | undefined {
  const askedMs =
    parseRetryAfter(headers['retry-after'], nowMs) ??
    (resetS === undefined ? undefined : resetS * 1000 - nowMs)
  return askedMs === undefined ? undefined : Math.min(Math.max(0, askedMs), MAX_SERVER_WAIT_MS)
}

/**
 * How long to wait before a source is asked again whose answer was insufficient or incomplete: a tenth of the time to its
 * next evaluation, at least a minute and at most 15. Data grows no faster, and finding out how thin it is costs up to
 * eight queries over the whole window. Undefined for what is not polled: only events change that.
 */
export function thinDataRetryMs(nextEvaluationMs: number | undefined, nowMs: number): number | undefined {
  if (nextEvaluationMs === undefined) return undefined
  const shareMs = Math.round((nextEvaluationMs - nowMs) * SHARE_OF_INTERVAL)
  return Math.min(Math.max(shareMs, MIN_THIN_DATA_MS), MAX_THIN_DATA_MS)
}
