import type { Random } from '../lib/backoff.ts'
import { ApiError } from '../ports.ts'
import { isNoAnswer } from './api-error.ts'
import { BodyTooLargeError } from './body.ts'
import type { KubeAnswer, KubeCall, Requester, RequesterOptions } from './call.ts'
import { sleep, withDeadline } from './deadline.ts'
import { RETRY_LIMITS, mayRetry, retryDelayMs } from './retry.ts'
import type { TryResult } from './retry.ts'
import { exchange, openStream } from './send.ts'

const GET_TIMEOUT_MS = 10_000
const WRITE_TIMEOUT_MS = 30_000

/** Puts admission, deadline and repetition around {@link exchange}. */
export function createRequester(options: RequesterOptions): Requester {
  return {
    call: (call) => callWithRetries(options, call),
    stream: (call) => openStream(options, call, call.signal),
  }
}

/** Repeats a call while that is safe and the server asks for it, or the connection broke. */
async function callWithRetries(options: RequesterOptions, call: KubeCall): Promise<KubeAnswer> {
  const startMs = options.clock.monotonicMs()
  let unknown: ApiError | undefined
  for (let tries = 1; ; tries++) {
    try {
      return await tryOnce(options, call)
    } catch (error) {
      call.signal?.throwIfAborted()
      if (!(error instanceof ApiError)) throw error
      if (error.reason === 'OutcomeUnknown') unknown = error
      const delayMs = findRetryDelayMs(call, error, { tries, random: options.random })
      const elapsedMs = options.clock.monotonicMs() - startMs
      if (delayMs === undefined || elapsedMs + delayMs > RETRY_LIMITS.maxTotalMs)
        throw finalError(error, unknown)
      await sleep(options.clock, delayMs, call.signal)
    }
  }
}

/** That the last try was not even sent says nothing about what an earlier one did. */
function finalError(last: ApiError, unknown: ApiError | undefined): ApiError {
  return isNoAnswer(last) ? (unknown ?? last) : last
}

function findRetryDelayMs(
  call: KubeCall,
  error: ApiError,
  attempt: { tries: number; random: Random },
): number | undefined {
  if (call.retry === false || error.cause instanceof BodyTooLargeError) return undefined
  const result: TryResult = isNoAnswer(error)
    ? { kind: 'broken', sent: error.reason !== 'ConnectionFailed' }
    : { kind: 'answer', status: error.status, retryAfterMs: error.retryAfterMs }
  const repeatable = call.repeatable ?? call.method === 'GET'
  if (!mayRetry(result, attempt.tries, repeatable)) return undefined
  return retryDelayMs(result, attempt.tries, attempt.random)
}

async function tryOnce(options: RequesterOptions, call: KubeCall): Promise<KubeAnswer> {
  const leave = await options.admission.enter(call.signal)
  const startMs = options.clock.monotonicMs()
  try {
    const timeoutMs = call.timeoutMs ?? (call.method === 'GET' ? GET_TIMEOUT_MS : WRITE_TIMEOUT_MS)
    return await withDeadline(options.clock, { timeoutMs, signal: call.signal }, (signal) =>
      exchange(options, call, signal),
    )
  } finally {
    leave()
    const seconds = (options.clock.monotonicMs() - startMs) / 1000
    options.metrics.observe('gitopsset_api_request_duration_seconds', { verb: call.method }, seconds)
  }
}
