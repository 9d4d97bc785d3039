import type { PrometheusSpec } from '../../api/types.ts'
import type { HttpRequest, HttpResponse } from '../../ports.ts'
import type { AnswerSource } from '../answer.ts'
import { atPath, generatorError } from '../errors.ts'
import type { GenerateContext } from '../generator.ts'
import { hostOf, readRequestBase, type RequestBase } from '../request.ts'
import { AnswerError, readQueryAnswer, type QueryAnswer } from './query-answer.ts'
import { readSuccess } from './query-error.ts'

export interface Query {
  readonly text: string
  readonly atMs: number
  /** How far an instant selector looks back, where not by the server's default. */
  readonly lookbackMs?: number
}

/** Asks one server, as one tenant. */
export interface QueryClient {
  readonly warnings: readonly string[]
  /** Throws AppError with the entry's field path. */
  ask(query: Query): Promise<QueryAnswer>
}

/** Of all sets together, per server: Prometheus runs 20 queries at a time by default, for everybody. */
const QUERIES_IN_FLIGHT = 4
/** Statuses of proxies and old servers that take no POST (client_golang's rule). */
const GET_INSTEAD = [403, 405, 501]

export async function createQueryClient(
  spec: PrometheusSpec,
  context: GenerateContext,
): Promise<QueryClient> {
  const base = await readRequestBase(context, spec)
  const source = { path: context.path, host: hostOf(spec.endpoint), nowMs: context.clock.nowMs() }
  const url = queryUrl(spec.endpoint)
  return {
    warnings: base.warnings,
    async ask(query) {
      const form = formOf(query, base.options.timeoutMs)
      const response = await send(context, { url, form, base })
      return read(response, source)
    },
  }
}

/** A path prefix is kept; the API's own path may be there already. */
function queryUrl(endpoint: string): URL {
  const url = new URL(endpoint)
  const prefix = url.pathname.replace(/\/+$/, '').replace(/\/api\/v1(?:\/query)?$/, '')
  url.pathname = `${prefix}/api/v1/query`
  url.hash = ''
  return url
}

function formOf(query: Query, timeoutMs: number): URLSearchParams {
  return new URLSearchParams({
    query: query.text,
    time: secondsOf(query.atMs),
    timeout: `${secondsOf(timeoutMs)}s`,
    ...(query.lookbackMs !== undefined && { lookback_delta: `${secondsOf(query.lookbackMs)}s` }),
  })
}

function secondsOf(ms: number): string {
  return String(Math.round(ms) / 1000)
}

async function send(
  context: GenerateContext,
  parts: { url: URL; form: URLSearchParams; base: RequestBase },
): Promise<HttpResponse> {
  const post: HttpRequest = {
    ...parts.base.options,
    url: parts.url.href,
    method: 'POST',
    headers: { ...parts.base.headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: parts.form.toString(),
    maxInFlight: QUERIES_IN_FLIGHT,
  }
  try {
    const response = await context.http.send(post, context.signal)
    return GET_INSTEAD.includes(response.status)
      ? await context.http.send(asGet(post, parts), context.signal)
      : response
  } catch (error) {
    throw atPath(error, context.path)
  }
}

function asGet(
  post: HttpRequest,
  parts: { url: URL; form: URLSearchParams; base: RequestBase },
): HttpRequest {
  const { body: _body, ...rest } = post
  const url = new URL(parts.url)
  for (const [name, value] of parts.form) url.searchParams.append(name, value)
  return { ...rest, method: 'GET', url: url.href, headers: parts.base.headers }
}

function read(response: HttpResponse, source: AnswerSource): QueryAnswer {
  const body = readSuccess(response, source)
  try {
    return readQueryAnswer(body)
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error
    throw generatorError(source.path, 'retry', error.message)
  }
}
