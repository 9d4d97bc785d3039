import { setKey } from '../../lib/json.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { PrometheusSpec } from '../../api/types.ts'
import { mapBounded } from '../bounded.ts'
import { generatorError } from '../errors.ts'
import type { Element, GenerateContext, Generation } from '../generator.ts'
import { gateSeries, type GatedSeries, type GateRules } from './gates.ts'
import { joinResults, type JoinedRow } from './join.ts'
import { AnswerError, type QueryAnswer } from './query-answer.ts'
import { createQueryClient, type QueryClient } from './query-client.ts'
import { describeRefusals, type Refused } from './refusals.ts'
import { describeLabels, labelsToJson, type Series } from './series.ts'
import { readSettings, type NamedQuery, type Settings } from './settings.ts'

interface Result {
  readonly answer: QueryAnswer
  readonly series: readonly GatedSeries[]
  readonly warnings: readonly string[]
}

/** Asks all queries of the entry at one instant and makes elements of what may be acted on. Throws AppError. */
export async function generateFromPrometheus(
  spec: PrometheusSpec,
  context: GenerateContext,
): Promise<Generation> {
  const settings = readSettings(spec, context.path)
  const client = await createQueryClient(spec, context)
  const results = await mapBounded(settings.queries, 4, (query) => ask(client, query, { settings, context }))
  const made = makeElements(results, { settings, context })
  const serverWarnings = results.flatMap((result) => result.warnings)
  const hasIgnored = serverWarnings.length === 0 || spec.onWarnings === 'Accept'
  const kept = describeRefusals(made.refused, settings)
  if (kept !== undefined && made.elements.length === 0)
    throw generatorError(context.path, 'wait', kept, 'InsufficientData')
  return {
    elements: made.elements,
    complete: hasIgnored && kept === undefined,
    warnings: [...client.warnings, ...serverWarnings, ...(kept === undefined ? [] : [kept])],
    sampledAtMs: context.evaluatedAtMs,
    ...(kept !== undefined && { kept }),
  }
}

interface Surroundings {
  readonly settings: Settings
  readonly context: GenerateContext
}

async function ask(client: QueryClient, query: NamedQuery, around: Surroundings): Promise<Result> {
  const atMs = around.context.evaluatedAtMs
  const answer = await client.ask({ text: query.text, atMs })
  for (const series of answer.series) checkFinite(series, around.context)
  const rules: GateRules = around.settings.rules
  const gated = await gateSeries({ client, query: query.text, atMs }, answer, rules)
  return { answer, series: gated.series, warnings: [...new Set([...answer.warnings, ...gated.warnings])] }
}

function checkFinite(series: Series, context: GenerateContext): void {
  if (typeof series.value === 'number') return
  throw generatorError(
    context.path,
    'retry',
    `the value of ${describeLabels(series.labels)} is ${series.value}, not a number to act on`,
    'InsufficientData',
  )
}

interface Made {
  readonly elements: Element[]
  readonly refused: readonly Refused[]
}

function makeElements(results: readonly Result[], around: Surroundings): Made {
  const { settings, context } = around
  if (settings.singleElement) return wholeAnswer(results)
  try {
    const rows = joinResults(
      results.map((result) => result.series),
      settings.join,
      settings.joinOn,
    )
    const refused = rows.flatMap(findRefused)
    const accepted = rows.filter((row) => findRefused(row).length === 0)
    return { elements: accepted.map((row) => toElement(row, settings, context)), refused }
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error
    throw generatorError(context.path, 'retry', error.message)
  }
}

/** The API's JSON itself, as the `apiClient` recipe has it; nothing at all where one series must not be acted on. */
function wholeAnswer(results: readonly Result[]): Made {
  const [result] = results
  const series = result?.series ?? []
  const refused = series.flatMap((item) => findRefused({ labels: item.labels, series: [item] }))
  const isUsable = result !== undefined && series.length > 0 && refused.length === 0
  return { elements: isUsable ? [result.answer.json] : [], refused }
}

function findRefused(row: JoinedRow): Refused[] {
  const bad = row.series.find((series) => series?.refusal !== undefined)
  if (bad?.refusal === undefined) return []
  return [{ labels: row.labels, refusal: bad.refusal, coverage: bad.coverage }]
}

function toElement(row: JoinedRow, settings: Settings, context: GenerateContext): Element {
  const values: JsonObject = {}
  for (const [index, query] of settings.queries.entries())
    setKey(values, query.name, numberOf(row.series[index]))
  const present = row.series.filter((series) => series !== undefined)
  const coverages = present.map((series) => series.coverage).filter((coverage) => coverage !== undefined)
  return {
    labels: labelsToJson(row.labels),
    value: numberOf(row.series[0]),
    values,
    sample: {
      time: new Date(present[0]?.timeMs ?? context.evaluatedAtMs).toISOString(),
      coverage: coverages.length === 0 ? null : Math.min(...coverages),
      series: present.length,
      stale: false,
    },
  }
}

function numberOf(series: GatedSeries | undefined): number | null {
  return typeof series?.value === 'number' ? series.value : null
}
