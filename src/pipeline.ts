import { splitApiVersion } from './api/object-key.ts'
import type { GitOpsSet } from './api/types.ts'
import { formatFindings, validateSet } from './api/validate.ts'
import { AppError, toAppError, type Disposition } from './errors.ts'
import { ALL_GENERATORS } from './generate/entry.ts'
import { toObjectReader } from './generate/object-reader.ts'
import { GENERATE_LIMITS } from './generate/generator.ts'
import { findReferences } from './generate/registry.ts'
import {
  alignInstant,
  generateAll,
  type EarlierGeneration,
  type EntryOutcome,
  type FailedOutcome,
  type GeneratedOutcome,
} from './generate/run.ts'
import type {
  ArtifactFetcher,
  Clock,
  HttpClient,
  KubeObject,
  Logger,
  ObjectKey,
  ObjectReader,
} from './ports.ts'
import { finishAll, type FindScope, type Scope } from './render/finish.ts'
import { prepareTemplates, type PreparedTemplates } from './render/prepare.ts'
import { renderAll, type RenderedObject, type SourceElement } from './render/render.ts'
import { findBuiltinScope } from './render/scopes.ts'

// What those who call the build need of its stages.
export { findReferences } from './generate/registry.ts'
export type { EarlierGeneration, EntryOutcome } from './generate/run.ts'
export type { PreparedTemplates } from './render/prepare.ts'

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** Tells whether kinds are namespaced. */
export interface ScopeResolver {
  /** The function answers undefined for a kind that nobody knows. */
  resolve(
    kinds: readonly GroupVersionKind[],
    signal?: AbortSignal,
  ): Promise<(kind: GroupVersionKind) => Scope | undefined>
}

/** What a build works with. All reads happen as the set's service account. */
export interface BuildPorts {
  readonly reader: ObjectReader
  readonly http: HttpClient
  readonly artifacts: ArtifactFetcher
  readonly scopes: ScopeResolver
  readonly clock: Clock
  readonly log: Logger
}

export interface BuildOptions {
  readonly signal?: AbortSignal
  /** The generators that are enabled; all, where not given. */
  readonly enabled?: ReadonlySet<string>
  /** The answer of a generator that is not due, by field path. */
  readonly reuse?: (path: string) => EarlierGeneration | undefined
  /** Largest answer of an HTTP API; see GENERATE_LIMITS. */
  readonly maxResponseBytes?: number
  /** Of {@link prepareSet}, for the same generation of the set; the set is then known to be valid. */
  readonly prepared?: PreparedTemplates
}

interface BuildFacts {
  /** One per entry of `spec.generators`, in order. Empty where the set is invalid. */
  readonly outcomes: readonly EntryOutcome[]
  /** The objects that the generators read. */
  readonly references: readonly ObjectKey[]
  /** For status; without secrets. */
  readonly warnings: readonly string[]
}

/** The objects that a set wants, in the order of elements and templates. */
export interface BuiltSet extends BuildFacts {
  readonly error?: undefined
  readonly objects: readonly RenderedObject[]
  /** Whether every generator answered completely: only then may objects that are not here be removed. */
  readonly complete: boolean
  /** Why nothing may be removed. */
  readonly keep: readonly string[]
}

/** No objects: nothing may be applied or removed. */
export interface FailedBuild extends BuildFacts {
  readonly error: AppError
}

export type BuildResult = BuiltSet | FailedBuild

/** Validates a set and compiles its templates. Throws AppError (stall). */
export function prepareSet(set: GitOpsSet): PreparedTemplates {
  const validation = validateSet(set)
  if (validation.kind === 'invalid') {
    const message = formatFindings(validation)
    throw new AppError('InvalidSpec', 'stall', message)
  }
  return prepareTemplates(set)
}

/**
 * From a set to its objects: validate, generate, render, finish. What `render` and `diff` print is what the controller
 * applies, because both call this. Never rejects.
 */
export async function build(
  set: GitOpsSet,
  ports: BuildPorts,
  options: BuildOptions = {},
): Promise<BuildResult> {
  let facts: BuildFacts = { outcomes: [], references: [], warnings: [] }
  try {
    const prepared = options.prepared ?? prepareSet(set)
    const references = findReferences(set.spec.generators ?? [], set.metadata.namespace)
    facts = { ...facts, references }
    const outcomes = await generate(set, ports, options)
    facts = { ...facts, outcomes, warnings: collectWarnings(outcomes, prepared) }
    const generated = requireGenerated(outcomes)
    return await buildObjects({ set, ports, options, prepared }, generated, facts)
  } catch (error) {
    return { ...facts, error: toAppError(error) }
  }
}

/** The build as others take it, so that they can be given another. */
export type BuildSet = typeof build

function generate(set: GitOpsSet, ports: BuildPorts, options: BuildOptions): Promise<EntryOutcome[]> {
  const { scopes: _, ...inputs } = ports
  const context = {
    ...inputs,
    reader: toObjectReader(ports.reader),
    evaluatedAtMs: alignInstant(ports.clock.nowMs()),
    signal: options.signal ?? new AbortController().signal,
    limits: {
      ...GENERATE_LIMITS,
      ...(options.maxResponseBytes === undefined ? {} : { maxResponseBytes: options.maxResponseBytes }),
    },
  }
  const { enabled = ALL_GENERATORS, reuse } = options
  return generateAll(set, context, reuse === undefined ? { enabled } : { enabled, reuse })
}

/** Rendering some of the elements would number them wrongly, so one failed generator stops the build. */
function requireGenerated(outcomes: readonly EntryOutcome[]): GeneratedOutcome[] {
  const failed = outcomes.filter((outcome): outcome is FailedOutcome => outcome.error !== undefined)
  const worst = failed.find(({ error }) => error.disposition !== 'stall') ?? failed[0]
  if (worst !== undefined) throw worst.error
  return outcomes.filter((outcome): outcome is GeneratedOutcome => outcome.error === undefined)
}

interface Job {
  readonly set: GitOpsSet
  readonly ports: BuildPorts
  readonly options: BuildOptions
  readonly prepared: PreparedTemplates
}

async function buildObjects(
  job: Job,
  generated: readonly GeneratedOutcome[],
  facts: BuildFacts,
): Promise<BuiltSet> {
  const { set, ports, options, prepared } = job
  const warnings = new Set(facts.warnings)
  const rendered = renderAll(prepared, toElements(generated), {
    nowMs: ports.clock.nowMs(),
    warn: (message) => warnings.add(message),
    disposition: dispositionOf(generated),
  })
  const findScope = await resolveScopes(rendered, ports.scopes, options.signal)
  const keep = generated.filter(({ generation }) => !generation.complete).map(keepReason)
  return {
    ...facts,
    warnings: [...warnings],
    objects: finishAll(rendered, set, findScope),
    complete: keep.length === 0,
    keep,
  }
}

function toElements(generated: readonly GeneratedOutcome[]): SourceElement[] {
  return generated.flatMap(({ path, generation }) =>
    generation.elements.map((element) => ({ element, generatorPath: path })),
  )
}

/** Elements of a list change with the spec only; any other source may answer better the next time. */
function dispositionOf(generated: readonly GeneratedOutcome[]): Disposition {
  return generated.every(({ kind }) => kind === 'list') ? 'stall' : 'retry'
}

function keepReason({ path, kept, generation }: GeneratedOutcome): string {
  return kept ?? generation.warnings[0] ?? `${path}: the answer is incomplete`
}

function collectWarnings(outcomes: readonly EntryOutcome[], prepared: PreparedTemplates): string[] {
  const warnings = outcomes.flatMap((outcome) => outcome.generation?.warnings ?? [])
  const { changingFunctions } = prepared
  if (changingFunctions.length === 0) return warnings
  const names = changingFunctions.join(', ')
  return [
    ...warnings,
    `templates call ${names}: each evaluation changes objects, even if its data does not change`,
  ]
}

async function resolveScopes(
  rendered: readonly RenderedObject[],
  scopes: ScopeResolver,
  signal: AbortSignal | undefined,
): Promise<FindScope> {
  const kinds = new KindMap<GroupVersionKind>()
  for (const { object } of rendered) {
    if (kinds.find(object) === undefined) kinds.add(object, gvkOf(object))
  }
  const find = await scopes.resolve(kinds.values, signal)
  const found = new Map(kinds.values.map((kind) => [kind, find(kind)]))
  return (object) => found.get(kinds.find(object) ?? gvkOf(object))
}

/** Something for each kind of object. Two maps, because joining texts for every object takes time. */
class KindMap<T> {
  readonly values: T[] = []
  private readonly byVersion = new Map<string, Map<string, T>>()

  find(object: KubeObject): T | undefined {
    return this.byVersion.get(apiVersionOf(object))?.get(object.kind)
  }

  add(object: KubeObject, value: T): void {
    const apiVersion = apiVersionOf(object)
    const byKind = this.byVersion.get(apiVersion) ?? new Map<string, T>()
    this.byVersion.set(apiVersion, byKind.set(object.kind, value))
    this.values.push(value)
  }
}

function gvkOf(object: KubeObject): GroupVersionKind {
  return { ...splitApiVersion(apiVersionOf(object)), kind: object.kind }
}

/** Scopes without a cluster: the kinds of Kubernetes itself are known, all others are taken for namespaced. */
export const builtinScopes: ScopeResolver = {
  resolve: () => Promise.resolve(findBuiltinScope),
}

/** Templates may leave the field out; the API server then refuses the object. */
function apiVersionOf(object: KubeObject): string {
  return typeof object['apiVersion'] === 'string' ? object.apiVersion : ''
}
