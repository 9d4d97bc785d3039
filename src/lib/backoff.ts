import { BACKOFF_LIMITS, type BackoffLimits } from './limits.ts'

/** A number in [0, 1), as `Math.random` gives. Injected, so that tests and replays decide. */
export type Random = () => number

/**
 * Delay before retry number `attempt` (from 0): anywhere between the base and the doubled-per-attempt ceiling
 * ("full jitter"), so that many sets that failed together do not come back together.
 */
export function backoffMs(attempt: number, random: Random, limits: BackoffLimits = BACKOFF_LIMITS): number {
  const exponent = Math.min(Math.max(0, attempt), 52)
  const ceilingMs = Math.min(limits.maxMs, limits.baseMs * 2 ** (exponent + 1))
  return Math.round(limits.baseMs + random() * (ceilingMs - limits.baseMs))
}

/** `valueMs` moved up or down by at most `ratio` of itself. */
export function jitterMs(valueMs: number, ratio: number, random: Random): number {
  return Math.round(valueMs * (1 + ratio * (2 * random() - 1)))
}
