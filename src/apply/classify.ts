import { ApiError } from '../ports.ts'
import type { ObjectIdentity } from '../ports.ts'
import { AppError } from '../errors.ts'
import { formatKey } from './change-set.ts'

const MAX_MESSAGE_CHARS = 1_000
/** A kind that is not served yet, or access that may be granted any time: looked at again at this pace. */
const WAIT_MS = 30_000

/**
 * Under server-side apply kube-apiserver answers 500 for manifests that its schema refuses; another attempt cannot
 * help. Texts as measured on 1.36.
 */
const SCHEMA_REFUSALS = ['failed to create typed patch object', 'failed to convert new object']

/** What a refused request means for the set. The object is named; the contents of Secrets never are. */
export function classifyApiError(error: unknown, key: ObjectIdentity): AppError {
  if (error instanceof AppError) return error
  if (!(error instanceof ApiError)) {
    return new AppError('ApplyFailed', 'retry', `${formatKey(key)}: ${nameOf(error)}`, { cause: error })
  }
  const text = `${formatKey(key)}: ${describe(error, key)}`
  const retryAfter = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }
  if (error.status === 403) return refusedAccess(error, text)
  if (isSchemaRefusal(error)) return new AppError('ApplyFailed', 'stall', text, { cause: error })
  if (error.status === 404) {
    return new AppError('ApplyFailed', 'wait', text, { cause: error, retryAfterMs: WAIT_MS })
  }
  return new AppError('ApplyFailed', 'retry', text, { cause: error, ...retryAfter })
}

function refusedAccess(error: ApiError, text: string): AppError {
  // A namespace that is being deleted answers 403 too; it will be gone soon.
  const isTerminating = error.causes.some((cause) => cause.reason === 'NamespaceTerminating')
  if (isTerminating) return new AppError('ApplyFailed', 'retry', text, { cause: error })
  return new AppError('AccessDenied', 'retry', text, { cause: error })
}

function isSchemaRefusal(error: ApiError): boolean {
  if (error.status === 400 || error.status === 422) return true
  return error.status === 500 && SCHEMA_REFUSALS.some((text) => error.message.includes(text))
}

/** Whether the server refused a change of a field that cannot be changed on an existing object. */
export function isImmutableRefusal(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.status !== 422) return false
  const messages = [error.message, ...error.causes.map((cause) => cause.message ?? '')]
  return messages.some((message) =>
    /immutable|may not be (changed|updated)|updates to .* are forbidden|forbidden: updates/i.test(message),
  )
}

function describe(error: ApiError, key: ObjectIdentity): string {
  if (key.kind === 'Secret' && key.group === '') {
    const fields = error.causes.map((cause) => cause.field).filter((field) => field !== undefined)
    return [`the API server answered ${error.status} ${error.reason}`.trimEnd(), ...fields].join(', ')
  }
  const message = error.message === '' ? `the API server answered ${error.status}` : error.message
  return message.length > MAX_MESSAGE_CHARS ? `${message.slice(0, MAX_MESSAGE_CHARS)}…` : message
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error'
}
