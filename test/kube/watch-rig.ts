import { stringField } from '../../helpers/go/json-tree.ts'
import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import type { KubeCall } from '../../src/kube/call.ts'
import type { ApiResource } from '../../src/kube/discovery.ts'
import { createObjectWatcher } from '../../src/kube/reflector.ts'
import type { Watch, WatchHandler, WatchTarget } from '../../src/ports.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { configMaps, fakeDiscovery, fakeLog, fakeRequester } from './fakes.ts'

export const target: WatchTarget = { group: '', version: 'v1', kind: 'ConfigMap' }

export function object(name: string, resourceVersion: string, uid = `uid-${name}`): JsonObject {
  const labels = { app: name }
  return { metadata: { name, namespace: 'ns', uid, resourceVersion, labels }, data: { big: 'x' } }
}

/** One open watch, which the test writes to. */
export class Stream {
  readonly call: KubeCall & { signal: AbortSignal }
  readonly #chunks: (string | Error | undefined)[] = []
  #wake = (): void => {}

  constructor(call: KubeCall & { signal: AbortSignal }) {
    this.call = call
    call.signal.addEventListener('abort', () => this.#push(call.signal.reason as Error))
  }

  send(type: string, value: JsonValue): void {
    this.#push(`${JSON.stringify({ type, object: value })}\n`)
  }

  sendText(text: string): void {
    this.#push(text)
  }

  /** As the server ends a watch whose time is over. */
  end(): void {
    this.send('BOOKMARK', { metadata: {} })
    this.#push(undefined)
  }

  /** Before anything has been sent. */
  endAtOnce(): void {
    this.#push(undefined)
  }

  fail(error: Error): void {
    this.#push(error)
  }

  #push(chunk: string | Error | undefined): void {
    this.#chunks.push(chunk)
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      while (this.#chunks.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve))
      const chunk = this.#chunks.shift()
      if (chunk === undefined) return
      if (typeof chunk !== 'string') throw chunk
      yield Buffer.from(chunk)
    }
  }
}

export interface Rig {
  readonly clock: FakeClock
  readonly streams: Stream[]
  readonly lists: KubeCall[]
  readonly seen: string[]
  readonly log: ReturnType<typeof fakeLog>
  readonly watch: Watch
  /** What the next lists answer; a function may throw. */
  list: () => JsonValue
  /** What opening a watch throws, if anything. */
  refusal: Error | undefined
  last(): Stream
}

const running: Watch[] = []

/** Stops every watch that `start` has begun. */
export function stopAll(): void {
  for (const watch of running.splice(0)) watch.stop()
}

export function nameOf(object: { metadata: JsonObject }): string {
  return stringField(object.metadata, 'name')
}

export function listOf(resourceVersion: string, ...items: JsonObject[]): JsonValue {
  return { metadata: { resourceVersion }, items }
}

export interface RigOptions {
  readonly target?: WatchTarget
  readonly handler?: Partial<WatchHandler>
  readonly resources?: { now: readonly ApiResource[]; afterRefresh: readonly ApiResource[] }
  readonly list?: () => JsonValue
}

/** Watches config maps on a server whose answers the test decides. */
export async function start(options: RigOptions = {}): Promise<Rig> {
  const clock = new FakeClock()
  const log = fakeLog()
  const state = {
    list: options.list ?? (() => listOf('10', object('a', '5'))),
    refusal: undefined as Error | undefined,
  }
  const streams: Stream[] = []
  const lists: KubeCall[] = []
  const seen: string[] = []
  const requester = fakeRequester(
    (call) => {
      lists.push(call)
      return state.list()
    },
    (call) => {
      if (state.refusal !== undefined) throw state.refusal
      const stream = new Stream(call)
      streams.push(stream)
      return stream
    },
  )
  const { now, afterRefresh } = options.resources ?? { now: [configMaps], afterRefresh: [configMaps] }
  const discovery = fakeDiscovery(now, afterRefresh)
  const version = (metadata: JsonObject): string =>
    `${nameOf({ metadata })}@${stringField(metadata, 'resourceVersion')}`
  const watcher = createObjectWatcher({ requester, discovery, clock, random: () => 0.5, log })
  const watch = watcher.watch(options.target ?? target, {
    onChange: (changed) => seen.push(`+${version(changed.metadata)}`),
    onDelete: (deleted) => seen.push(`-${version(deleted.metadata)}`),
    onSynced: () => seen.push('synced'),
    ...options.handler,
  })
  running.push(watch)
  await settle()
  return Object.assign(state, { clock, log, streams, lists, seen, watch, last: () => streams.at(-1)! })
}
