import type { Clock } from '../ports.ts'
import { abortable, sleep } from './deadline.ts'

/** Lets a bounded number of requests go at once, and no more than `qps` a second on average. */
export interface Admission {
  /** Resolves when a request may be sent, in order of asking. The returned function must be called when it has ended. */
  enter(signal?: AbortSignal): Promise<() => void>
}

export interface AdmissionLimits {
  readonly maxInFlight: number
  /** Requests a second; 0: no limit (the server's own fairness decides). */
  readonly qps: number
  readonly burst: number
}

/** A semaphore in front of a token bucket. */
export function createAdmission(clock: Clock, limits: AdmissionLimits): Admission {
  let inFlight = 0
  const waiting = new Set<() => void>()
  const takeToken = createTokenBucket(clock, limits)

  const leave = (): void => {
    const next = waiting.values().next()
    if (next.done === true) {
      inFlight--
      return
    }
    // The slot goes straight to the next in line, so that nobody can overtake it.
    waiting.delete(next.value)
    next.value()
  }

  const waitInLine = async (signal: AbortSignal | undefined): Promise<void> => {
    let admit = (): void => {}
    const admitted = new Promise<void>((resolve) => (admit = resolve))
    waiting.add(admit)
    try {
      await (signal === undefined ? admitted : abortable(admitted, signal))
    } catch (error) {
      // Admitted and aborted in the same moment: the slot is ours to give back.
      if (!waiting.delete(admit)) leave()
      throw error
    }
  }

  return {
    async enter(signal) {
      if (inFlight < limits.maxInFlight) inFlight++
      else await waitInLine(signal)
      try {
        const delayMs = takeToken()
        if (delayMs > 0) await sleep(clock, delayMs, signal)
      } catch (error) {
        leave()
        throw error
      }
      return once(leave)
    },
  }
}

/** Returns a function that takes one token and says how many milliseconds to wait for it. */
function createTokenBucket(clock: Clock, limits: AdmissionLimits): () => number {
  if (limits.qps <= 0) return () => 0
  let tokens = limits.burst
  let lastMs = clock.monotonicMs()
  return () => {
    const nowMs = clock.monotonicMs()
    tokens = Math.min(limits.burst, tokens + ((nowMs - lastMs) * limits.qps) / 1000) - 1
    lastMs = nowMs
    return tokens >= 0 ? 0 : (-tokens * 1000) / limits.qps
  }
}

function once(run: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    run()
  }
}
