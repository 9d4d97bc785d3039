import { AnswerError } from './query-answer.ts'
import type { GatedSeries } from './gates.ts'
import { describeLabels, labelKey, type Labels } from './series.ts'

export type JoinKind = 'Inner' | 'Left' | 'Full'

/** Series of several queries that belong together. */
export interface JoinedRow {
  readonly labels: Labels
  /** In the order of the queries; undefined where a query has none. */
  readonly series: readonly (GatedSeries | undefined)[]
}

/**
 * Joins results on the labels `on`, by default those that all series have in common. A row's labels are the first
 * series' ones and what further series add. Sorted by the joined labels. Throws AnswerError where two series of one
 * query have the same joined labels.
 */
export function joinResults(
  results: readonly (readonly GatedSeries[])[],
  kind: JoinKind,
  on: readonly string[] | undefined,
): JoinedRow[] {
  const [only] = results
  if (only !== undefined && results.length === 1)
    return only.map((series) => ({ labels: series.labels, series: [series] }))
  const names = on ?? commonLabels(results)
  const tables = results.map((series) => indexByLabels(series, names))
  return rowKeys(tables, kind).map((key) => {
    const series = tables.map((table) => table.get(key))
    return { labels: unitedLabels(series), series }
  })
}

function rowKeys(tables: readonly ReadonlyMap<string, GatedSeries>[], kind: JoinKind): string[] {
  const [first = new Map<string, GatedSeries>()] = tables
  const candidates = kind === 'Full' ? tables.flatMap((table) => [...table.keys()]) : [...first.keys()]
  const keys = [...new Set(candidates)].sort((a, b) => (a < b ? -1 : 1))
  return kind === 'Inner' ? keys.filter((key) => tables.every((table) => table.has(key))) : keys
}

/** As PromQL has it, a label that is not there is empty. */
function indexByLabels(series: readonly GatedSeries[], names: readonly string[]): Map<string, GatedSeries> {
  const table = new Map<string, GatedSeries>()
  for (const item of series) {
    const joined = new Map(names.map((name) => [name, item.labels.get(name) ?? '']))
    const key = labelKey(joined)
    if (table.has(key))
      throw new AnswerError(
        `two series of one query have the labels ${describeLabels(joined)}; aggregate, or join on more labels`,
      )
    table.set(key, item)
  }
  return table
}

function commonLabels(results: readonly (readonly GatedSeries[])[]): string[] {
  const [first, ...others] = results.flat()
  if (first === undefined) return []
  return [...first.labels.keys()].filter(
    (name) => name !== '__name__' && others.every((series) => series.labels.has(name)),
  )
}

function unitedLabels(series: readonly (GatedSeries | undefined)[]): Labels {
  const labels = new Map<string, string>()
  for (const item of series) {
    for (const [name, value] of item?.labels ?? []) {
      if (!labels.has(name) && name !== '__name__') labels.set(name, value)
    }
  }
  return labels
}
