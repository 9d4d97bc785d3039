import { findField, stringField } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { Random } from '../lib/backoff.ts'
import { STATUS_LIMITS } from '../lib/limits.ts'
import { ApiError } from '../ports.ts'
import type { Clock, EventSink, Logger } from '../ports.ts'
import type { Requester } from './call.ts'
import { cleanNote, cutToBytes } from './event-note.ts'
import { microTime } from './lease-record.ts'

export interface EventSinkOptions {
  readonly requester: Requester
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  /** Name of the controller, for example `gitopsset-controller`. */
  readonly controller: string
  /** Of this process: the pod's name. */
  readonly instance: string
}

export interface ClosableEventSink extends EventSink {
  /** Resolves when everything emitted so far has been sent or given up. */
  drain(): Promise<void>
}

export const EVENT_LIMITS = {
  /** Events waiting to be sent; more are dropped. */
  maxQueue: 1_000,
  /** Different events remembered to fold repetitions. */
  maxRemembered: 4_096,
  /** An event that comes again within this time is counted in the one before. */
  foldMs: 30 * 60_000,
  /** The count of a repeated event is sent this often at most. */
  countMs: 60_000,
  /** New events of one object at once, and the time in which one more is allowed. */
  burstPerObject: 25,
  refillMs: 60_000,
} as const

type EmittedEvent = Parameters<EventSink['emit']>[0]

/** One event in the cluster, with all its repetitions. */
interface Series {
  readonly namespace: string
  readonly name: string
  readonly body: JsonObject
  count: number
  sentCount: number
  lastMs: number
  cancelTimer: () => void
}

/**
 * Events on the objects they are about (events.k8s.io/v1). Repetitions are folded into one event with a count. Events are a courtesy:
 * when too many come, or the server does not take them, they are dropped and nobody waits.
 */
export function createEventSink(options: EventSinkOptions): ClosableEventSink {
  const recorder = new Recorder(options)
  return {
    emit(event) {
      try {
        recorder.record(event)
      } catch (error) {
        options.log.warn('an event could not be recorded', {
          error: error instanceof Error ? error.message : '',
        })
      }
    },
    drain: () => recorder.drain(),
  }
}

class Recorder {
  readonly #options: EventSinkOptions
  readonly #series = new Map<string, Series>()
  readonly #budgets = new Map<string, { tokens: number; atMs: number }>()
  readonly #queue: Series[] = []
  #sending: Promise<void> | undefined
  #counter = 0
  #dropped = 0

  constructor(options: EventSinkOptions) {
    this.#options = options
  }

  record(event: EmittedEvent): void {
    const nowMs = this.#options.clock.monotonicMs()
    const key = JSON.stringify([objectKey(event.regarding), event.type, event.reason, event.message])
    const known = this.#series.get(key)
    if (known !== undefined && nowMs - known.lastMs < EVENT_LIMITS.foldMs) {
      known.count++
      known.lastMs = nowMs
      this.#sendCountLater(known)
      return
    }
    if (!this.#spend(objectKey(event.regarding), nowMs)) return
    const series = this.#open(event, nowMs)
    known?.cancelTimer()
    remember(this.#series, key, series)?.cancelTimer()
    this.#enqueue(series)
  }

  async drain(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending
  }

  #open(event: EmittedEvent, nowMs: number): Series {
    const { metadata } = event.regarding
    const namespace = stringField(metadata, 'namespace') || 'default'
    const suffix = `${this.#options.clock.nowMs().toString(16)}${(this.#counter++ & 0xfff).toString(16)}`
    const salt = Math.floor(this.#options.random() * 0x10000).toString(16)
    const name = `${stringField(metadata, 'name')
      .slice(0, 220)
      .replace(/[.-]+$/, '')}.${suffix}${salt}`
    const body = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name, namespace },
      eventTime: microTime(this.#options.clock.nowMs()),
      reportingController: this.#options.controller,
      reportingInstance: cutToBytes(this.#options.instance, 128),
      action: 'Reconcile',
      reason: cutToBytes(event.reason, 128),
      type: event.type,
      note: cutToBytes(cleanNote(event.message), STATUS_LIMITS.maxEventNoteBytes),
      regarding: reference(event.regarding),
    }
    return { namespace, name, body, count: 1, sentCount: 0, lastMs: nowMs, cancelTimer: () => {} }
  }

  /** A token bucket for each object, so that one noisy set cannot crowd out the others. */
  #spend(object: string, nowMs: number): boolean {
    const { burstPerObject, refillMs } = EVENT_LIMITS
    const last = this.#budgets.get(object) ?? { tokens: burstPerObject, atMs: nowMs }
    const tokens = Math.min(burstPerObject, last.tokens + (nowMs - last.atMs) / refillMs)
    remember(this.#budgets, object, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs })
    return tokens >= 1
  }

  #sendCountLater(series: Series): void {
    if (series.sentCount !== series.count - 1) return
    series.cancelTimer = this.#options.clock.after(EVENT_LIMITS.countMs, () => this.#enqueue(series))
  }

  #enqueue(series: Series): void {
    if (this.#queue.length >= EVENT_LIMITS.maxQueue) {
      if (this.#dropped++ === 0) this.#options.log.warn('events are dropped: too many wait to be sent')
      return
    }
    this.#queue.push(series)
    this.#sending ??= this.#sendAll()
  }

  async #sendAll(): Promise<void> {
    for (let series = this.#queue.shift(); series !== undefined; series = this.#queue.shift()) {
      try {
        await this.#send(series)
      } catch (error) {
        const text = error instanceof Error ? error.message : ''
        this.#options.log.debug('an event was not taken by the server', { error: text })
      }
    }
    this.#sending = undefined
    this.#dropped = 0
  }

  async #send(series: Series): Promise<void> {
    const { count } = series
    const isNew = series.sentCount === 0
    series.sentCount = count
    if (isNew) {
      await this.#call('POST', series, series.body)
      return
    }
    const lastObservedTime = microTime(this.#options.clock.nowMs())
    const counted = { series: { count, lastObservedTime } }
    try {
      await this.#call('PATCH', series, counted)
    } catch (error) {
      // The server keeps events for an hour.
      if (!(error instanceof ApiError) || error.reason !== 'NotFound') throw error
      await this.#call('POST', series, { ...series.body, ...counted, eventTime: lastObservedTime })
    }
  }

  async #call(method: 'POST' | 'PATCH', series: Series, body: JsonValue): Promise<void> {
    const collection = {
      group: 'events.k8s.io',
      version: 'v1',
      plural: 'events',
      namespace: series.namespace,
    }
    await this.#options.requester.call({
      method,
      target: method === 'POST' ? collection : { ...collection, name: series.name },
      identity: { kind: 'controller' },
      body,
      ...(method === 'PATCH' ? { contentType: 'application/merge-patch+json' } : {}),
    })
  }
}

/** Sets an entry as the newest. Returns the oldest one where it had to go. */
function remember<V>(map: Map<string, V>, key: string, value: V): V | undefined {
  map.delete(key)
  map.set(key, value)
  if (map.size <= EVENT_LIMITS.maxRemembered) return undefined
  const [oldest] = map
  if (oldest === undefined) return undefined
  map.delete(oldest[0])
  return oldest[1]
}

function objectKey(object: EmittedEvent['regarding']): string {
  const { metadata, apiVersion, kind } = object
  return [
    apiVersion,
    kind,
    stringField(metadata, 'namespace'),
    stringField(metadata, 'name'),
    stringField(metadata, 'uid'),
  ].join('/')
}

function reference(object: EmittedEvent['regarding']): JsonObject {
  const of: JsonObject = { apiVersion: object.apiVersion, kind: object.kind }
  for (const field of ['namespace', 'name', 'uid', 'resourceVersion']) {
    const value = findField(object.metadata, field)
    if (typeof value === 'string') of[field] = value
  }
  return of
}
