import { isJsonObject, parseJson, stringField } from '../../lib/json.ts'
import type { JsonObject, JsonValue } from '../../lib/json.ts'
import { AppError, type Disposition } from '../../errors.ts'
import type { HttpResponse } from '../../ports.ts'
import { checkStatus, statusDisposition, type AnswerSource } from '../answer.ts'
import { findServerWaitMs } from '../retry-time.ts'

/** What the API's error types mean, in our words: its own texts can repeat anything. */
const ERROR_TYPES = new Map<string, { disposition: Disposition; text: string }>([
  ['bad_data', { disposition: 'stall', text: 'the query is not valid' }],
  [
    'execution',
    { disposition: 'stall', text: 'the query cannot be executed; does it load too many samples?' },
  ],
  ['timeout', { disposition: 'retry', text: 'the query took too long' }],
  ['canceled', { disposition: 'retry', text: 'the query was cancelled' }],
  ['internal', { disposition: 'retry', text: 'the storage failed' }],
  ['unavailable', { disposition: 'retry', text: 'the server is not ready' }],
  ['too_many_requests', { disposition: 'retry', text: 'the server limits how much it is asked' }],
  ['not_found', { disposition: 'stall', text: 'the server has no such API' }],
  ['not_acceptable', { disposition: 'stall', text: 'the server cannot answer in JSON' }],
])

/** The JSON object of a successful answer. Throws AppError, also for an error under status 200. */
export function readSuccess(response: HttpResponse, source: AnswerSource): JsonObject {
  const body = isJson(response) ? tryParse(response.body) : undefined
  const isObject = isJsonObject(body)
  if (isObject && stringField(body, 'status') === 'error') throw apiError(body, response, source)
  checkStatus(response, source)
  if (isObject && stringField(body, 'status') === 'success') return body
  throw new AppError(
    'GeneratorFailed',
    'retry',
    `the answer of ${source.host} is not that of a Prometheus API${hint(response)}`,
    {
      path: source.path,
    },
  )
}

function apiError(body: JsonObject, response: HttpResponse, source: AnswerSource): AppError {
  const type = stringField(body, 'errorType')
  const known = ERROR_TYPES.get(type)
  const text = known === undefined ? 'the query failed' : `${known.text} (${type})`
  const retryAfterMs = findServerWaitMs(response, source.nowMs)
  return new AppError(
    'GeneratorFailed',
    dispositionOf(response.status, known?.disposition),
    `got ${String(response.status)} response from ${source.host}: ${text}${placeOf(stringField(body, 'error'))}`,
    { path: source.path, ...(retryAfterMs !== undefined && { retryAfterMs }) },
  )
}

/** Other servers have types of their own, for which the status speaks. */
function dispositionOf(status: number, byType: Disposition | undefined): Disposition {
  if (status >= 500 || status === 429) return 'retry'
  return byType ?? (status < 400 ? 'retry' : statusDisposition(status))
}

/** Where the query does not parse: the only part of the server's text that cannot hold anything else. */
function placeOf(text: string): string {
  const match = /\b(\d{1,5}):(\d{1,5}): parse error/.exec(text)
  return match === null ? '' : `; it does not parse at line ${match[1] ?? ''}, column ${match[2] ?? ''}`
}

function isJson(response: HttpResponse): boolean {
  const type = response.headers['content-type']
  return type === undefined || /\bjson\b/i.test(type)
}

function tryParse(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function hint(response: HttpResponse): string {
  const isHtml = response.body.trimStart().startsWith('<')
  return isHtml
    ? '; it looks like HTML: is a path prefix missing, or a login page in between?'
    : '; is the path prefix right?'
}
