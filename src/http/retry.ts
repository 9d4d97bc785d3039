/** How often and how far apart one request is tried. The request's own deadline ends it earlier. */
export interface RetryRules {
  readonly maxAttempts: number
  readonly firstDelayMs: number
  readonly maxDelayMs: number
}

export const DEFAULT_RETRY: RetryRules = { maxAttempts: 4, firstDelayMs: 300, maxDelayMs: 5_000 }

export function isRetryStatus(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501)
}

/** Full jitter: anywhere between half and the whole of a delay that doubles. */
export function backoffMs(rules: RetryRules, attempt: number, random: () => number): number {
  const whole = Math.min(rules.maxDelayMs, rules.firstDelayMs * 2 ** (attempt - 1))
  return Math.round(whole * (0.5 + random() / 2))
}
