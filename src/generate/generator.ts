import { BUILD_LIMITS, RESPONSE_LIMITS } from '../lib/limits.ts'
import type { GeneratorKind, OnEmpty } from '../api/types.ts'
import type { JsonObject } from '../lib/json.ts'
import type { ArtifactFetcher, Clock, HttpClient, Logger, ObjectKey, ObjectReader } from '../ports.ts'

/** One set of template parameters: `.Element`. */
export type Element = JsonObject

/** A generator's answer. */
export interface Generation {
  readonly elements: readonly Element[]
  /** False: something is missing (a failed page, Prometheus warnings). Elements may update objects, absence removes none. */
  readonly complete: boolean
  /** For status; without secrets. */
  readonly warnings: readonly string[]
  /** When the source took the data, where it says so. */
  readonly sampledAtMs?: number
  /** Why elements are withheld, so that their objects stay as they are: data too thin or too old to act on. */
  readonly kept?: string
}

/** What generators work with. All reads happen as the set's service account. */
export interface GenerateContext {
  readonly namespace: string
  readonly name: string
  /** Field path of this entry, for messages and status. */
  readonly path: string
  /** One aligned instant for all queries of an evaluation. */
  readonly evaluatedAtMs: number
  readonly reader: ObjectReader
  readonly http: HttpClient
  readonly artifacts: ArtifactFetcher
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  readonly limits: GenerateLimits
  /** Names of the generators that the administrator permits; see GENERATOR_NAMES. */
  readonly enabled: ReadonlySet<string>
}

/** What one evaluation of a generator may yield and receive. */
export interface GenerateLimits {
  readonly maxElements: number
  readonly maxResponseBytes: number
}

/**
 * A source of elements. `Spec` is the entry's value under its kind's key, already validated and defaulted.
 */
export interface Generator<Spec> {
  readonly kind: GeneratorKind
  /** Throws AppError with the entry's field path when there is no answer at all. */
  generate(spec: Spec, context: GenerateContext): Promise<Generation>
  /** The next due time, or undefined for a generator that only events wake. */
  nextEvaluation(spec: Spec, lastMs: number | undefined, nowMs: number): number | undefined
  /** The objects that this entry reads: a change of any of them wakes the set. */
  references(spec: Spec, namespace: string): readonly ObjectKey[]
  /** What a complete but empty answer means where the entry does not say. */
  readonly onEmptyDefault: OnEmpty
}

export const GENERATE_LIMITS: GenerateLimits = {
  maxElements: BUILD_LIMITS.maxElements,
  maxResponseBytes: RESPONSE_LIMITS.maxBytes,
}
