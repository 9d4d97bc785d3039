import { jitterMs } from '../lib/backoff.ts'
import type { Random } from '../lib/backoff.ts'
import { ApiError } from '../ports.ts'
import type { Clock, Logger } from '../ports.ts'
import type { KubeCall, Requester } from './call.ts'
import { sleep } from './deadline.ts'
import { heldBy, newLease, readLease, released, stampOf } from './lease-record.ts'
import type { LeaseRecord } from './lease-record.ts'

export interface LeaseTimes {
  /** Others may take the lease when it was not renewed for this long. */
  readonly leaseMs: number
  /** The leader gives up when it could not renew for this long. Less than `leaseMs`: the difference is what keeps two apart. */
  readonly renewDeadlineMs: number
  readonly retryMs: number
}

export const LEASE_TIMES: LeaseTimes = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 }

export interface ElectorOptions {
  /** Must not be gated by this very election, nor wait behind other requests. */
  readonly requester: Requester
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly namespace: string
  readonly name: string
  /** Of this process alone: pod name and something random. */
  readonly holder: string
  readonly times?: LeaseTimes
  /** Leadership is won. The signal aborts the moment it is lost or given back. */
  readonly onStarted: (signal: AbortSignal) => void
  /** Leadership is lost; not called by `stop`. The process should exit: it does not run for it again. */
  readonly onLost: () => void
}

/** A write was tried by a process that is not, or not certainly, the leader. */
export class NotLeadingError extends Error {
  constructor() {
    super('this process is not the leader (any more), so it must not write')
    this.name = 'NotLeadingError'
  }
}

export interface Elector {
  /**
   * Whether the lease was renewed within the renew deadline, by this process's own monotonic clock. Right also in the moment after
   * the process was frozen, before any timer has run.
   */
  isLeading(): boolean
  /** Throws NotLeadingError. For `RequesterOptions.assertMayWrite`. */
  assertLeading(): void
  /** Ends the election and gives the lease back. Call it when the work has ended. */
  stop(): Promise<void>
}

/** A lease is a hint, not a fence: what follows from two leaders for a moment must be harmless for other reasons. */
export function startElection(options: ElectorOptions): Elector {
  const election = new Election(options)
  election.start()
  return election
}

const MAX_FOREIGN_LEASE_MS = 600_000

class Election implements Elector {
  readonly #options: ElectorOptions
  readonly #times: LeaseTimes
  /** Ends the loop and its requests. */
  readonly #stopping = new AbortController()
  /** Ends the work of the leader. */
  readonly #leadership = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #leading = false
  /** When the request was sent that renewed the lease last: it holds at least from then. */
  #renewedMs = 0
  #cancelDeadline: () => void = () => {}
  /** What was seen of another's lease, and since when: other clocks are never compared with ours. */
  #seen = { stamp: '', sinceMs: 0 }

  constructor(options: ElectorOptions) {
    this.#options = options
    this.#times = options.times ?? LEASE_TIMES
  }

  start(): void {
    this.#running = this.#run()
  }

  isLeading(): boolean {
    return this.#leading && this.#nowMs() - this.#renewedMs < this.#times.renewDeadlineMs
  }

  assertLeading(): void {
    if (!this.isLeading()) throw new NotLeadingError()
  }

  async stop(): Promise<void> {
    const wasLeading = this.#leading
    this.#end(new NotLeadingError())
    await this.#running
    if (wasLeading) await this.#release()
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#attempt()
      try {
        await sleep(
          this.#options.clock,
          jitterMs(this.#times.retryMs, 0.2, this.#options.random),
          this.#stopping.signal,
        )
      } catch {
        return
      }
    }
  }

  async #attempt(): Promise<void> {
    if (this.#leading && !this.isLeading()) {
      this.#lose('the process was stopped for longer than the renew deadline')
      return
    }
    const sentMs = this.#nowMs()
    try {
      const record = await this.#read()
      if (!this.#mayTake(record)) {
        if (this.#leading) this.#lose('another process holds the lease')
        return
      }
      await this.#write(record, heldBy(record, this.#options.holder, this.#leaseTimes()))
      this.#renewed(sentMs)
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      const text = error instanceof Error ? error.message : String(error)
      this.#options.log.warn('the leader lease could not be taken or renewed', {
        error: text,
        leading: this.#leading,
      })
    }
  }

  /** Free, ours, or not renewed for its whole duration while we looked. */
  #mayTake(record: LeaseRecord): boolean {
    if (record.holder === '' || record.holder === this.#options.holder) return true
    const nowMs = this.#nowMs()
    const stamp = stampOf(record)
    if (stamp !== this.#seen.stamp) this.#seen = { stamp, sinceMs: nowMs }
    const durationMs = Math.min(record.durationMs ?? this.#times.leaseMs, MAX_FOREIGN_LEASE_MS)
    return nowMs - this.#seen.sinceMs > durationMs
  }

  #renewed(sentMs: number): void {
    const leftMs = this.#times.renewDeadlineMs - (this.#nowMs() - sentMs)
    // An answer that took so long (the process may have been frozen) proves nothing; the next attempt will tell.
    if (leftMs <= 0 || this.#stopping.signal.aborted) return
    this.#renewedMs = sentMs
    this.#cancelDeadline()
    this.#cancelDeadline = this.#options.clock.after(leftMs, () =>
      this.#lose('the lease could not be renewed in time'),
    )
    if (this.#leading) return
    this.#leading = true
    this.#options.log.info('leadership won', { lease: this.#options.name })
    try {
      this.#options.onStarted(this.#leadership.signal)
    } catch (error) {
      this.#lose(`the work could not be started: ${error instanceof Error ? error.message : ''}`)
    }
  }

  #lose(why: string): void {
    if (!this.#leading) return
    this.#options.log.error('leadership lost', { lease: this.#options.name, why })
    this.#end(new NotLeadingError())
    this.#options.onLost()
  }

  #end(reason: Error): void {
    this.#leading = false
    this.#cancelDeadline()
    this.#leadership.abort(reason)
    this.#stopping.abort(reason)
  }

  async #release(): Promise<void> {
    const { log, holder, clock } = this.#options
    try {
      const record = await this.#read(false)
      if (record.holder === holder) await this.#write(record, released(record, clock.nowMs()), false)
    } catch (error) {
      // It runs out by itself.
      log.warn('the leader lease could not be given back', {
        error: error instanceof Error ? error.message : '',
      })
    }
  }

  async #read(stoppable = true): Promise<LeaseRecord> {
    const { namespace, name } = this.#options
    try {
      const { body } = await this.#options.requester.call(this.#call('GET', stoppable))
      return readLease(body)
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'NotFound') return newLease({ namespace, name })
      throw error
    }
  }

  async #write(record: LeaseRecord, body: LeaseRecord['object'], stoppable = true): Promise<void> {
    const isNew = record.transitions < 0
    await this.#options.requester.call({ ...this.#call(isNew ? 'POST' : 'PUT', stoppable), body })
  }

  #call(method: 'GET' | 'POST' | 'PUT', stoppable: boolean): KubeCall {
    const { namespace, name } = this.#options
    const collection = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespace }
    return {
      method,
      target: method === 'POST' ? collection : { ...collection, name },
      identity: { kind: 'controller' },
      // So that several attempts fit into the renew deadline.
      timeoutMs: this.#times.renewDeadlineMs / 2,
      retry: false,
      ...(stoppable ? { signal: this.#stopping.signal } : {}),
    }
  }

  #leaseTimes(): { nowMs: number; leaseMs: number } {
    return { nowMs: this.#options.clock.nowMs(), leaseMs: this.#times.leaseMs }
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs()
  }
}
