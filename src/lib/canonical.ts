import { createHash } from 'node:crypto'
import { type JsonValue, WideNumber } from '../../helpers/go/value.ts'

/**
 * JSON text in which equal values are equal texts: keys sorted, no spaces, integers that float64 cannot hold with all
 * their digits. An integer means the same however it was read (`1` and `1.0`).
 */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (value instanceof WideNumber) return value.text
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`)
  return `{${members.join(',')}}`
}

/** `sha256:` and 64 hex digits over {@link canonicalJson}. */
export function canonicalHash(value: JsonValue): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`
}
