import { findPrometheusDurationMs } from '../../lib/duration.ts'

/**
 * The query with every range longer than `maxMs` cut to it: `[30d]` becomes `[600000ms]`, `[30d:5m]` becomes
 * `[600000ms:5m]`. It answers for those series only that have a sample so new. Strings and comments stay as they are.
 */
export function shortenRanges(query: string, maxMs: number): string {
  return query.replace(PARTS, (part, range?: string, colon?: string, step?: string) => {
    const rangeMs = range === undefined ? undefined : findPrometheusDurationMs(range)
    if (rangeMs === undefined || rangeMs <= maxMs) return part
    return `[${String(maxMs)}ms${colon ?? ''}${shortenStep(step ?? '', maxMs)}]`
  })
}

/** A step longer than the range would leave no instant in it. */
function shortenStep(step: string, maxMs: number): string {
  const stepMs = findPrometheusDurationMs(step)
  return stepMs !== undefined && stepMs > maxMs ? `${String(maxMs)}ms` : step
}

/** Strings of all three kinds, comments, and ranges with an optional step. */
const PARTS =
  /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|`[^`]*`|#[^\n]*|\[\s*([0-9a-z]+)\s*(?:(:)\s*([0-9a-z]*)\s*)?\]/g
