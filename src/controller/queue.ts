import type { Clock } from '../ports.ts'

/** Why a set is looked at. */
export type Cause =
  /** First sight of the set by this process. */
  | { readonly kind: 'start' }
  /** Its spec, a relevant annotation, or its deletion. */
  | { readonly kind: 'spec' }
  /** A generator's schedule, the drift interval, or a retry. */
  | { readonly kind: 'timer' }
  /** An object that a generator reads has changed; `reference` is its identity text. */
  | { readonly kind: 'reference'; readonly reference: string }
  /** Somebody else changed or deleted an object of the set. */
  | { readonly kind: 'drift' }

/** A key that takes longer than this waits for others (a slow endpoint, mostly) and gives its place to the next one. */
const SLOW_AFTER_MS = 5_000
/** Keys beyond `concurrency` that may be slow at a time, for each place. */
const SLOW_PER_PLACE = 16

export interface QueueOptions {
  readonly clock: Clock
  readonly concurrency: number
  /** Handles one key. Never called twice at once for the same key. Must not throw. */
  readonly handle: (key: string, causes: readonly Cause[]) => Promise<void>
  /** Tells when a key began to wait and how many wait now. */
  readonly onWait?: (waitedMs: number, depth: number) => void
}

interface Waiting {
  readonly sinceMs: number
  readonly causes: Cause[]
}

/**
 * A de-duplicating work queue: keys are handled one at a time each, `concurrency` at once, and namespaces take turns,
 * so that one tenant's thousand sets do not stand before another's one, and slow ones not before quick ones. Keys are
 * `namespace/name`.
 */
export class WorkQueue {
  private readonly options: QueueOptions
  private readonly waiting = new Map<string, Waiting>()
  /** Keys in order of arrival by namespace; the map's order is the order of turns. */
  private readonly turns = new Map<string, string[]>()
  private readonly running = new Set<string>()
  /** Those of `running` that have given up their place. */
  private readonly slow = new Set<string>()
  private readonly timers = new Map<string, () => void>()
  private stopped = true
  private onIdle: (() => void)[] = []

  constructor(options: QueueOptions) {
    this.options = options
  }

  get depth(): number {
    return this.waiting.size
  }

  start(): void {
    this.stopped = false
    this.pump()
  }

  /** Handles nothing more; resolves when what is being handled has ended. */
  async stop(): Promise<void> {
    this.stopped = true
    for (const cancel of this.timers.values()) cancel()
    this.timers.clear()
    if (this.running.size === 0) return
    await new Promise<void>((resolve) => this.onIdle.push(resolve))
  }

  /** Handles the key as soon as its turn comes. Several causes before that are handled together. */
  add(key: string, cause: Cause): void {
    const waiting = this.waiting.get(key)
    if (waiting !== undefined) {
      addCause(waiting.causes, cause)
      return
    }
    this.waiting.set(key, { sinceMs: this.options.clock.monotonicMs(), causes: [cause] })
    if (!this.running.has(key)) this.enqueue(key)
    this.pump()
  }

  /** Handles the key after a delay of any length. A later call replaces an earlier one. */
  schedule(key: string, delayMs: number): void {
    this.cancel(key)
    if (this.stopped) return
    this.timers.set(
      key,
      this.options.clock.after(delayMs, () => {
        this.timers.delete(key)
        this.add(key, { kind: 'timer' })
      }),
    )
  }

  cancel(key: string): void {
    this.timers.get(key)?.()
    this.timers.delete(key)
  }

  private enqueue(key: string): void {
    const namespace = key.slice(0, key.indexOf('/'))
    const keys = this.turns.get(namespace)
    if (keys === undefined) this.turns.set(namespace, [key])
    else keys.push(key)
  }

  private next(): string | undefined {
    for (const [namespace, keys] of this.turns) {
      const key = keys.shift()
      this.turns.delete(namespace)
      if (keys.length > 0) this.turns.set(namespace, keys)
      if (key !== undefined) return key
    }
    return undefined
  }

  private pump(): void {
    while (!this.stopped && this.running.size - this.slow.size < this.options.concurrency) {
      const key = this.next()
      if (key === undefined) return
      void this.run(key)
    }
  }

  private async run(key: string): Promise<void> {
    const waiting = this.waiting.get(key)
    this.waiting.delete(key)
    if (waiting === undefined) return
    this.running.add(key)
    const cancelSlow = this.options.clock.after(SLOW_AFTER_MS, () => this.giveUpPlace(key))
    this.options.onWait?.(this.options.clock.monotonicMs() - waiting.sinceMs, this.waiting.size)
    try {
      await this.options.handle(key, waiting.causes)
    } finally {
      cancelSlow()
      this.finish(key)
    }
  }

  private giveUpPlace(key: string): void {
    if (this.slow.size >= this.options.concurrency * SLOW_PER_PLACE) return
    this.slow.add(key)
    this.pump()
  }

  private finish(key: string): void {
    this.running.delete(key)
    this.slow.delete(key)
    if (this.waiting.has(key)) this.enqueue(key)
    this.pump()
    if (this.running.size > 0) return
    for (const resolve of this.onIdle.splice(0)) resolve()
  }
}

function addCause(causes: Cause[], cause: Cause): void {
  const isKnown = causes.some(
    (known) =>
      known.kind === cause.kind &&
      (known.kind !== 'reference' || cause.kind !== 'reference' || known.reference === cause.reference),
  )
  if (!isKnown) causes.push(cause)
}
