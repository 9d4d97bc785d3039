import { startArtifactServer, type ArtifactServer } from './artifact-server.ts'
import type { Cluster } from './cluster.ts'
import { installCrds } from './crds.ts'
import { publishGitRepository, type GitRepositoryContent, type PublishedArtifact } from './git-repository.ts'
import { startKustomizeController } from './kustomize-controller.ts'
import type { Server } from './server.ts'

/** Flux as far as the tests need it: its real kustomize-controller, and sources that the test publishes itself. */
export interface Flux extends AsyncDisposable {
  readonly controller: Server
  readonly artifacts: ArtifactServer
  publishGitRepository(content: GitRepositoryContent): Promise<PublishedArtifact>
}

export async function startFlux(options: {
  readonly binary: string
  readonly crdsDir: string
  readonly dir: string
  readonly cluster: Cluster
}): Promise<Flux> {
  const { binary, crdsDir, dir, cluster } = options
  const { api, kubeconfigPath } = cluster
  await installCrds(api, crdsDir)
  await api.apply('/api/v1/namespaces/flux-system', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'flux-system' },
  })

  await using started = new AsyncDisposableStack()
  const artifacts = started.use(await startArtifactServer())
  const controller = started.use(await startKustomizeController({ binary, dir, kubeconfigPath }))
  const running = started.move()
  return {
    controller,
    artifacts,
    publishGitRepository: async (content) => publishGitRepository({ api, artifacts }, content),
    [Symbol.asyncDispose]: async () => running.disposeAsync(),
  }
}
