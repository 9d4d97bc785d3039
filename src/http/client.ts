import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import { backoffMs } from '../lib/backoff.ts'
import { parseRetryAfter } from '../lib/retry-after.ts'
import type { HttpClient, HttpRequest, HttpResponse } from '../ports.ts'
import { createAddressPolicy, type AddressRules } from './addresses.ts'
import { createAgentPool, type AgentPool, type Resolver } from './agents.ts'
import { exchange, loadTransport } from './exchange.ts'
import { ExchangeFault, toFault, toHttpError } from './faults.ts'
import { createGate, type Gate } from './gate.ts'
import { MAX_REDIRECTS, nextHop } from './redirects.ts'
import { DEFAULT_RETRY, isRetryStatus, type RetryRules } from './retry.ts'
import { checkTls } from './tls-material.ts'

export interface HttpClientOptions extends AddressRules {
  readonly resolve?: Resolver
  readonly retry?: RetryRules
  /** 0 ≤ x < 1. */
  readonly random?: () => number
}

export interface ClosableHttpClient extends HttpClient {
  close(): void
}

/** Requests under way to one host at a time, where the request does not say. */
const IN_FLIGHT_PER_HOST = 2
/** Node's timers fire at once when they are longer. */
const MAX_TIMER_MS = 2 ** 31 - 1

interface Parts {
  readonly agents: AgentPool
  readonly gate: Gate
  readonly retry: RetryRules
  readonly random: () => number
}

/**
 * The HttpClient port over axios and guarded connections. Throws at creation for address rules that cannot be read.
 * `send` retries network faults, 429 and 5xx within the request's deadline and then resolves with the last answer.
 */
export function createHttpClient(options: HttpClientOptions = {}): ClosableHttpClient {
  const parts: Parts = {
    agents: createAgentPool(createAddressPolicy(options), options.resolve),
    gate: createGate(),
    retry: options.retry ?? DEFAULT_RETRY,
    random: options.random ?? Math.random,
  }
  return {
    send: (request, signal) => send(parts, request, signal),
    close: () => parts.agents.close(),
  }
}

async function send(parts: Parts, request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
  const url = parseUrl(request.url)
  if (request.tls !== undefined) checkTls(request.tls)
  await loadTransport()
  const deadline = AbortSignal.timeout(Math.min(request.timeoutMs, MAX_TIMER_MS))
  const outcome = await sendWithin(parts, request, {
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    fault: () => stoppedFault(request.timeoutMs, deadline.aborted),
  })
  if (outcome instanceof ExchangeFault) throw toHttpError(request.method, url.host, outcome)
  return outcome
}

/** Ends all attempts; `fault` then says why. */
interface Stop {
  readonly signal: AbortSignal
  readonly fault: () => ExchangeFault
}

type AttemptOutcome = HttpResponse | ExchangeFault

async function sendWithin(parts: Parts, request: HttpRequest, stop: Stop): Promise<AttemptOutcome> {
  const endsAt = performance.now() + request.timeoutMs
  let known: AttemptOutcome | undefined
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(parts, request, stop)
    // One that was cut short says less than the one before it.
    if (stop.signal.aborted) return outcome instanceof ExchangeFault ? (known ?? outcome) : outcome
    const delayMs = retryDelay(parts, outcome, attempt)
    if (delayMs === undefined || performance.now() + delayMs >= endsAt) return outcome
    known = outcome
    await sleep(delayMs, undefined, { signal: stop.signal }).catch(() => undefined)
  }
}

async function attemptOnce(parts: Parts, request: HttpRequest, stop: Stop): Promise<AttemptOutcome> {
  try {
    return await followRedirects(parts, request, stop.signal)
  } catch (error) {
    return stop.signal.aborted ? stop.fault() : toFault(error)
  }
}

/** Undefined: what came is final. */
function retryDelay(parts: Parts, outcome: AttemptOutcome, attempt: number): number | undefined {
  if (attempt >= parts.retry.maxAttempts) return undefined
  const backoff = backoffMs(attempt - 1, parts.random, parts.retry)
  if (outcome instanceof ExchangeFault) return outcome.isTransient ? backoff : undefined
  if (!isRetryStatus(outcome.status)) return undefined
  return Math.max(backoff, parseRetryAfter(outcome.headers['retry-after'], Date.now()) ?? 0)
}

async function followRedirects(
  parts: Parts,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let current = request
  for (let hops = 0; ; hops++) {
    const response = await exchangeInTurn(parts, current, signal)
    const next = nextHop(current, response)
    if (next === undefined) return response
    if (hops === MAX_REDIRECTS)
      throw new ExchangeFault(`more than ${String(MAX_REDIRECTS)} redirects`, {
        isTransient: false,
        disposition: 'stall',
      })
    current = next
  }
}

async function exchangeInTurn(
  parts: Parts,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const limit = request.maxInFlight ?? IN_FLIGHT_PER_HOST
  // Requests of another limit stand in a line of their own.
  const lane = `${String(limit)} ${new URL(request.url).origin}`
  const leave = await parts.gate.enter(lane, limit, signal)
  try {
    return await exchange(request, parts.agents.agentsFor(request.tls), signal)
  } finally {
    leave()
  }
}

function stoppedFault(timeoutMs: number, byDeadline: boolean): ExchangeFault {
  const message = byDeadline
    ? `no complete answer within ${String(timeoutMs)} ms`
    : 'given up, because the evaluation was stopped before the answer came'
  return new ExchangeFault(message, { isTransient: false })
}

function parseUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null) throw new AppError('InvalidSpec', 'stall', 'the endpoint is not a URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new AppError('InvalidSpec', 'stall', `the endpoint's scheme must be http or https`)
  if (url.username !== '' || url.password !== '')
    throw new AppError(
      'InvalidSpec',
      'stall',
      'the endpoint must not hold a user name or password; use headersRef',
    )
  return url
}
