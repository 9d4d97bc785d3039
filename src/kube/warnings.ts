import { cleanText } from './api-error.ts'

const MAX_WARNINGS = 20

/** Texts of `Warning: 299 - "…"` headers, as the API server sends them, without duplicates. */
export function parseWarnings(header: string | string[] | undefined): string[] {
  if (header === undefined) return []
  const values = Array.isArray(header) ? header : [header]
  const texts = values.flatMap((value) => [...value.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)])
  const unquoted = texts.map((match) => cleanText((match[1] ?? '').replace(/\\(.)/g, '$1')))
  return [...new Set(unquoted)].slice(0, MAX_WARNINGS)
}
