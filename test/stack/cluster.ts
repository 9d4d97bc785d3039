import { Api } from './api.ts'
import { startApiServer } from './api-server.ts'
import { auditLogPath, readAuditLog, type AuditEvent, type AuditLevel } from './audit-log.ts'
import { startControllerManager } from './controller-manager.ts'
import { startEtcd } from './etcd.ts'
import { readKubeconfig, type ClusterAccess } from './kubeconfig.ts'
import type { Server } from './server.ts'

export interface Cluster extends AsyncDisposable {
  readonly access: ClusterAccess
  readonly kubeconfigPath: string
  /** With full rights. */
  readonly api: Api
  /** The servers, when they are the stack's own: to stop, kill and start again. Undefined for an existing cluster. */
  readonly servers: ClusterServers | undefined
  /** Every request finished so far. Empty when the cluster was started without an audit log. */
  readAuditLog(): AuditEvent[]
}

export interface ClusterServers {
  readonly etcd: Server
  readonly apiServer: Server
  readonly controllerManager: Server | undefined
}

export interface ClusterOptions {
  readonly binaries: ReadonlyMap<string, string>
  readonly dir: string
  readonly withControllerManager: boolean
  readonly auditLevel?: AuditLevel | undefined
  readonly apiServerArgs?: readonly string[] | undefined
}

/** Starts etcd and kube-apiserver, and the controller-manager if wanted. Disposing stops them. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { binaries, dir, withControllerManager, auditLevel, apiServerArgs } = options
  const binary = (name: string): string => binaries.get(name)!
  await using started = new AsyncDisposableStack()

  const etcd = await startEtcd({ binary: binary('etcd'), dir })
  started.use(etcd.server)
  const apiServer = await startApiServer({
    binary: binary('kube-apiserver'),
    dir,
    etcdUrl: etcd.url,
    auditLevel,
    extraArgs: apiServerArgs,
  })
  started.use(apiServer.server)
  let controllerManager: Server | undefined
  if (withControllerManager) {
    controllerManager = await startControllerManager({
      binary: binary('kube-controller-manager'),
      dir,
      apiServer,
    })
    started.use(controllerManager)
  }
  const api = started.use(new Api(apiServer.access))

  const running = started.move()
  return {
    access: apiServer.access,
    kubeconfigPath: apiServer.access.kubeconfigPath,
    api,
    servers: { etcd: etcd.server, apiServer: apiServer.server, controllerManager },
    readAuditLog: () => readAuditLog(auditLogPath(dir)),
    [Symbol.asyncDispose]: async () => running.disposeAsync(),
  }
}

/**
 * Uses a cluster that is there already. It will get definitions and namespaces, so one that is not on this machine (a name other than
 * loopback) is refused unless the caller says that it is meant for this: `KUBECONFIG` may point at a cluster that people depend on.
 */
export function connectCluster(kubeconfigPath: string, options: { readonly allowsRemote: boolean }): Cluster {
  const access = readKubeconfig(kubeconfigPath)
  const { hostname } = new URL(access.apiServerUrl)
  if (!options.allowsRemote && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    throw new Error(
      `KUBECONFIG names the cluster ${access.apiServerUrl}, which is not on this machine. Tests write to it: set ` +
        'GITOPSSET_TEST_CLUSTER=allow if that is meant, or unset KUBECONFIG to let them start their own.',
    )
  }
  const api = new Api(access)
  return {
    access,
    kubeconfigPath,
    api,
    servers: undefined,
    readAuditLog: () => [],
    [Symbol.asyncDispose]: async () => api.close(),
  }
}
