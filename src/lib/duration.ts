import { parseDuration } from '../../helpers/go/duration.ts'

export { DurationError, formatDuration, parseDuration } from '../../helpers/go/duration.ts'

/** Largest duration that is worth a timer: 100 years. */
const MAX_MS = 100 * 365 * 86_400_000

/** Milliseconds (rounded down) of a Go duration, the form of every duration in Flux's and our specs. Throws DurationError. */
export function durationToMs(text: string): number {
  return Math.min(Number(parseDuration(text) / 1_000_000n), MAX_MS)
}

const PROMETHEUS_UNITS = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const
const PROMETHEUS_DURATION =
  /^(?:(\d{1,12})y)?(?:(\d{1,12})w)?(?:(\d{1,12})d)?(?:(\d{1,12})h)?(?:(\d{1,12})m)?(?:(\d{1,12})s)?(?:(\d{1,12})ms)?$/

/**
 * Milliseconds of a Prometheus duration (`30d`, `1h30m`, `2w`; units y w d h m s ms, each at most once, in this order),
 * or undefined for another text.
 */
export function findPrometheusDurationMs(text: string): number | undefined {
  const match = PROMETHEUS_DURATION.exec(text)
  if (!match || text === '') return undefined
  const total = PROMETHEUS_UNITS.reduce(
    (sum, [, unitMs], index) => sum + Number(match[index + 1] ?? 0) * unitMs,
    0,
  )
  return Math.min(total, MAX_MS)
}
