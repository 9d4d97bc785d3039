/** Deeper causes say nothing new. */
const MAX_CAUSES = 4
const MAX_FRAMES = 12

/** Errors whose messages we wrote, without secrets in them. */
const OWN_ERRORS: ReadonlySet<string> = new Set([
  'AppError',
  'ApiError',
  'TemplateError',
  'HelperError',
  'JsonPathError',
  'DurationError',
  'ScheduleError',
  'SelectorError',
])

/**
 * What a log line tells of a thrown value: name, code, stack frames, and the message where it is ours. Other messages
 * and the properties of library errors stay out: a JSON parser quotes its input, an HTTP client its headers.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  return {
    name: error.name,
    ...pick(error, 'code'),
    ...pick(error, 'reason'),
    ...pick(error, 'status'),
    ...(OWN_ERRORS.has(error.name) ? { message: error.message } : {}),
    stack: stackFrames(error),
    ...(error.cause !== undefined && depth < MAX_CAUSES
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  }
}

/** A short text or number that is the error's own. */
function pick(error: Error, key: string): Record<string, unknown> {
  const value: unknown = Object.hasOwn(error, key) ? Reflect.get(error, key) : undefined
  const isShort =
    typeof value === 'number' || (typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value))
  return isShort ? { [key]: value } : {}
}

function stackFrames(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at [^ ].*:\d+:\d+\)?$/.test(line))
    .slice(0, MAX_FRAMES)
}
