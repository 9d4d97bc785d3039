import type { BackoffLimits } from '../lib/limits.ts'

/** How often and how far apart one request is tried. The request's own deadline ends it earlier. */
export interface RetryRules extends BackoffLimits {
  readonly maxAttempts: number
}

export const DEFAULT_RETRY: RetryRules = { maxAttempts: 4, baseMs: 200, maxMs: 5_000 }

export function isRetryStatus(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501)
}
