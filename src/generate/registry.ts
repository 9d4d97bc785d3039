import type { GeneratorEntry, GeneratorKind } from '../api/types.ts'
import type { ObjectKey } from '../ports.ts'
import { apiClientGenerator } from './api-client.ts'
import { clusterGenerator } from './cluster.ts'
import { configGenerator } from './config.ts'
import { GENERATOR_NAMES, type AnySpec, type BoundEntry } from './entry.ts'
import { generatorError } from './errors.ts'
import type { Generator } from './generator.ts'
import { imagePolicyGenerator } from './image-policy.ts'
import { listGenerator } from './list.ts'
import { createMatrixGenerator } from './matrix.ts'
import { prometheusGenerator } from './prometheus.ts'
import { createPullRequestsGenerator } from './pull-requests.ts'
import { gitRepositoryGenerator, ociRepositoryGenerator } from './repository.ts'

const matrixGenerator = createMatrixGenerator(bindEntry)

type Table = { readonly [Kind in GeneratorKind]: Generator<NonNullable<GeneratorEntry[Kind]>> }
const GENERATORS: Table = {
  list: listGenerator,
  config: configGenerator,
  apiClient: apiClientGenerator,
  matrix: matrixGenerator,
  gitRepository: gitRepositoryGenerator,
  ociRepository: ociRepositoryGenerator,
  imagePolicy: imagePolicyGenerator,
  cluster: clusterGenerator,
  prometheus: prometheusGenerator,
  pullRequests: createPullRequestsGenerator(),
}

/** Finds an entry's generator. Throws AppError (stall) unless exactly one known generator is set. */
export function bindEntry(entry: GeneratorEntry, path: string): BoundEntry {
  const kinds = Object.keys(entry).filter((key) => Object.hasOwn(GENERATOR_NAMES, key)) as GeneratorKind[]
  const [kind] = kinds
  const spec = kind === undefined ? undefined : entry[kind]
  if (kind === undefined || spec === undefined || kinds.length > 1)
    throw generatorError(path, 'stall', 'exactly one generator is needed', 'InvalidSpec')
  const generator = GENERATORS[kind] as Generator<AnySpec>
  return { kind, path: `${path}.${kind}`, spec, generator }
}

/** Every object that the entries read, each once. Entries that are not valid have none. */
export function findReferences(entries: readonly GeneratorEntry[], namespace: string): ObjectKey[] {
  const keys = new Map<string, ObjectKey>()
  for (const [index, entry] of entries.entries()) {
    for (const key of referencesOf(entry, `spec.generators[${String(index)}]`, namespace))
      keys.set(JSON.stringify([key.group, key.version, key.kind, key.namespace, key.name]), key)
  }
  return [...keys.values()]
}

function referencesOf(entry: GeneratorEntry, path: string, namespace: string): readonly ObjectKey[] {
  try {
    const { generator, spec } = bindEntry(entry, path)
    return generator.references(spec, namespace)
  } catch {
    return []
  }
}
