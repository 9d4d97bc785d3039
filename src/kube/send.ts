import { parseJson, stringifyJson } from '../lib/json.ts'
import type { JsonValue } from '../lib/json.ts'
import { ApiError } from '../ports.ts'
import { toApiError, toNoAnswerError } from './api-error.ts'
import { APPLY_PATCH, stringifyForYaml } from './apply-body.ts'
import { readBytes } from './body.ts'
import { abortable } from './deadline.ts'
import { MalformedAnswerError, describeFailure, isNeverSent } from './failure.ts'
import { impersonationHeaders } from './impersonate.ts'
import { targetPath } from './paths.ts'
import type { KubeAnswer, KubeCall, RequesterOptions } from './call.ts'
import { findRetryAfterMs } from './retry.ts'
import type { TransportRequest, TransportResponse } from './transport.ts'
import { parseWarnings } from './warnings.ts'

const MAX_ANSWER_BYTES = 16 * 1_048_576
const MAX_ERROR_BYTES = 1_048_576

/** One exchange, read whole: the answer, or an ApiError. */
export async function exchange(
  options: RequesterOptions,
  call: KubeCall,
  signal: AbortSignal,
): Promise<KubeAnswer> {
  const response = await sendAuthorized(options, call, signal)
  count(options, call.method, String(response.status))
  return attempt(options, call, () => readAnswer(options, call, response))
}

/** One exchange whose body is read as it comes. */
export async function openStream(
  options: RequesterOptions,
  call: KubeCall,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await sendAuthorized(options, call, signal)
  count(options, 'WATCH', String(response.status))
  if (response.status === 200) return response.body
  throw await attempt(options, call, () => readFailure(options, call, response))
}

/** Sends; after a 401 once more, with credentials read anew. A 401 is certain not to have done anything. */
async function sendAuthorized(
  options: RequesterOptions,
  call: KubeCall,
  signal: AbortSignal,
): Promise<TransportResponse> {
  const response = await sendOnce(options, call, signal)
  if (response.status !== 401 || !options.credentials.renew()) return response
  await attempt(options, call, () => readBytes(response.body, MAX_ERROR_BYTES))
  return sendOnce(options, call, signal)
}

async function sendOnce(
  options: RequesterOptions,
  call: KubeCall,
  signal: AbortSignal,
): Promise<TransportResponse> {
  const path = targetPath(call.target)
  const identity = impersonationHeaders(call.identity)
  const authorization = await readAuthorization(options, call, signal)
  const query = new URLSearchParams(call.query).toString()
  const content = contentOf(call)
  const request: TransportRequest = {
    method: call.method,
    path: query === '' ? path : `${path}?${query}`,
    headers: {
      'user-agent': options.userAgent,
      accept: call.accept ?? 'application/json',
      ...content.headers,
      ...(authorization === undefined ? {} : { authorization }),
      ...identity,
    },
    ...content.body,
    signal,
    pool: call.query?.['watch'] === undefined ? 'calls' : 'watches',
  }
  if (call.method !== 'GET') options.assertMayWrite?.()
  return attempt(options, call, () => options.transport.send(request))
}

function contentOf(call: KubeCall): { headers?: Record<string, string>; body?: { body: string } } {
  if (call.body === undefined) return {}
  const contentType = call.contentType ?? 'application/json'
  const stringify = contentType === APPLY_PATCH ? stringifyForYaml : stringifyJson
  return { headers: { 'content-type': contentType }, body: { body: stringify(call.body) } }
}

async function readAuthorization(
  options: RequesterOptions,
  call: KubeCall,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await abortable(options.credentials.authorization(), signal)
  } catch (error) {
    call.signal?.throwIfAborted()
    throw toNoAnswerError(call, 'ConnectionFailed', `no credentials: ${describeFailure(error)}`, error)
  }
}

async function readAnswer(
  options: RequesterOptions,
  call: KubeCall,
  response: TransportResponse,
): Promise<KubeAnswer> {
  if (response.status < 200 || response.status >= 300) throw await readFailure(options, call, response)
  const text = (await readBytes(response.body, call.maxBytes ?? MAX_ANSWER_BYTES)).toString('utf8')
  const body = tryParse(text)
  if (body === undefined) throw new MalformedAnswerError(response.status)
  return { body, warnings: parseWarnings(response.headers['warning']) }
}

async function readFailure(
  options: RequesterOptions,
  call: KubeCall,
  response: TransportResponse,
): Promise<ApiError> {
  const text = (await readBytes(response.body, MAX_ERROR_BYTES)).toString('utf8')
  const header = (name: string): string | undefined => [response.headers[name]].flat()[0]
  return toApiError(call, {
    status: response.status,
    body: tryParse(text),
    contentType: header('content-type') ?? '',
    retryAfterMs: findRetryAfterMs(header('retry-after'), options.clock.nowMs()),
  })
}

/** Runs what talks to the server, and turns whatever breaks it into an error that says what the server can have done. */
async function attempt<T>(options: RequesterOptions, call: KubeCall, talk: () => Promise<T>): Promise<T> {
  try {
    return await talk()
  } catch (error) {
    call.signal?.throwIfAborted()
    if (error instanceof ApiError) throw error
    count(options, call.method, 'none')
    const lost = call.method === 'GET' ? 'NoAnswer' : 'OutcomeUnknown'
    throw toNoAnswerError(call, isNeverSent(error) ? 'ConnectionFailed' : lost, describeFailure(error), error)
  }
}

/** Undefined where the text is not JSON: the parser's own error would quote it. */
function tryParse(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function count(options: RequesterOptions, verb: string, code: string): void {
  options.metrics.add('gitopsset_api_requests_total', { verb, code })
}
