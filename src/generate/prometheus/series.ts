import { setKey } from '../../lib/json.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { SampleValue } from './sample-value.ts'

export type Labels = ReadonlyMap<string, string>

/** One series of an instant vector. */
export interface Series {
  readonly labels: Labels
  /** {@link labelKey} of the labels. */
  readonly key: string
  readonly timeMs: number
  readonly value: SampleValue
}

/** Equal for equal labels; its order is that of label names and values. */
export function labelKey(labels: Labels): string {
  return JSON.stringify(sortedLabels(labels))
}

export function byLabels(a: Series, b: Series): number {
  if (a.key === b.key) return 0
  return a.key < b.key ? -1 : 1
}

export function labelsToJson(labels: Labels): JsonObject {
  const object: JsonObject = {}
  for (const [name, value] of sortedLabels(labels)) setKey(object, name, value)
  return object
}

/** As PromQL writes it, cut: for messages. */
export function describeLabels(labels: Labels): string {
  const pairs = sortedLabels(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  const text = `{${pairs.join(', ')}}`
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

function sortedLabels(labels: Labels): [name: string, value: string][] {
  return [...labels].sort(([a], [b]) => (a < b ? -1 : 1))
}
