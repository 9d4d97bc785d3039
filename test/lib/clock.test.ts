import { describe, expect, it } from 'vitest'
import { startLongTimer, systemClock, type TimerSource } from '../../src/lib/clock.ts'

/** Timers that a test lets run one by one. */
function fakeTimers() {
  const pending: { delayMs: number; run: () => void; cancelled: boolean }[] = []
  const source: TimerSource = {
    start(delayMs, run) {
      const timer = { delayMs, run, cancelled: false }
      pending.push(timer)
      return () => {
        timer.cancelled = true
      }
    },
  }
  return { pending, source }
}

describe('startLongTimer', () => {
  it('splits what one timer cannot hold', () => {
    const { pending, source } = fakeTimers()
    let runs = 0
    const hoursMs = 10_000 * 3_600_000
    startLongTimer(hoursMs, () => runs++, source)
    for (let index = 0; index < pending.length; index++) {
      expect(runs).toBe(0)
      pending[index]!.run()
    }
    expect(runs).toBe(1)
    expect(pending.every((timer) => timer.delayMs <= 2 ** 31 - 1)).toBe(true)
    expect(pending.reduce((sum, timer) => sum + timer.delayMs, 0)).toBe(hoursMs)
  })

  it('cancels the leg that is under way', () => {
    const { pending, source } = fakeTimers()
    const cancel = startLongTimer(2 ** 32, () => {}, source)
    pending[0]!.run()
    cancel()
    expect(pending.map((timer) => timer.cancelled)).toEqual([false, true])
  })

  it('takes a negative or unreadable delay as none', () => {
    const { pending, source } = fakeTimers()
    startLongTimer(-5, () => {}, source)
    startLongTimer(Number.NaN, () => {}, source)
    expect(pending.map((timer) => timer.delayMs)).toEqual([0, 0])
  })
})

describe('systemClock', () => {
  it('runs a timer and cancels one', async () => {
    const clock = systemClock()
    let cancelledRan = false
    clock.after(1, () => {
      cancelledRan = true
    })()
    await new Promise<void>((resolve) => void clock.after(5, resolve))
    expect(cancelledRan).toBe(false)
    expect(clock.nowMs()).toBeGreaterThan(1_600_000_000_000)
    expect(clock.monotonicMs()).toBeGreaterThan(0)
  })
})
