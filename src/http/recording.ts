import { isJsonObject, parseJson, stringifyJson } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { HttpRequest, HttpResponse } from '../ports.ts'
import { sha256, sortedHeaders } from './canonical-request.ts'

/** One request and its answer in a file that people can read and write. */
export interface Recording {
  readonly request: RecordedRequest
  readonly response: HttpResponse
}

/** Header values are hashes: a recording ends in repositories, and headers hold tokens. */
export interface RecordedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Where the instant of a recorded evaluation is kept: queries carry it. */
export const EVALUATION_FILE = 'evaluation.json'

/** Response headers that generators read; others may hold cookies. */
const KEPT_HEADERS = ['content-type', 'etag', 'link', 'retry-after', 'x-next-page']

export function toRecordedRequest(request: HttpRequest): RecordedRequest {
  const headers = sortedHeaders(request).map(([name, value]) => [name, `sha256:${sha256(value)}`])
  return {
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: request.body ?? '',
  }
}

/** Equal for requests that get the same answer. */
export function recordedKey(request: RecordedRequest): string {
  const headers = Object.entries(request.headers).sort(([a], [b]) => (a < b ? -1 : 1))
  return sha256(JSON.stringify([request.method, request.url, headers, request.body]))
}

/** The same without the evaluation time of a Prometheus query, for recordings made by hand. */
export function timelessKey(request: RecordedRequest): string {
  const url = URL.parse(request.url)
  url?.searchParams.delete('time')
  const body = new URLSearchParams(request.body)
  const isQuery = body.has('query') && body.has('time')
  body.delete('time')
  return recordedKey({
    ...request,
    url: url?.href ?? request.url,
    body: isQuery ? body.toString() : request.body,
  })
}

/** The file's text. A JSON body is written as JSON where that reads back as the same text. */
export function formatRecording(recording: Recording): string {
  const { status, headers, body } = recording.response
  const kept = KEPT_HEADERS.filter((name) => Object.hasOwn(headers, name)).map((name) => [
    name,
    headers[name],
  ])
  const file = {
    request: { ...recording.request },
    response: { status, headers: Object.fromEntries(kept) as JsonObject, body: structuredBody(body) },
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** Throws an Error that says what is missing. */
export function parseRecording(text: string): Recording {
  const file = parseJson(text)
  const request = isJsonObject(file) ? file['request'] : undefined
  const response = isJsonObject(file) ? file['response'] : undefined
  if (!isJsonObject(request) || !isJsonObject(response)) throw new Error('it has no request and response')
  const { body } = response
  return {
    request: {
      method: textOf(request['method']) || 'GET',
      url: textOf(request['url']),
      headers: stringsOf(request['headers']),
      body: textOf(request['body']),
    },
    response: {
      status: typeof response['status'] === 'number' ? response['status'] : 200,
      headers: stringsOf(response['headers']),
      body: typeof body === 'string' || body === undefined ? textOf(body) : stringifyJson(body),
    },
  }
}

function structuredBody(body: string): JsonValue {
  try {
    const value = JSON.parse(body) as JsonValue
    const isSame = typeof value === 'object' && value !== null && JSON.stringify(value) === body
    return isSame ? value : body
  } catch {
    return body
  }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function stringsOf(value: JsonValue | undefined): Record<string, string> {
  if (!isJsonObject(value)) return {}
  const strings = Object.entries(value).filter(([, text]) => typeof text === 'string')
  return Object.fromEntries(strings) as Record<string, string>
}
