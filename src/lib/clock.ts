/** Longest delay of one Node timer; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** What a long timer is made of. `setTimeout` and `clearTimeout` in production. */
export interface TimerSource {
  start(delayMs: number, run: () => void): () => void
}

const nodeTimers: TimerSource = {
  start(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** An adapter of the Clock port. */
export interface SystemClock {
  nowMs(): number
  monotonicMs(): number
  after(delayMs: number, run: () => void): () => void
}

/** The machine's clock. Timers may be longer than Node's own limit of 24.8 days. */
export function systemClock(): SystemClock {
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    after: (delayMs, run) => startLongTimer(delayMs, run, nodeTimers),
  }
}

/** Runs `run` once after `delayMs`, in as many legs as the timer source needs. Returns the cancel function. */
export function startLongTimer(delayMs: number, run: () => void, timers: TimerSource): () => void {
  let cancelLeg = () => {}
  const startLeg = (leftMs: number) => {
    const legMs = Math.min(leftMs, MAX_TIMER_MS)
    cancelLeg = timers.start(legMs, () => (leftMs > legMs ? startLeg(leftMs - legMs) : run()))
  }
  startLeg(Number.isNaN(delayMs) ? 0 : Math.max(0, delayMs))
  return () => cancelLeg()
}
