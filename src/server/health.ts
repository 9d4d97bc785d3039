import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../ports.ts'
import type { Page } from './http-server.ts'

/** A loop that is blocked for this long in the worst of the last probes is not healthy. */
const MAX_LOOP_DELAY_MS = 5_000
/** Watches that are not fresh for this long mean that the process has lost touch and should be replaced. */
const MAX_STALE_MS = 10 * 60_000

export interface HealthSources {
  readonly isSynced: () => boolean
  readonly isFresh: () => boolean
  readonly clock: Clock
}

/**
 * `/healthz`: the event loop turns, and the watches are not stale for long (a restart may help). `/readyz`: every set
 * has been seen, or the process is a standby.
 */
export function healthPages(sources: HealthSources): Readonly<Record<string, Page>> {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  let freshMs = sources.clock.monotonicMs()
  return {
    '/healthz': async () => {
      if (sources.isFresh() || !sources.isSynced()) freshMs = sources.clock.monotonicMs()
      const staleMs = sources.clock.monotonicMs() - freshMs
      const delayMs = delay.max / 1e6
      delay.reset()
      if (delayMs > MAX_LOOP_DELAY_MS) return unhealthy(`event loop delayed by ${Math.round(delayMs)} ms`)
      return staleMs > MAX_STALE_MS ? unhealthy('watches are stale') : HEALTHY
    },
    '/readyz': async () => (sources.isSynced() ? HEALTHY : unhealthy('sets are not listed yet')),
  }
}

const HEALTHY = { status: 200, contentType: 'text/plain', body: 'ok\n' }

function unhealthy(why: string): { status: number; contentType: string; body: string } {
  return { status: 503, contentType: 'text/plain', body: `${why}\n` }
}
