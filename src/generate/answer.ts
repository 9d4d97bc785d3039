import { parseJson } from '../lib/json.ts'
import type { JsonValue } from '../lib/json.ts'
import { AppError, type Disposition } from '../errors.ts'
import type { HttpResponse } from '../ports.ts'
import { findServerWaitMs } from './retry-time.ts'

/** Where an answer came from, for messages: field path, and host with port. */
export interface AnswerSource {
  readonly path: string
  readonly host: string
  readonly nowMs: number
}

/** Throws AppError unless the status is a success: `stall` where only another request could be answered otherwise. */
export function checkStatus(response: HttpResponse, source: AnswerSource): void {
  const { status } = response
  if (status >= 200 && status < 300) return
  const retryAfterMs = findServerWaitMs(response, source.nowMs)
  throw new AppError(
    'GeneratorFailed',
    statusDisposition(status),
    `got ${String(status)} response from ${source.host} (${bytesOf(response)} bytes)${hintOf(status)}`,
    { path: source.path, ...(retryAfterMs !== undefined && { retryAfterMs }) },
  )
}

/** Throws AppError where the body is not JSON. Its text is not repeated: it may hold anything. */
export function parseAnswer(response: HttpResponse, source: AnswerSource): JsonValue {
  try {
    return parseJson(response.body)
  } catch {
    const looksLikeHtml = response.body.trimStart().startsWith('<')
    const what = looksLikeHtml
      ? 'it looks like HTML: is the address right, or a login page in between?'
      : `${bytesOf(response)} bytes`
    throw new AppError(
      'GeneratorFailed',
      'retry',
      `failed to unmarshal JSON response from ${source.host}: ${what}`,
      { path: source.path },
    )
  }
}

/** `stall`: only another request could be answered otherwise. */
export function statusDisposition(status: number): Disposition {
  const isPassing = status >= 500 || status === 408 || status === 425 || status === 429
  return isPassing ? 'retry' : 'stall'
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return '; are the headers of headersRef right?'
  if (status === 404) return '; is the path right?'
  if (status >= 300 && status < 400) return '; the redirect was not followed'
  return ''
}

function bytesOf(response: HttpResponse): string {
  return String(Buffer.byteLength(response.body))
}
