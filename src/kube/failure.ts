import { AppError } from '../errors.ts'
import { BodyTooLargeError } from './body.ts'
import { DeadlineExceeded } from './deadline.ts'

/** A success whose body cannot be understood. */
export class MalformedAnswerError extends Error {
  constructor(status: number) {
    super(`HTTP ${status} with a body that is not JSON`)
    this.name = 'MalformedAnswerError'
  }
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Whether there was no connection, or one whose certificate was refused, before any byte of the request. */
export function isNeverSent(error: unknown): boolean {
  const code = codeOf(error)
  return NEVER_SENT.has(code) || /^(CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code)
}

/** From an allow-list: a transport's own message may hold a URL with a password, a parser's a piece of the body. */
export function describeFailure(error: unknown): string {
  const own = [DeadlineExceeded, BodyTooLargeError, MalformedAnswerError, AppError]
  if (error instanceof Error && own.some((type) => error instanceof type)) return error.message
  return `no answer from the API server (${codeOf(error) || (error instanceof Error ? error.name : typeof error)})`
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
