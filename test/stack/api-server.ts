import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Api } from './api.ts'
import { auditFlags, type AuditLevel } from './audit-log.ts'
import { createCredentials } from './credentials.ts'
import { readKubeconfig, writeKubeconfig, type ClusterAccess } from './kubeconfig.ts'
import { findFreePort } from './ports.ts'
import { Server } from './server.ts'

export interface ApiServerOptions {
  readonly binary: string
  readonly dir: string
  readonly etcdUrl: string
  readonly auditLevel?: AuditLevel | undefined
  /** Added at the end, so that they win. */
  readonly extraArgs?: readonly string[] | undefined
}

export interface ApiServer {
  /** Comes back on the same port, with the same certificates and tokens. */
  readonly server: Server
  readonly access: ClusterAccess
  readonly caFile: string
  readonly serviceAccountKeyFile: string
}

/** Starts a kube-apiserver with RBAC and writes a kubeconfig with full rights. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { binary, dir, etcdUrl, auditLevel, extraArgs = [] } = options
  const port = await findFreePort()
  const { token, tokenFile, serviceAccountKeyFile } = createCredentials(dir)
  const apiServerUrl = `https://127.0.0.1:${port}`
  const kubeconfigPath = join(dir, 'kubeconfig')
  const certDir = join(dir, 'certificates')
  // The server makes its own certificate in its folder at the first start; the file ends with the authority that signed it.
  const caFile = join(certDir, 'apiserver.crt')

  let isKubeconfigFinal = false
  const server = new Server({
    name: 'kube-apiserver',
    command: binary,
    args: [
      `--etcd-servers=${etcdUrl}`,
      `--cert-dir=${certDir}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${port}`,
      '--service-cluster-ip-range=10.0.0.0/24',
      `--service-account-key-file=${serviceAccountKeyFile}`,
      `--service-account-signing-key-file=${serviceAccountKeyFile}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--authorization-mode=RBAC',
      `--token-auth-file=${tokenFile}`,
      '--disable-admission-plugins=ServiceAccount',
      '--endpoint-reconciler-type=none',
      ...(auditLevel === undefined ? [] : auditFlags(dir, auditLevel)),
      ...extraArgs,
    ],
    dir,
    isReady: async () => {
      // Others read the file from the first start on, so a restart leaves it alone.
      if (!isKubeconfigFinal) {
        if (!existsSync(caFile)) return false
        writeKubeconfig(kubeconfigPath, { apiServerUrl, ca: readFileSync(caFile, 'utf8'), token })
      }
      await using api = new Api(readKubeconfig(kubeconfigPath))
      return (await api.request('GET', '/readyz')).status === 200
    },
  })
  await server.start()
  isKubeconfigFinal = true
  return { server, access: readKubeconfig(kubeconfigPath), caFile, serviceAccountKeyFile }
}
