import { jitterMs, type Random } from './backoff.ts'
import { parseCron } from './cron.ts'
import { durationToMs } from './duration.ts'
import { SCHEDULE_LIMITS } from './limits.ts'

export { ScheduleError, parseCron } from './cron.ts'

/** When something is due: every `interval` (Go duration), or by a five-field cron `schedule` in `timeZone` (default UTC). */
export interface Timing {
  readonly interval?: string
  readonly schedule?: string
  readonly timeZone?: string
}

/**
 * The next due time in milliseconds since 1970; undefined for a timing without interval and schedule, and for a
 * schedule without any slot left. Never evaluated (`lastMs` undefined): due now. Missed slots count as one: the time
 * is then `nowMs`. Intervals are moved by up to ±5 %, slots of a schedule are not.
 * Throws DurationError or ScheduleError.
 */
export function findNextDueMs(
  timing: Timing,
  lastMs: number | undefined,
  nowMs: number,
  random: Random = Math.random,
): number | undefined {
  if (timing.schedule === undefined && timing.interval === undefined) return undefined
  if (lastMs === undefined) return nowMs
  // A last evaluation in the future (the clock was set back) must not put the next one off.
  const fromMs = Math.min(lastMs, nowMs)
  const dueMs =
    timing.schedule === undefined
      ? fromMs + jitterMs(durationToMs(timing.interval ?? ''), SCHEDULE_LIMITS.jitterRatio, random)
      : parseCron(timing.schedule, timing.timeZone).nextAfterMs(fromMs)
  return dueMs === undefined ? undefined : Math.max(dueMs, nowMs)
}
