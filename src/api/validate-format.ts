import { DurationError, durationToMs, findPrometheusDurationMs } from '../lib/duration.ts'
import { compileJsonPath, JsonPathError } from '../lib/jsonpath.ts'
import { isDnsLabel, isDnsSubdomain } from '../lib/label.ts'
import { SPEC_LIMITS } from '../lib/limits.ts'
import { parseCron, ScheduleError } from '../lib/schedule.ts'
import { isTimeZone } from '../lib/time-zone.ts'
import { findPromqlProblem } from './promql-shape.ts'
import type { Format } from './schema/schema.ts'

type Check = (text: string) => string | undefined

const CHECKS: Readonly<Record<Format, Check>> = {
  duration: (text) => durationProblem(text, 1),
  interval: (text) => durationProblem(text, SPEC_LIMITS.minIntervalMs),
  prometheusDuration: (text) =>
    (findPrometheusDurationMs(text) ?? 0) > 0
      ? undefined
      : `${quote(text)} is not a Prometheus duration, such as 30d or 1h30m`,
  percent: (text) =>
    /^[0-9]{1,3}(\.[0-9]{1,6})?%$/.test(text) && Number.parseFloat(text) <= 100
      ? undefined
      : `${quote(text)} is not a share between 0% and 100%`,
  cron: cronProblem,
  timeZone: (text) =>
    isTimeZone(text) ? undefined : `${quote(text)} is not an IANA time zone, such as Europe/Berlin`,
  httpUrl: (text) => urlProblem(text, ['http:', 'https:']),
  httpsUrl: (text) => urlProblem(text, ['https:']),
  jsonPath: jsonPathProblem,
  promql: findPromqlProblem,
  objectName: (text) => (isDnsSubdomain(text) ? undefined : `${quote(text)} is not an object’s name`),
  namespace: (text) => (isDnsLabel(text) ? undefined : `${quote(text)} is not a namespace’s name`),
  identifier: (text) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
      ? undefined
      : `${quote(text)} is not a name of letters, digits and underscores`,
  'date-time': (text) => (Number.isNaN(Date.parse(text)) ? `${quote(text)} is not a time` : undefined),
  nonEmpty: (text) => (text.trim() === '' ? 'must not be empty' : undefined),
}

/** What is wrong with a text of this format, or undefined. Never quotes a URL: it may hold a password. */
export function findFormatProblem(format: Format, text: string): string | undefined {
  return CHECKS[format](text)
}

function durationProblem(text: string, minMs: number): string | undefined {
  try {
    const ms = durationToMs(text)
    return ms >= minMs
      ? undefined
      : `${quote(text)} is shorter than ${minMs < 1_000 ? '1ms' : `${minMs / 1_000}s`}`
  } catch (error) {
    if (!(error instanceof DurationError)) throw error
    return `${quote(text)} is not a duration, such as 30s, 10m or 24h`
  }
}

function cronProblem(text: string): string | undefined {
  try {
    return parseCron(text).nextAfterMs(0) === undefined ? `${quote(text)} never comes round` : undefined
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error
    return error.message
  }
}

function urlProblem(text: string, protocols: readonly string[]): string | undefined {
  const schemes = protocols.map((protocol) => `${protocol}//`).join(' or ')
  if (!protocols.some((protocol) => text.startsWith(`${protocol}//`))) return `must start with ${schemes}`
  if (/[\s\p{Cc}]/u.test(text)) return 'must not contain spaces or control characters'
  if (!URL.canParse(text)) return 'is not a URL'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '' || /^[^/?#]*@/.test(text.replace(/^[a-z]+:\/\//, ''))) {
    return 'must not contain a user or password; use headersRef'
  }
  return undefined
}

function jsonPathProblem(text: string): string | undefined {
  try {
    const { parts } = compileJsonPath(text)
    const hasAction = parts.some((part) => 'length' in part)
    return hasAction ? undefined : `${quote(text)} has no path in braces, such as {.items}`
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error
    return `JSONPath ${quote(text)}: ${error.message}`
  }
}

/** The text in quotes, cut. */
function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}
