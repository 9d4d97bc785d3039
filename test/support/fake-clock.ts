import type { Clock } from '../../src/ports.ts'

/** A clock that stands still until it is advanced; timers run in order of their due time. */
export class FakeClock implements Clock {
  private timeMs: number
  private timers: { atMs: number; run: () => void }[] = []

  constructor(startMs = Date.parse('2026-01-01T00:00:00Z')) {
    this.timeMs = startMs
  }

  nowMs(): number {
    return this.timeMs
  }

  monotonicMs(): number {
    return this.timeMs
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.timeMs + delayMs, run }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }

  get pendingTimers(): number {
    return this.timers.length
  }

  /** Moves time and runs what has become due, then lets promises settle. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.timeMs + ms
    for (;;) {
      const next = this.timers.toSorted((a, b) => a.atMs - b.atMs).find((timer) => timer.atMs <= untilMs)
      if (next === undefined) break
      this.timers = this.timers.filter((timer) => timer !== next)
      this.timeMs = Math.max(this.timeMs, next.atMs)
      next.run()
      await settle()
    }
    this.timeMs = untilMs
    await settle()
  }
}

/** Lets every promise that can continue do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise<void>((resolve) => setImmediate(resolve))
}
