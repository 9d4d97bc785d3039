import { mapField, stringField } from '../lib/json.ts'
import type { RepositorySpec } from '../api/types.ts'
import type { ArtifactFetcher, KubeObject, ObjectKey } from '../ports.ts'
import { atPath, generatorError } from './errors.ts'
import type { GenerateContext, Generation, Generator } from './generator.ts'
import { readVersions } from './versions.ts'

type SourceKind = 'GitRepository' | 'OCIRepository'

export const gitRepositoryGenerator = createRepositoryGenerator('gitRepository', 'GitRepository')
export const ociRepositoryGenerator = createRepositoryGenerator('ociRepository', 'OCIRepository')

/** Newest first: Flux 2.8 serves v1 alone, Flux before 2.6 has OCIRepository in v1beta2 alone. */
const VERSIONS = ['v1', 'v1beta2']

/** Files and directories of a Flux source's artifact. */
function createRepositoryGenerator(
  kind: 'gitRepository' | 'ociRepository',
  sourceKind: SourceKind,
): Generator<RepositorySpec> {
  return {
    kind,
    onEmptyDefault: 'Prune',
    generate: (spec, context) => readRepository(spec, context, sourceKind),
    nextEvaluation: () => undefined,
    references: (spec, namespace) => [sourceKey(sourceKind, spec.repositoryRef, namespace)],
  }
}

function sourceKey(kind: SourceKind, name: string, namespace: string): ObjectKey {
  return { group: 'source.toolkit.fluxcd.io', version: 'v1', kind, namespace, name }
}

async function readRepository(
  spec: RepositorySpec,
  context: GenerateContext,
  kind: SourceKind,
): Promise<Generation> {
  const { files, directories } = spec
  if (files === undefined && directories === undefined)
    throw generatorError(context.path, 'stall', 'needs files or directories', 'InvalidSpec')
  const key = sourceKey(kind, spec.repositoryRef, context.namespace)
  const source = await readVersions(context, key, VERSIONS)
  const artifact = await context.artifacts
    .fetch(artifactOf(source, context, kind), context.signal)
    .catch((error: unknown) => {
      throw atPath(error, context.path)
    })
  const { elementsOfDirectories, elementsOfFiles } = await import('./repository-elements.ts')
  // As the Go controller has it: an entry with files is about files.
  const elements =
    files === undefined
      ? elementsOfDirectories(directories ?? [], artifact, context.path)
      : elementsOfFiles(files, artifact, context.path)
  return { elements, complete: true, warnings: [] }
}

function artifactOf(
  source: KubeObject,
  context: GenerateContext,
  kind: SourceKind,
): Parameters<ArtifactFetcher['fetch']>[0] {
  const artifact = mapField(mapField(source, 'status'), 'artifact')
  const name = `${kind} ${context.namespace}/${stringField(source.metadata, 'name')}`
  const url = stringField(artifact, 'url')
  const digest = stringField(artifact, 'digest')
  if (url === '')
    throw generatorError(context.path, 'wait', `no artifact for ${name} yet`, 'ArtifactNotReady')
  if (digest === '')
    throw generatorError(
      context.path,
      'wait',
      `the artifact of ${name} has no digest, so it cannot be verified`,
      'ArtifactNotReady',
    )
  const size = artifact['size']
  return { url, digest, ...(typeof size === 'number' && { size }) }
}
