const MINUTE_MS = 60_000

/** Formatters by zone: making one costs far more than using it. */
const formatters = new Map<string, Intl.DateTimeFormat>()
const MAX_FORMATTERS = 1_000

/** Whether `name` is an IANA zone that this runtime knows (`Europe/Berlin`, `UTC`). Offsets such as `+01:00` are not. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false
  try {
    formatterOf(name)
    return true
  } catch {
    return false
  }
}

/**
 * What a clock on the wall shows in `zone` at an instant, as if it were UTC: the milliseconds since 1970 of a UTC
 * clock that shows the same.
 */
export function wallTimeMs(instantMs: number, zone: string): number {
  const parts: Record<string, number> = {}
  for (const part of formatterOf(zone).formatToParts(instantMs)) parts[part.type] = Number(part.value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((instantMs % 1000) + 1000) % 1000)
}

/**
 * The instant at which the wall clock in `zone` shows `wallMs`. Where it shows that twice (clocks go back): the first
 * time. Where it never does (clocks go forward): as much later as the clocks skipped.
 */
export function instantOfWallTime(wallMs: number, zone: string): number {
  const before = wallMs - offsetMs(wallMs - 24 * 60 * MINUTE_MS, zone)
  if (wallTimeMs(before, zone) === wallMs) return before
  const after = wallMs - offsetMs(wallMs + 24 * 60 * MINUTE_MS, zone)
  return wallTimeMs(after, zone) === wallMs ? after : before
}

/** How far the zone's wall clock is ahead of UTC. */
function offsetMs(instantMs: number, zone: string): number {
  return wallTimeMs(instantMs, zone) - instantMs
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  if (formatters.size >= MAX_FORMATTERS) formatters.clear()
  formatters.set(zone, formatter)
  return formatter
}
