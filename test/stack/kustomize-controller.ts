import { join } from 'node:path'
import { mkdirSync } from 'node:fs'

import { isHealthy } from './health.ts'
import { findFreePorts } from './ports.ts'
import { Server } from './server.ts'

/** Starts Flux's kustomize-controller for all namespaces of a cluster that has Flux' definitions. */
export async function startKustomizeController(options: {
  readonly binary: string
  readonly dir: string
  readonly kubeconfigPath: string
}): Promise<Server> {
  const { binary, dir, kubeconfigPath } = options
  const [metricsPort, healthPort] = await findFreePorts(2)
  const workDir = join(dir, 'kustomize-controller')
  mkdirSync(workDir, { recursive: true })
  const server = new Server({
    name: 'kustomize-controller',
    command: binary,
    args: [
      '--watch-all-namespaces',
      '--events-addr=',
      `--metrics-addr=127.0.0.1:${metricsPort}`,
      `--health-addr=127.0.0.1:${healthPort}`,
      '--no-remote-bases',
      '--log-level=info',
    ],
    env: { KUBECONFIG: kubeconfigPath, RUNTIME_NAMESPACE: 'flux-system', TMPDIR: workDir },
    dir,
    isReady: async () => isHealthy(`http://127.0.0.1:${healthPort}/healthz`),
  })
  await server.start()
  return server
}
