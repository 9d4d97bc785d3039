import { stringField } from '../lib/json.ts'
import { backoffMs } from '../lib/backoff.ts'
import type { Random } from '../lib/backoff.ts'
import { ApiError } from '../ports.ts'
import type { Clock, Logger, ObjectWatcher, Watch, WatchHandler, WatchTarget } from '../ports.ts'
import { PATH_NOT_FOUND } from './api-error.ts'
import { BodyTooLargeError } from './body.ts'
import type { Requester } from './call.ts'
import { KIND_NOT_SERVED } from './client.ts'
import { sleep } from './deadline.ts'
import type { ApiResource, Discovery } from './discovery.ts'
import { KnownObjects, keyOf } from './known-objects.ts'
import type { Change } from './known-objects.ts'
import { listPages } from './list.ts'
import type { ListRequest } from './list.ts'
import { WatchFormatError, openWatch } from './watch-stream.ts'
import type { WatchEvent } from './watch-stream.ts'

export interface ReflectorTimes {
  /** The server ends each watch after a random time between these, so that many watches do not end together. */
  readonly minWatchMs: number
  readonly maxWatchMs: number
  /** A watch is opened anew after so much silence. Where something happens, the API server sends a bookmark every minute. */
  readonly stallMs: number
  /** After this time everything is listed again when a watch ends, in case an event was missed. */
  readonly relistMs: number
  /** A watch that lasted this long was healthy: the next failure starts with a short backoff again. */
  readonly healthyMs: number
  /** `isFresh` is false after this long without contact. */
  readonly staleMs: number
  readonly backoff: { readonly baseMs: number; readonly maxMs: number }
}

export const REFLECTOR_TIMES: ReflectorTimes = {
  minWatchMs: 5 * 60_000,
  maxWatchMs: 10 * 60_000,
  stallMs: 80_000,
  relistMs: 10 * 60_000,
  healthyMs: 2 * 60_000,
  staleMs: 3 * 60_000,
  backoff: { baseMs: 800, maxMs: 30_000 },
}

export interface WatcherParts {
  readonly requester: Requester
  readonly discovery: Discovery
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly times?: Partial<ReflectorTimes>
}

/** Watches as the target's identity. One that is not valid is never watched; `isFresh` stays false. */
export function createObjectWatcher(parts: WatcherParts): ObjectWatcher {
  return {
    watch(target, handler) {
      const reflector = new Reflector(parts, target, handler)
      reflector.start()
      return reflector
    },
  }
}

/** Watches that end sooner than this, without being asked to, are failures: the loop must not spin. */
const MIN_WATCH_MS = 5_000
/** A cursor that the server refuses this often in a row is given up: after a restore it may lie in the server's future. */
const MAX_REFUSALS = 3

/**
 * Lists, watches from there, and goes on from the last version seen whenever the watch ends. Any failure is followed by another
 * attempt, for ever; only `stop` ends it, and nothing is delivered after it.
 */
class Reflector implements Watch {
  readonly #parts: WatcherParts
  readonly #times: ReflectorTimes
  readonly #target: WatchTarget
  readonly #handler: WatchHandler
  readonly #stopping = new AbortController()
  readonly #known = new KnownObjects()
  /** Version to watch from. Undefined: list first. */
  #cursor: string | undefined
  #resource: ApiResource | undefined
  #kindsChanged = false
  #synced = false
  #lastContactMs = 0
  #lastListMs = 0
  #failures = 0
  #refusals = 0
  #lastProblem = ''

  constructor(parts: WatcherParts, target: WatchTarget, handler: WatchHandler) {
    this.#parts = parts
    this.#times = { ...REFLECTOR_TIMES, ...parts.times }
    this.#target = target
    this.#handler = handler
  }

  start(): void {
    this.#run().catch((error: unknown) => this.#log('watch ended unexpectedly', error))
  }

  stop(): void {
    this.#stopping.abort()
  }

  isFresh(): boolean {
    return this.#synced && this.#nowMs() - this.#lastContactMs < this.#times.staleMs
  }

  async #run(): Promise<void> {
    while (!this.#stopped()) {
      const startMs = this.#nowMs()
      try {
        if (this.#cursor === undefined) await this.#list()
        await this.#watch()
        this.#failures = 0
        this.#lastProblem = ''
      } catch (error) {
        if (this.#stopped()) return
        if (this.#nowMs() - startMs >= this.#times.healthyMs) this.#failures = 0
        this.#prepareRetry(error)
        await this.#pause(error)
      }
    }
  }

  async #list(): Promise<void> {
    this.#resource = await this.#findResource()
    const listed = new Set<string>()
    let version = ''
    for await (const page of listPages(this.#parts.requester, this.#request(this.#resource))) {
      this.#touch()
      version = page.resourceVersion
      for (const object of page.items) {
        listed.add(keyOf(object))
        this.#deliver(this.#known.observe(object))
      }
    }
    if (version === '') throw new Error('a list without resourceVersion')
    this.#deliver(this.#known.retain(listed))
    this.#cursor = version
    this.#lastListMs = this.#nowMs()
    if (!this.#synced) this.#guarded(() => this.#handler.onSynced?.())
    this.#synced = true
  }

  async #findResource(): Promise<ApiResource> {
    const found = await this.#parts.discovery.find(this.#target, { refresh: this.#kindsChanged })
    this.#kindsChanged = false
    if (found !== undefined) return found
    throw new ApiError(`the API server does not serve the kind ${this.#target.kind}`, {
      status: 404,
      reason: KIND_NOT_SERVED,
    })
  }

  async #watch(): Promise<void> {
    if (this.#resource === undefined || this.#cursor === undefined) return
    const startMs = this.#nowMs()
    const { minWatchMs, maxWatchMs, stallMs } = this.#times
    const request = {
      ...this.#request(this.#resource),
      resourceVersion: this.#cursor,
      timeoutSeconds: Math.ceil((minWatchMs + this.#parts.random() * (maxWatchMs - minWatchMs)) / 1000),
      stallMs,
    }
    let events = 0
    for await (const event of openWatch(this.#parts, request, () => this.#touch())) {
      if (this.#stopped()) return
      this.#take(event)
      this.#refusals = 0
      events++
    }
    if (events === 0 && this.#nowMs() - startMs < MIN_WATCH_MS) throw new Error('a watch ended at once')
    if (this.#nowMs() - this.#lastListMs >= this.#times.relistMs) this.#cursor = undefined
  }

  #take(event: WatchEvent): void {
    // An object without a version must not move the cursor back to the beginning.
    this.#cursor = stringField(event.object.metadata, 'resourceVersion') || this.#cursor
    if (event.type === 'BOOKMARK') return
    const changes =
      event.type === 'DELETED' ? this.#known.remove(event.object) : this.#known.observe(event.object)
    this.#deliver(changes)
  }

  /** Decides where the next attempt starts, by what ended this one. */
  #prepareRetry(failure: unknown): void {
    const reason = failure instanceof ApiError ? failure.reason : ''
    if (reason === PATH_NOT_FOUND) this.#kindsChanged = true
    // With a kind, its objects are gone.
    if (reason === KIND_NOT_SERVED) this.#deliver(this.#known.retain(new Set()))
    if (isRefusal(failure)) this.#refusals++
    const forgotten = failure instanceof ApiError && [404, 410].includes(failure.status)
    if (!forgotten && this.#refusals < MAX_REFUSALS) return
    this.#cursor = undefined
    this.#refusals = 0
  }

  async #pause(failure: unknown): Promise<void> {
    const ownMs = backoffMs(this.#failures++, this.#parts.random, this.#times.backoff)
    const askedMs = failure instanceof ApiError ? (failure.retryAfterMs ?? 0) : 0
    const delayMs = Math.max(ownMs, askedMs)
    this.#log('watch failed, will try again', failure, { delayMs, failures: this.#failures })
    try {
      await sleep(this.#parts.clock, delayMs, this.#stopping.signal)
    } catch {
      // Stopped: the loop sees it.
    }
  }

  #request(resource: ApiResource): ListRequest & { signal: AbortSignal } {
    const { namespace, name, labelSelector, metadataOnly, identity } = this.#target
    return {
      resource,
      namespace: namespace ?? '',
      name,
      labelSelector,
      metadataOnly: metadataOnly === true,
      identity: identity ?? { kind: 'controller' },
      signal: this.#stopping.signal,
      retry: false,
    }
  }

  #deliver(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#guarded(() => {
        if (change.kind === 'changed') this.#handler.onChange(change.object)
        else this.#handler.onDelete(change.object)
      })
    }
  }

  /** One event that the handler cannot take must not keep the others from it. */
  #guarded(run: () => void): void {
    if (this.#stopped()) return
    try {
      run()
    } catch (error) {
      this.#log('a watch handler failed', error)
    }
  }

  #touch(): void {
    this.#lastContactMs = this.#nowMs()
  }

  #stopped(): boolean {
    return this.#stopping.signal.aborted
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs()
  }

  /** A problem that stays is told once. */
  #log(message: string, problem: unknown, fields: Record<string, number> = {}): void {
    const text = problem instanceof Error ? problem.message : String(problem)
    const { group, kind, namespace = '' } = this.#target
    const level = text === this.#lastProblem ? 'debug' : 'warn'
    this.#lastProblem = text
    this.#parts.log[level](message, { group, kind, namespace, error: problem, ...fields })
  }
}

/** The server, or what it sends, is at odds with our cursor. A server that is away or too busy refuses nothing. */
function isRefusal(failure: unknown): boolean {
  if (failure instanceof ApiError) return ![0, 429, 503].includes(failure.status)
  return failure instanceof WatchFormatError || failure instanceof BodyTooLargeError
}
