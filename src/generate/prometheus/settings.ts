import type { PrometheusSpec } from '../../api/types.ts'
import { durationToMs, findPrometheusDurationMs } from '../../lib/duration.ts'
import { generatorError } from '../errors.ts'
import type { GateRules } from './gates.ts'
import type { JoinKind } from './join.ts'

export interface NamedQuery {
  readonly name: string
  readonly text: string
}

/** A spec with its defaults, read. */
export interface Settings {
  readonly queries: readonly NamedQuery[]
  readonly join: JoinKind
  readonly joinOn: readonly string[] | undefined
  readonly singleElement: boolean
  readonly rules: GateRules
  /** As written, for messages. */
  readonly window: string | undefined
  readonly maxAge: string | undefined
}

const DEFAULT_MIN_COVERAGE = 0.9
/** Name of the only query of an entry, where `values` needs one. */
const ONLY_QUERY = 'value'

/** Throws AppError (InvalidSpec, stall). */
export function readSettings(spec: PrometheusSpec, path: string): Settings {
  const queries = readQueries(spec, path)
  if (spec.singleElement === true && queries.length > 1)
    throw invalid(
      `${path}.singleElement`,
      'a single element is the answer of one query; use query, not queries',
    )
  return {
    queries,
    join: spec.join ?? 'Inner',
    joinOn: queries.length === 1 ? undefined : spec.joinOn,
    singleElement: spec.singleElement === true,
    rules: {
      windowMs: readDuration(spec.window, `${path}.window`),
      minCoverage: readShare(spec.minCoverage, `${path}.minCoverage`),
      maxAgeMs: readDuration(spec.maxAge, `${path}.maxAge`),
    },
    window: spec.window,
    maxAge: spec.maxAge,
  }
}

function readQueries(spec: PrometheusSpec, path: string): NamedQuery[] {
  if (spec.query !== undefined && spec.queries === undefined) return [{ name: ONLY_QUERY, text: spec.query }]
  const queries = spec.query === undefined ? (spec.queries ?? []) : []
  if (queries.length === 0) throw invalid(path, 'exactly one of query and queries is needed')
  const names = queries.map((query) => query.name)
  if (new Set(names).size < names.length) throw invalid(`${path}.queries`, 'two queries have the same name')
  return queries.map(({ name, query }) => ({ name, text: query }))
}

/** `30d` as in PromQL, or a Go duration. */
function readDuration(text: string | undefined, path: string): number | undefined {
  if (text === undefined) return undefined
  const ms = findPrometheusDurationMs(text) ?? tryGoDuration(text)
  if (ms === undefined || ms <= 0) throw invalid(path, `"${text}" is not a duration such as 30d or 1h30m`)
  return ms
}

function tryGoDuration(text: string): number | undefined {
  try {
    return durationToMs(text)
  } catch {
    return undefined
  }
}

function readShare(text: string | undefined, path: string): number {
  if (text === undefined) return DEFAULT_MIN_COVERAGE
  const match = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(text)
  const percent = Number(match?.[1] ?? Number.NaN)
  if (!(percent >= 0 && percent <= 100)) throw invalid(path, `"${text}" is not a percentage from 0% to 100%`)
  return percent / 100
}

function invalid(path: string, message: string): Error {
  return generatorError(path, 'stall', message, 'InvalidSpec')
}
