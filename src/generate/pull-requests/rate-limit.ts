import { AppError } from '../../errors.ts'
import type { HttpResponse } from '../../ports.ts'
import type { AnswerSource } from '../answer.ts'
import { findServerWaitMs } from '../retry-time.ts'

/** GitHub answers 403 or 429 with nothing remaining, GitLab and Bitbucket 429. Throws AppError with the time to wait. */
export function checkRateLimit(response: HttpResponse, source: AnswerSource): void {
  const { status, headers } = response
  const remaining = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining']
  const isLimited =
    status === 429 || (status === 403 && (remaining === '0' || headers['retry-after'] !== undefined))
  if (!isLimited) return
  const retryAfterMs = findServerWaitMs(response, source.nowMs, findResetS(response))
  throw new AppError('GeneratorFailed', 'retry', `the rate limit of ${source.host} is used up`, {
    path: source.path,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

/** The second since 1970 at which the limit starts anew. */
function findResetS({ headers }: HttpResponse): number | undefined {
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? ''
  return /^\d{1,11}$/.test(reset) ? Number(reset) : undefined
}
