import type { JsonValue } from '../lib/json.ts'
import type { Random } from '../lib/backoff.ts'
import type { Clock, Identity, Metrics } from '../ports.ts'
import type { Admission } from './admission.ts'
import type { Credentials } from './credentials.ts'
import type { Target } from './paths.ts'
import type { Transport } from './transport.ts'

/** One call of the API. There is no way to give headers, so nothing can drop or add an impersonation. */
export interface KubeCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly target: Target
  readonly identity: Identity
  readonly query?: Readonly<Record<string, string>>
  readonly body?: JsonValue
  /** Default `application/json`. */
  readonly contentType?: string
  /** Default `application/json`. */
  readonly accept?: string
  /** Of one try, to the last byte. Default: GET 10 s, others 30 s. */
  readonly timeoutMs?: number
  /** Of the answer. Default 16 MiB. */
  readonly maxBytes?: number
  /** The same call twice has the same effect as once, so it is repeated when an answer is lost. Default: GET only. */
  readonly repeatable?: boolean
  /** Default true. False: one try; the caller has its own backoff. */
  readonly retry?: boolean
  readonly signal?: AbortSignal | undefined
}

export interface KubeAnswer {
  readonly body: JsonValue
  /** Texts of the `Warning` headers. */
  readonly warnings: readonly string[]
}

/** Calls the API server. Errors are ApiErrors; status 0 (`NoAnswerReason`): no answer. An aborted signal's reason is rethrown. */
export interface Requester {
  call(call: KubeCall): Promise<KubeAnswer>
  /** A GET whose body is read as it comes. No deadline: `signal` must end it. */
  stream(call: KubeCall & { signal: AbortSignal }): Promise<AsyncIterable<Uint8Array>>
}

export interface RequesterOptions {
  readonly transport: Transport
  readonly credentials: Credentials
  readonly admission: Admission
  readonly clock: Clock
  readonly random: Random
  readonly metrics: Metrics
  readonly userAgent: string
  /** Asked right before anything but a GET is sent. Throws where this process may not write (any more). */
  readonly assertMayWrite?: () => void
}
