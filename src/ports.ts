import type { JsonValue, KubeObject } from './api/types.ts'

export type { KubeObject }

/** Identity without version: what makes two manifests the same object. */
export interface ObjectIdentity {
  readonly group: string
  readonly kind: string
  /** Empty for cluster-scoped objects. */
  readonly namespace: string
  readonly name: string
}

export interface ObjectKey extends ObjectIdentity {
  readonly version: string
}

/** On whose behalf a request is made. `controller` is the controller's own account. */
export type Identity =
  | { readonly kind: 'controller' }
  | { readonly kind: 'serviceAccount'; readonly namespace: string; readonly name: string }

/** Reads objects, for generators. Bound to one identity. */
export interface ObjectReader {
  /** The object, or undefined where there is none (404). Throws AppError: AccessDenied (403), or retry. */
  get(key: ObjectKey, signal?: AbortSignal): Promise<KubeObject | undefined>
  /** Objects of one kind; `namespace` empty: all namespaces. */
  list(
    kind: Omit<ObjectKey, 'name'>,
    options?: { labelSelector?: string; signal?: AbortSignal },
  ): Promise<KubeObject[]>
}

export interface ApplyOptions {
  readonly fieldManager: string
  readonly force: boolean
  readonly dryRun?: boolean
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
}

export interface ApplyResult {
  readonly object: KubeObject
  /** From `Warning` response headers. */
  readonly warnings: readonly string[]
}

export interface DeleteOptions {
  /** Precondition: the server refuses when the object has another UID by now. */
  readonly uid: string
  readonly resourceVersion?: string
  readonly dryRun?: boolean
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan'
}

/** Reads and writes objects of any kind under one identity. Errors are {@link ApiError}s. */
export interface ResourceClient extends ObjectReader {
  /** Server-side apply. `object` is sent as it is. */
  apply(object: KubeObject, options: ApplyOptions, signal?: AbortSignal): Promise<ApplyResult>
  /** JSON patch or merge patch, on the object or a subresource. */
  patch(
    key: ObjectKey,
    patch: {
      type: 'json' | 'merge'
      body: JsonValue
      subresource?: 'status' | 'scale'
      fieldManager?: string
    },
    signal?: AbortSignal,
  ): Promise<KubeObject>
  /** Resolves to `deleted`, or `absent` where there was nothing (404). */
  delete(key: ObjectKey, options: DeleteOptions, signal?: AbortSignal): Promise<'deleted' | 'absent'>
  /** From discovery. Undefined: the server does not know the kind. `refresh` asks again. */
  findScope(
    kind: { group: string; version: string; kind: string },
    options?: { refresh?: boolean },
  ): Promise<'Namespaced' | 'Cluster' | undefined>
  /** A version in which the server serves the kind: `version` if it can be, else its preferred one. Undefined: none. */
  findServedVersion(
    kind: { group: string; version: string; kind: string },
    options?: { refresh?: boolean },
  ): Promise<string | undefined>
}

/** An answer of the API server other than success. `message` is the server's, cut; never for Secrets. */
export class ApiError extends Error {
  readonly status: number
  readonly reason: string
  readonly causes: readonly { reason?: string; field?: string; message?: string }[]
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    details: {
      status: number
      reason?: string
      causes?: ApiError['causes']
      retryAfterMs?: number
      cause?: unknown
    },
  ) {
    super(message, { cause: details.cause })
    this.name = 'ApiError'
    this.status = details.status
    this.reason = details.reason ?? ''
    this.causes = details.causes ?? []
    this.retryAfterMs = details.retryAfterMs
  }
}

/** Makes clients bound to an identity. The only way to get one, so that no write can forget whom it acts for. */
export interface ClientFactory {
  clientFor(identity: Identity): ResourceClient
}

export interface HttpRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** PEM texts. */
  readonly tls?: { ca?: string; cert?: string; key?: string }
  /** Total, connect to last byte. */
  readonly timeoutMs: number
  readonly maxBytes: number
  /** Set when a header or the TLS key came from a Secret: redirects are then not followed. */
  readonly carriesSecret: boolean
  /** Requests to this server under way at a time; 2 where it is not set. */
  readonly maxInFlight?: number
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Guarded HTTP for generators: addresses checked at connect, bounded size and time, no secrets in errors (AppError). */
export interface HttpClient {
  /** Resolves for every HTTP status; throws AppError for anything that is not an answer. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>
}

/** The files of a Flux artifact, verified against its digest. */
export interface ArtifactFetcher {
  fetch(
    artifact: { url: string; digest: string; size?: number },
    signal?: AbortSignal,
  ): Promise<ArtifactFiles>
}

/** Regular files by their path inside the artifact (no leading `./`), and every directory path. */
export interface ArtifactFiles {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly directories: ReadonlySet<string>
}

export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Milliseconds that only ever grow, for measuring. */
  monotonicMs(): number
  /** Runs `run` once after `delayMs` (any length); the returned function cancels. */
  after(delayMs: number, run: () => void): () => void
}

export type LogFields = Readonly<Record<string, unknown>>

/** Constant messages, structured fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  child(fields: LogFields): Logger
}

export type HistogramName =
  | 'gotk_reconcile_duration_seconds'
  | 'gitopsset_generator_duration_seconds'
  | 'gitopsset_queue_wait_seconds'
  | 'gitopsset_api_request_duration_seconds'

export type GaugeName =
  | 'gotk_reconcile_condition'
  | 'gotk_suspend_status'
  | 'gitopsset_generator_elements'
  | 'gitopsset_generator_last_evaluation_timestamp_seconds'
  | 'gitopsset_objects'
  | 'gitopsset_prunes_held'
  | 'gitopsset_queue_depth'

export type CounterName = 'gitopsset_generator_errors_total' | 'gitopsset_api_requests_total'

/** What the controller measures. Labels and meaning: docs/operating.md. */
export interface Metrics {
  observe(name: HistogramName, labels: Readonly<Record<string, string>>, value: number): void
  set(name: GaugeName, labels: Readonly<Record<string, string>>, value: number): void
  add(name: CounterName, labels: Readonly<Record<string, string>>, value?: number): void
  /** Drops every series that has all of `labels`: a deleted set leaves none behind. */
  forget(labels: Readonly<Record<string, string>>): void
}

export interface EventSink {
  /** `regarding` is the set. Duplicates are folded; never throws. */
  emit(event: { regarding: KubeObject; type: 'Normal' | 'Warning'; reason: string; message: string }): void
}

/** What to watch. Everything empty but the kind: all objects of the kind. */
export interface WatchTarget {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly namespace?: string
  /** One object only, by a field selector. */
  readonly name?: string
  readonly labelSelector?: string
  /** Only `metadata` of each object is sent (PartialObjectMetadata). */
  readonly metadataOnly?: boolean
  /** On whose behalf; without it the controller's own account. */
  readonly identity?: Identity
}

export interface WatchHandler {
  /** Added or changed; also once for each object that is there at the start, and after each relist where it differs. */
  onChange(object: KubeObject): void
  onDelete(object: KubeObject): void
  /** The first list is complete. */
  onSynced?(): void
}

export interface Watch {
  /** Nothing is delivered after it. */
  stop(): void
  /** The cache may be trusted: listed once, and the stream has not been silent for too long. */
  isFresh(): boolean
}

/** Keeps watching, whatever the API server does, until stopped. */
export interface ObjectWatcher {
  watch(target: WatchTarget, handler: WatchHandler): Watch
}
