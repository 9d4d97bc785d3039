import { AppError } from '../errors.ts'
import { ApiError } from '../ports.ts'
import type { ObjectReader } from '../ports.ts'

/** `reason` of the ApiError where the server does not serve a kind. */
const KIND_NOT_SERVED = 'KindNotServed'
/** How often to look whether somebody has installed a kind that is missing. */
const MISSING_KIND_RETRY_MS = 60_000

/** A client as generators see it: only reads, and errors with a reason and a disposition. */
export function toObjectReader(client: ObjectReader): ObjectReader {
  return {
    async get(key, signal) {
      try {
        return await client.get(key, signal)
      } catch (error) {
        throw toReadError(error)
      }
    },
    async list(kind, options) {
      try {
        return await client.list(kind, options)
      } catch (error) {
        throw toReadError(error)
      }
    },
  }
}

/** Errors that are not of the API server (an aborted signal's reason) stay as they are. */
function toReadError(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error
  const details = {
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  }
  if (error.status === 403) return new AppError('AccessDenied', 'retry', error.message, details)
  if (error.reason === KIND_NOT_SERVED) {
    return new AppError('GeneratorFailed', 'wait', error.message, {
      cause: error,
      retryAfterMs: MISSING_KIND_RETRY_MS,
    })
  }
  return new AppError('GeneratorFailed', 'retry', error.message, details)
}
