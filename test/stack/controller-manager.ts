import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { ApiServer } from './api-server.ts'
import { isHealthy } from './health.ts'
import { findFreePort } from './ports.ts'
import { Server } from './server.ts'

/** Starts the kube-controller-manager: garbage collection, namespaces, Deployments and the like. There is no kubelet, so no pod ever runs. */
export async function startControllerManager(options: {
  readonly binary: string
  readonly dir: string
  readonly apiServer: ApiServer
}): Promise<Server> {
  const { binary, dir, apiServer } = options
  const port = await findFreePort()
  const certDir = join(dir, 'controller-manager-certificates')
  const certificate = join(certDir, 'kube-controller-manager.crt')
  const server = new Server({
    name: 'kube-controller-manager',
    command: binary,
    args: [
      `--kubeconfig=${apiServer.access.kubeconfigPath}`,
      `--cert-dir=${certDir}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      '--leader-elect=false',
      `--service-account-private-key-file=${apiServer.serviceAccountKeyFile}`,
      `--root-ca-file=${apiServer.caFile}`,
      '--use-service-account-credentials=false',
    ],
    dir,
    isReady: async () =>
      existsSync(certificate) &&
      (await isHealthy(`https://127.0.0.1:${port}/healthz`, readFileSync(certificate, 'utf8'))),
  })
  await server.start()
  return server
}
