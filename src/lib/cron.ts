import type { CronExpression } from 'cron-parser'
import { lazyRequire } from '../../helpers/lazy.ts'
import { SCHEDULE_LIMITS } from './limits.ts'
import { instantOfWallTime, isTimeZone, wallTimeMs } from './time-zone.ts'

/** A text that is not a five-field cron schedule, or a zone that does not exist. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError'
}

/** A five-field cron schedule in a time zone. Immutable. */
export interface Cron {
  /** The first slot after an instant, or undefined where there is none (30 February). */
  nextAfterMs(instantMs: number): number | undefined
}

/** Loaded when the first schedule is met: most sets have none, and the command line starts without it. */
const cronParser = lazyRequire<typeof import('cron-parser')>('cron-parser')

const FIELDS: readonly { name: string; pattern: RegExp }[] = [
  { name: 'minute', pattern: /^[0-9*,/-]+$/ },
  { name: 'hour', pattern: /^[0-9*,/-]+$/ },
  { name: 'day of month', pattern: /^[0-9*,/-]+$/ },
  { name: 'month', pattern: /^[0-9*,/A-Za-z-]+$/ },
  { name: 'day of week', pattern: /^[0-9*,/A-Za-z-]+$/ },
]
const NAMES =
  /(?<![a-z])(?!(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)(?![a-z]))[a-z]+/i

/** No zone's clocks have skipped more than this in the days of cron. */
const MAX_GAP_MS = 3 * 3_600_000

/** Throws {@link ScheduleError}. The zone defaults to UTC. */
export function parseCron(text: string, timeZone = 'UTC'): Cron {
  if (!isTimeZone(timeZone)) {
    throw new ScheduleError(
      `${JSON.stringify(timeZone)} is not an IANA time zone, such as Europe/Berlin or UTC`,
    )
  }
  const fields = splitFields(text)
  const expression = fields.join(' ')
  // A schedule for every hour (or every n hours) counts real hours; one for given hours follows the wall clock.
  const countsHours = fields[1]?.startsWith('*') === true
  startExpression(expression, 0, 'UTC')
  return {
    nextAfterMs: (instantMs) =>
      countsHours
        ? nextSlot(startExpression(expression, instantMs, timeZone))
        : nextByWallClock(expression, instantMs, timeZone),
  }
}

function splitFields(text: string): string[] {
  if (text.length > SCHEDULE_LIMITS.maxScheduleChars) {
    throw new ScheduleError(`a schedule has at most ${SCHEDULE_LIMITS.maxScheduleChars} characters`)
  }
  const fields = text.trim().split(/[ \t]+/)
  if (fields.length !== FIELDS.length) {
    throw new ScheduleError(
      `a schedule has five fields (minute, hour, day of month, month, day of week), this one has ${text.trim() === '' ? 0 : fields.length}`,
    )
  }
  for (const [index, field] of fields.entries()) {
    const rule = FIELDS[index]
    if (rule && (!rule.pattern.test(field) || NAMES.test(field))) {
      throw new ScheduleError(`${JSON.stringify(field)} is not a ${rule.name}`)
    }
  }
  return fields
}

/**
 * Slots are found on the wall clock's own time line, which has no gaps, and then placed in time: once on the day that
 * the clocks go forward (as much later as they skip) and once when they go back (the first of the two).
 */
function nextByWallClock(expression: string, instantMs: number, timeZone: string): number | undefined {
  const slots = startExpression(expression, wallTimeMs(instantMs, timeZone) - MAX_GAP_MS, 'UTC')
  for (;;) {
    const wallMs = nextSlot(slots)
    if (wallMs === undefined) return undefined
    const slotMs = instantOfWallTime(wallMs, timeZone)
    if (slotMs > instantMs) return slotMs
  }
}

function nextSlot(slots: CronExpression): number | undefined {
  try {
    return slots.next().getTime()
  } catch {
    return undefined
  }
}

function startExpression(expression: string, fromMs: number, tz: string): CronExpression {
  const { CronExpressionParser } = cronParser()
  try {
    return CronExpressionParser.parse(expression, { currentDate: new Date(fromMs), tz })
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable'
    throw new ScheduleError(`not a cron schedule: ${why}`, { cause: error })
  }
}
