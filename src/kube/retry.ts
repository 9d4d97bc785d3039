import type { Random } from '../lib/backoff.ts'
import { backoffMs } from '../lib/backoff.ts'
import { parseRetryAfter } from '../lib/retry-after.ts'

/** Limits of one call with all its repetitions. */
export const RETRY_LIMITS = {
  maxTries: 10,
  /** Repetitions after a broken connection, where repeating is safe. */
  maxConnectionTries: 3,
  /** A longer Retry-After is cut to this. */
  maxRetryAfterMs: 30_000,
  /** No repetition starts later than this after the first try. */
  maxTotalMs: 120_000,
  backoff: { baseMs: 200, maxMs: 10_000 },
} as const

/** A Retry-After header in milliseconds, cut to the cap so that nobody can park a worker. Undefined where there is none. */
export function findRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const askedMs = parseRetryAfter(header, nowMs)
  return askedMs === undefined ? undefined : Math.min(askedMs, RETRY_LIMITS.maxRetryAfterMs)
}

/** What happened to a try, as far as it decides about another one. */
export type TryResult =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfterMs: number | undefined }
  /** No answer; `sent` false: the server cannot have seen it. */
  | { readonly kind: 'broken'; readonly sent: boolean }

/**
 * Whether the server may be asked again without any risk of doing something twice. 429 says that nothing was done; another
 * answer with Retry-After asks for it; the rest only for calls whose repetition changes nothing.
 */
export function mayRetry(result: TryResult, tries: number, repeatable: boolean): boolean {
  if (result.kind === 'broken') {
    return tries < RETRY_LIMITS.maxConnectionTries && (repeatable || !result.sent)
  }
  if (tries >= RETRY_LIMITS.maxTries) return false
  if (result.status === 429) return true
  if (result.status < 500) return false
  return repeatable && (result.status === 503 || result.retryAfterMs !== undefined)
}

/** Never less than the server asked for; jitter spreads callers that were refused together. */
export function retryDelayMs(result: TryResult, tries: number, random: Random): number {
  const ownMs = backoffMs(tries - 1, random, RETRY_LIMITS.backoff)
  if (result.kind === 'broken' || result.retryAfterMs === undefined) return ownMs
  return result.retryAfterMs + Math.round(random() * Math.min(1_000, ownMs))
}
