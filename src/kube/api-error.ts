import { ApiError } from '../ports.ts'
import { findPath, isJsonObject } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import { describeTarget, isConfidential } from './paths.ts'
import type { Target } from './paths.ts'

/** `reason` of an ApiError with status 0: the server gave no answer. */
export type NoAnswerReason =
  /** Nothing was sent. */
  | 'ConnectionFailed'
  /** A read got no complete answer in time, or the connection broke. */
  | 'NoAnswer'
  /** A write may or may not have happened: read the object again before deciding anything. */
  | 'OutcomeUnknown'

/**
 * `reason` of a 404 that is not about an object: the server does not serve the path, so the kind or its version is gone. Such an
 * answer never means that an object is absent.
 */
export const PATH_NOT_FOUND = 'PathNotFound'

/** What callers need to know of a message about a Secret, to tell what must be mended from what may be tried again. */
const HARMLESS_PHRASES = [
  'failed to create typed patch object',
  'failed to convert new object',
  'field is immutable',
]

const MAX_MESSAGE_LENGTH = 1024
const MAX_CAUSES = 50

/** An answer that is not a success, as far as an error needs it. */
export interface FailedAnswer {
  readonly status: number
  /** The decoded body where it is JSON. */
  readonly body: JsonValue | undefined
  readonly contentType: string
  readonly retryAfterMs: number | undefined
}

/** Names what was tried, for messages. */
export interface Attempt {
  readonly method: string
  readonly target: Target
}

/** An error of what the server answered. Text about Secrets is withheld: a rejected Secret is quoted by the server. */
export function toApiError(attempt: Attempt, answer: FailedAnswer): ApiError {
  const status = isJsonObject(answer.body) && answer.body['kind'] === 'Status' ? answer.body : undefined
  const confidential = isConfidential(attempt.target)
  const reason = isUnservedPath(answer, status) ? PATH_NOT_FOUND : textOf(status?.['reason'])
  return new ApiError(`${describeAttempt(attempt)}: ${describeAnswer(answer, status, confidential)}`, {
    status: answer.status,
    reason,
    causes: readCauses(status, confidential),
    ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
  })
}

/** An error of a request that got no answer. `detail` must come from the transport, never from a body. */
export function toNoAnswerError(
  attempt: Attempt,
  reason: NoAnswerReason,
  detail: string,
  cause: unknown,
): ApiError {
  return new ApiError(`${describeAttempt(attempt)}: ${detail}`, { status: 0, reason, cause })
}

/** Whether the server gave no answer at all: `reason` is a {@link NoAnswerReason}. */
export function isNoAnswer(error: unknown): boolean {
  return error instanceof ApiError && error.status === 0
}

function isUnservedPath(answer: FailedAnswer, status: JsonObject | undefined): boolean {
  return answer.status === 404 && (status === undefined || textOf(findPath(status, 'details', 'name')) === '')
}

function describeAttempt(attempt: Attempt): string {
  return `${attempt.method} ${describeTarget(attempt.target)}`
}

function describeAnswer(answer: FailedAnswer, status: JsonObject | undefined, confidential: boolean): string {
  const reason = textOf(status?.['reason'])
  const head = reason === '' ? `HTTP ${answer.status}` : `HTTP ${answer.status} ${reason}`
  if (answer.status >= 300 && answer.status < 400) return `${head}: redirects are not followed`
  if (status === undefined)
    return `${head}, not a Kubernetes status (${answer.contentType || 'no content type'})`
  const message = textOf(status['message'])
  if (!confidential) return `${head}: ${cleanText(message)}`
  const harmless = HARMLESS_PHRASES.filter((phrase) => message.includes(phrase))
  return [head, ...harmless, "the rest of the server's message is withheld, as it may quote the Secret"].join(
    ': ',
  )
}

function readCauses(status: JsonObject | undefined, confidential: boolean): ApiError['causes'] {
  const causes = status === undefined ? undefined : findPath(status, 'details', 'causes')
  if (!Array.isArray(causes)) return []
  return causes
    .filter(isJsonObject)
    .slice(0, MAX_CAUSES)
    .map((cause) => ({
      reason: textOf(cause['reason']),
      field: textOf(cause['field']),
      message: confidential ? '' : cleanText(textOf(cause['message'])),
    }))
}

/** On one line, without control characters, at most 1 KiB of characters. */
export function cleanText(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return line.length <= MAX_MESSAGE_LENGTH ? line : `${line.slice(0, MAX_MESSAGE_LENGTH - 1)}…`
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
