import { WideNumber, findField, isJsonObject, mapField, stringField } from '../../lib/json.ts'
import type { JsonObject, JsonValue } from '../../lib/json.ts'
import { parseSampleValue } from './sample-value.ts'
import { byLabels, describeLabels, labelKey, type Labels, type Series } from './series.ts'

/** A successful instant query. */
export interface QueryAnswer {
  /** Sorted by their labels. */
  readonly series: readonly Series[]
  /** What makes the answer incomplete, in the server's words, cut. */
  readonly warnings: readonly string[]
  /** The API's JSON, with its result in the order of the series. */
  readonly json: JsonObject
}

/** The answer says something else than numbers per series. The message is ours. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
}

const MAX_WARNINGS = 5
const MAX_WARNING_CHARS = 200

/** Reads the body of `/api/v1/query`, whose status is `success`. Throws AnswerError. */
export function readQueryAnswer(body: JsonObject): QueryAnswer {
  const data = mapField(body, 'data')
  const type = stringField(data, 'resultType')
  const result = findField(data, 'result')
  if (type !== 'vector') throw new AnswerError(wrongType(type))
  if (!Array.isArray(result)) throw new AnswerError('the answer has no list of results')
  const pairs = result.map((item) => ({ item, series: readSeries(item) }))
  pairs.sort((a, b) => byLabels(a.series, b.series))
  return {
    series: pairs.map(({ series }) => series),
    warnings: readWarnings(body),
    json: { ...body, data: { ...data, result: pairs.map(({ item }) => item) } },
  }
}

function wrongType(type: string): string {
  const advice = new Map([
    ['scalar', 'a scalar; wrap it in vector(…)'],
    ['string', 'a string; elements need numbers'],
    ['matrix', 'a range vector; aggregate it over time, for example with max_over_time(…)'],
  ])
  return `the query gives ${advice.get(type) ?? 'a result of an unknown type'}, not an instant vector`
}

function readSeries(item: JsonValue): Series {
  if (!isJsonObject(item)) throw new AnswerError('the answer has a result that is not an object')
  const labels = readLabels(mapField(item, 'metric'))
  if (findField(item, 'histogram') !== undefined)
    throw new AnswerError(
      `${describeLabels(labels)} is a native histogram; take a number of it, for example with histogram_quantile(…)`,
    )
  const sample = findField(item, 'value')
  const [time, text] = Array.isArray(sample) ? sample : []
  const value = typeof text === 'string' ? parseSampleValue(text) : undefined
  const seconds = time instanceof WideNumber ? time.value : time
  if (typeof seconds !== 'number' || value === undefined)
    throw new AnswerError(`${describeLabels(labels)} has no number as its value`)
  return { labels, key: labelKey(labels), timeMs: Math.round(seconds * 1000), value }
}

function readLabels(metric: JsonObject): Labels {
  const labels = new Map<string, string>()
  for (const [name, value] of Object.entries(metric)) {
    if (typeof value !== 'string') throw new AnswerError('the answer has a label whose value is not a string')
    labels.set(name, value)
  }
  return labels
}

/** VictoriaMetrics has a flag where Prometheus and Thanos have texts. */
function readWarnings(body: JsonObject): string[] {
  const warnings = findField(body, 'warnings')
  const texts = Array.isArray(warnings) ? warnings.filter((warning) => typeof warning === 'string') : []
  if (findField(body, 'isPartial') === true) texts.unshift('the server says that its answer is partial')
  return texts.slice(0, MAX_WARNINGS).map((text) => text.slice(0, MAX_WARNING_CHARS))
}
