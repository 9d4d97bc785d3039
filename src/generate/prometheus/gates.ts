import { shortenRanges } from './shorten-ranges.ts'
import type { QueryAnswer } from './query-answer.ts'
import type { QueryClient } from './query-client.ts'
import type { Series } from './series.ts'

/** What data must be to be acted on. */
export interface GateRules {
  /** Undefined: coverage is not checked. */
  readonly windowMs: number | undefined
  /** 0 to 1, of the window. */
  readonly minCoverage: number
  /** Undefined: staleness is not checked. */
  readonly maxAgeMs: number | undefined
}

/** One series with what is known of its data. */
export interface GatedSeries extends Series {
  /** Share of the window that data reaches back: at least this much; undefined where it is not checked. */
  readonly coverage: number | undefined
  /** Why it must not be acted on. */
  readonly refusal: 'stale' | 'thin' | undefined
}

export interface GateResult {
  readonly series: readonly GatedSeries[]
  readonly warnings: readonly string[]
}

interface Question {
  readonly client: QueryClient
  readonly query: string
  readonly atMs: number
}

/** Halvings of the part of the window that is in doubt: 5 leave 1/32 of it. */
const BISECTIONS = 5

/** Checks age and coverage of every series of an answer, by asking the same query of other times. Throws AppError. */
export async function gateSeries(
  question: Question,
  answer: QueryAnswer,
  rules: GateRules,
): Promise<GateResult> {
  if (answer.series.length === 0) return { series: [], warnings: [] }
  const fresh = await askFresh(question, rules.maxAgeMs)
  const old = await askOld(question, rules, rules.minCoverage)
  const thin = old === undefined ? [] : answer.series.filter((series) => !has(old, series))
  const measured = await measure(question, rules, thin)
  return {
    series: answer.series.map((series) => ({
      ...series,
      coverage: old === undefined ? undefined : (measured.get(series.key) ?? rules.minCoverage),
      refusal: refusalOf(series, { fresh, measured }),
    })),
    warnings: [...(fresh?.warnings ?? []), ...(old?.warnings ?? [])],
  }
}

function refusalOf(
  series: Series,
  known: { fresh: QueryAnswer | undefined; measured: ReadonlyMap<string, number> },
): GatedSeries['refusal'] {
  if (known.fresh !== undefined && !has(known.fresh, series)) return 'stale'
  return known.measured.has(series.key) ? 'thin' : undefined
}

/** Answers for a series only if it has a sample within `maxAgeMs`. */
async function askFresh(question: Question, maxAgeMs: number | undefined): Promise<QueryAnswer | undefined> {
  if (maxAgeMs === undefined) return undefined
  const text = shortenRanges(question.query, maxAgeMs)
  return question.client.ask({ text, atMs: question.atMs, lookbackMs: maxAgeMs })
}

/** Answers for a series only if it has data as old as this share of the window. */
async function askOld(question: Question, rules: GateRules, share: number): Promise<QueryAnswer | undefined> {
  if (rules.windowMs === undefined) return undefined
  const atMs = Math.round((question.atMs - rules.windowMs * share) / 1000) * 1000
  return question.client.ask({ text: question.query, atMs })
}

/** Share of the window that each thin series covers, rounded down to what was found. Halves the doubt about the first of them. */
async function measure(
  question: Question,
  rules: GateRules,
  thin: readonly Series[],
): Promise<ReadonlyMap<string, number>> {
  const shares = new Map(thin.map(({ key }) => [key, 0]))
  const [first] = thin
  if (first === undefined) return shares
  let low = 0
  let high = rules.minCoverage
  for (let step = 0; step < BISECTIONS; step++) {
    const share = (low + high) / 2
    const answer = await askOld(question, rules, share)
    for (const { key } of answer?.series ?? []) {
      const known = shares.get(key)
      if (known !== undefined) shares.set(key, Math.max(known, share))
    }
    if (answer !== undefined && has(answer, first)) low = share
    else high = share
  }
  return shares
}

const keysOfAnswers = new WeakMap<QueryAnswer, ReadonlySet<string>>()

function has(answer: QueryAnswer, series: Series): boolean {
  const keys = keysOfAnswers.get(answer) ?? new Set(answer.series.map(({ key }) => key))
  keysOfAnswers.set(answer, keys)
  return keys.has(series.key)
}
