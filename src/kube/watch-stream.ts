import { findField, isJsonObject, parseJson, stringField } from '../lib/json.ts'
import type { JsonObject } from '../lib/json.ts'
import type { ApiError, Clock, KubeObject } from '../ports.ts'
import { toApiError } from './api-error.ts'
import { readLines } from './body.ts'
import type { Requester } from './call.ts'
import type { ApiResource } from './discovery.ts'
import { asObjectOf, collectionTarget, selectorQuery } from './list.ts'
import type { ListRequest } from './list.ts'

/** One line of a watch. A bookmark only says how far the stream has come. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly object: KubeObject
}

export interface WatchRequest extends ListRequest {
  /** Changes after this one are sent. */
  readonly resourceVersion: string
  /** The server ends the watch after this time. */
  readonly timeoutSeconds: number
  /** A stream without any byte for this long is given up: a connection that died silently looks just so. */
  readonly stallMs: number
  readonly signal: AbortSignal
}

/** A watch that has been silent for too long: its connection may have died, or there was nothing to tell. */
class StalledWatchError extends Error {
  constructor(stallMs: number) {
    super(`nothing was received for ${stallMs / 1000} s`)
    this.name = 'StalledWatchError'
  }
}

/** A watch that does not say what a watch says. */
export class WatchFormatError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WatchFormatError'
  }
}

/** Longer than any object the API server stores, with the room its encoding needs. */
const MAX_LINE_BYTES = 8 * 1_048_576
const METADATA_OBJECT = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'

/**
 * The events of one watch, until the server ends it, or it has become silent after it was accepted: a quiet kind has nothing to tell
 * (also no bookmark), and a dead connection looks the same, so that watching anew is right for both. Throws ApiError for an answer or
 * an ERROR event (410: list again), or whatever broke the connection. `onContact` is called for everything that arrives.
 */
export async function* openWatch(
  parts: { requester: Requester; clock: Clock },
  request: WatchRequest,
  onContact: () => void,
): AsyncGenerator<WatchEvent> {
  const guard = new StallGuard(parts.clock, request.stallMs, request.signal)
  try {
    const body = await parts.requester.stream({
      method: 'GET',
      target: collectionTarget(request),
      identity: request.identity,
      query: watchQuery(request),
      ...(request.metadataOnly === true ? { accept: METADATA_OBJECT } : {}),
      signal: guard.signal,
    })
    const touch = (): void => {
      guard.touch()
      onContact()
    }
    touch()
    for await (const line of readLines(untilSilent(body, guard, touch), MAX_LINE_BYTES)) {
      if (line !== '') yield parseEvent(request.resource, line)
    }
  } finally {
    guard.stop()
  }
}

function watchQuery(request: WatchRequest): Record<string, string> {
  return {
    ...selectorQuery(request),
    watch: '1',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(request.timeoutSeconds),
    resourceVersion: request.resourceVersion,
  }
}

async function* untilSilent(
  body: AsyncIterable<Uint8Array>,
  guard: StallGuard,
  touch: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      touch()
      yield chunk
    }
  } catch (error) {
    if (!(guard.signal.reason instanceof StalledWatchError)) throw error
  }
}

function parseEvent(resource: ApiResource, line: string): WatchEvent {
  const event = parseLine(line)
  const type = stringField(event, 'type')
  const object = findField(event, 'object')
  if (!isJsonObject(object)) throw new WatchFormatError('a watch event holds no object')
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
    case 'BOOKMARK':
      return { type, object: asObjectOf(resource, object) }
    case 'ERROR':
      throw errorEvent(resource, object)
    default:
      throw new WatchFormatError('a watch event is of an unknown type')
  }
}

function parseLine(line: string): JsonObject {
  try {
    const event = parseJson(line)
    if (isJsonObject(event)) return event
  } catch {
    // The parser's error would quote the object.
  }
  throw new WatchFormatError(`a watch event of ${line.length} characters is not a JSON object`)
}

function errorEvent(resource: ApiResource, status: JsonObject): ApiError {
  const { group, version, plural } = resource
  const code = findField(status, 'code')
  return toApiError(
    { method: 'WATCH', target: { group, version, plural } },
    { status: typeof code === 'number' ? code : 500, body: status, contentType: '', retryAfterMs: undefined },
  )
}

/** Aborts its signal when `touch` is not called for `stallMs`, or with the outer signal. One timer, however often touched. */
class StallGuard {
  readonly #controller = new AbortController()
  readonly #clock: Clock
  readonly #stallMs: number
  readonly #outer: AbortSignal
  readonly #follow = (): void => this.#controller.abort(this.#outer.reason)
  #lastMs: number
  #cancel: () => void

  constructor(clock: Clock, stallMs: number, outer: AbortSignal) {
    this.#clock = clock
    this.#stallMs = stallMs
    this.#outer = outer
    this.#lastMs = clock.monotonicMs()
    this.#cancel = clock.after(stallMs, () => this.#check())
    outer.addEventListener('abort', this.#follow, { once: true })
    if (outer.aborted) this.#follow()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  touch(): void {
    this.#lastMs = this.#clock.monotonicMs()
  }

  stop(): void {
    this.#cancel()
    this.#outer.removeEventListener('abort', this.#follow)
    this.#controller.abort()
  }

  #check(): void {
    const leftMs = this.#stallMs - (this.#clock.monotonicMs() - this.#lastMs)
    if (leftMs <= 0) this.#controller.abort(new StalledWatchError(this.#stallMs))
    else this.#cancel = this.#clock.after(leftMs, () => this.#check())
  }
}
