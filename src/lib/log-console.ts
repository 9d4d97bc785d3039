const HIDDEN: ReadonlySet<string> = new Set(['level', 'ts', 'msg'])

/** A JSON log line as a person reads it: time, level, message, `key=value`. */
export function consoleLine(line: string): string {
  const entry = JSON.parse(line) as Record<string, unknown>
  const head = [entry['ts'], String(entry['level']).toUpperCase().padEnd(5), entry['msg']].map(toText)
  const fields = Object.entries(entry)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => `${key}=${toText(value)}`)
  return `${[...head, ...fields].join(' ')}\n`
}

/** On one line, whatever the value. */
function toText(value: unknown): string {
  if (typeof value === 'string' && /^[^\p{Cc}]*$/u.test(value)) return value
  return JSON.stringify(value) ?? ''
}
