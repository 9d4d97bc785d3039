import { AppError } from '../../errors.ts'
import { parseRetryAfter } from '../../lib/retry-after.ts'
import type { HttpResponse } from '../../ports.ts'
import type { AnswerSource } from '../answer.ts'

/** GitHub answers 403 or 429 with nothing remaining, GitLab and Bitbucket 429. Throws AppError with the time to wait. */
export function checkRateLimit(response: HttpResponse, source: AnswerSource): void {
  const { status, headers } = response
  const remaining = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining']
  const isLimited =
    status === 429 || (status === 403 && (remaining === '0' || headers['retry-after'] !== undefined))
  if (!isLimited) return
  const retryAfterMs =
    parseRetryAfter(headers['retry-after'], source.nowMs) ?? untilReset(response, source.nowMs)
  throw new AppError('GeneratorFailed', 'retry', `the rate limit of ${source.host} is used up`, {
    path: source.path,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

/** The header has the second since 1970 at which the limit starts anew. */
function untilReset({ headers }: HttpResponse, nowMs: number): number | undefined {
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? ''
  return /^\d{1,11}$/.test(reset) ? Math.max(0, Number(reset) * 1000 - nowMs) : undefined
}
