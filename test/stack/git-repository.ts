import { createHash } from 'node:crypto'

import type { Api } from './api.ts'
import type { ArtifactServer } from './artifact-server.ts'
import { packFiles } from './tarball.ts'

export interface GitRepositoryContent {
  readonly namespace: string
  readonly name: string
  /** Path → text. */
  readonly files: Readonly<Record<string, string>>
}

export interface PublishedArtifact {
  readonly url: string
  /** For example `main@sha1:…`; other files give another revision. */
  readonly revision: string
  /** `sha256:…` of the archive. */
  readonly digest: string
}

/**
 * Does what Flux's source-controller would have done after a commit with these files: serves the archive, and writes artifact and Ready
 * condition into the status of the GitRepository, which is made if it is not there.
 */
export async function publishGitRepository(
  { api, artifacts }: { readonly api: Api; readonly artifacts: ArtifactServer },
  { namespace, name, files }: GitRepositoryContent,
): Promise<PublishedArtifact> {
  const tarball = await packFiles(files)
  const commit = createHash('sha1').update(tarball.bytes).digest('hex')
  const path = `/gitrepository/${namespace}/${name}/${commit}.tar.gz`
  const artifact = {
    url: artifacts.publish(path, tarball),
    path: path.slice(1),
    revision: `main@sha1:${commit}`,
    digest: `sha256:${tarball.sha256}`,
    size: tarball.bytes.length,
    lastUpdateTime: timestamp(),
  }
  const objectPath = `/apis/source.toolkit.fluxcd.io/v1/namespaces/${namespace}/gitrepositories/${name}`
  const repository = await api.apply(objectPath, {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { namespace, name },
    spec: { interval: '1h', url: 'https://git.example.com/fleet.git', ref: { branch: 'main' } },
  })
  const observedGeneration = repository.metadata.generation ?? 1
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'Succeeded',
    message: `stored artifact for revision '${artifact.revision}'`,
    observedGeneration,
    lastTransitionTime: timestamp(),
  }
  await api.patch(`${objectPath}/status`, { status: { artifact, observedGeneration, conditions: [ready] } })
  return { url: artifact.url, revision: artifact.revision, digest: artifact.digest }
}

/** Kubernetes' timestamps have whole seconds. */
function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}
