import type { GeneratorKind, OnEmpty } from '../api/types.ts'
import { generatorError } from './errors.ts'
import type { Generator } from './generator.ts'

/** The names that `--enabled-generators` takes, as the Go controller has them. */
export const GENERATOR_NAMES = {
  list: 'List',
  pullRequests: 'PullRequests',
  gitRepository: 'GitRepository',
  ociRepository: 'OCIRepository',
  apiClient: 'APIClient',
  matrix: 'Matrix',
  config: 'Config',
  cluster: 'Cluster',
  imagePolicy: 'ImagePolicy',
  prometheus: 'Prometheus',
} as const satisfies Record<GeneratorKind, string>

export const ALL_GENERATORS: ReadonlySet<string> = new Set(Object.values(GENERATOR_NAMES))

/** What all specs have in common. */
export interface AnySpec {
  readonly onEmpty?: OnEmpty
}

/** An entry with the generator that reads it. */
export interface BoundEntry {
  readonly kind: GeneratorKind
  /** Field path of the generator's own spec, for example `spec.generators[0].list`. */
  readonly path: string
  readonly spec: AnySpec
  readonly generator: Generator<AnySpec>
}

/** Throws AppError (stall) where the administrator has not enabled the entry's generator. */
export function requireEnabled(bound: BoundEntry, enabled: ReadonlySet<string>): void {
  const name = GENERATOR_NAMES[bound.kind]
  if (enabled.has(name)) return
  throw generatorError(
    bound.path,
    'stall',
    `generator ${name} not enabled; --enabled-generators leaves it out`,
  )
}
