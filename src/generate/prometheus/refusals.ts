import type { GatedSeries } from './gates.ts'
import { describeLabels, type Labels } from './series.ts'
import type { Settings } from './settings.ts'

/** An element that is withheld. */
export interface Refused {
  readonly labels: Labels
  readonly refusal: NonNullable<GatedSeries['refusal']>
  readonly coverage: number | undefined
}

const NAMED = 3

/** Says which elements are withheld and why; undefined where there are none. */
export function describeRefusals(refused: readonly Refused[], settings: Settings): string | undefined {
  if (refused.length === 0) return undefined
  const named = refused.slice(0, NAMED).map((item) => `${describeLabels(item.labels)} ${why(item, settings)}`)
  const more = refused.length > NAMED ? [`${String(refused.length - NAMED)} more`] : []
  return `insufficient data, existing objects are kept: ${[...named, ...more].join('; ')}`
}

function why(item: Refused, settings: Settings): string {
  if (item.refusal === 'stale') return `has no sample newer than ${settings.maxAge ?? ''} (maxAge)`
  const percent = Math.floor((item.coverage ?? 0) * 100)
  const needed = Math.round(settings.rules.minCoverage * 100)
  return `has data for about ${String(percent)}% of the window of ${settings.window ?? ''}, and needs ${String(needed)}% (minCoverage); is the server's retention shorter?`
}
