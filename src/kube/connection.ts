import { AppError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { Credentials } from './credentials.ts'

/** How TLS connections to the server are made. PEM texts. */
export interface TlsSettings {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** Name to verify instead of the host's. */
  readonly serverName?: string
  /** True only where the operator's kubeconfig says so. */
  readonly skipVerify?: boolean
}

/** Where the API server is and how to prove who asks. */
export interface Connection {
  /** URL without trailing slash; may have a base path. */
  readonly server: string
  /** Of the kubeconfig's context, or of the pod. */
  readonly namespace: string | undefined
  /** Of the kubeconfig's cluster. Proxies of the environment are not used. */
  readonly proxyUrl: string | undefined
  readonly credentials: Credentials
  /** Read for every new connection, so that a rotated CA or certificate is picked up. */
  tls(): TlsSettings
}

export interface ConnectionOptions {
  /** `--kubeconfig`: a file. Wins over the rest. Empty: not given. */
  readonly kubeconfigPath?: string
  /** `--context`. Empty: the current one. */
  readonly context?: string
  /** The process environment: KUBECONFIG, HOME, KUBERNETES_SERVICE_HOST, and what credential plugins inherit. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
}

/**
 * Finds the cluster: `kubeconfigPath`, `KUBECONFIG`, the pod's own account, `~/.kube/config`, in this order.
 * Throws AppError (stall) where there is none or it cannot be used; messages never quote the file.
 */
export async function loadConnection(options: ConnectionOptions): Promise<Connection> {
  const { loadKubeconfig, loadInCluster } = await import('./kubeconfig.ts')
  const paths = kubeconfigPaths(options)
  if (paths.length > 0) return loadKubeconfig(paths, options)
  if ((options.env['KUBERNETES_SERVICE_HOST'] ?? '') !== '') return loadInCluster(options)
  const home = options.env['HOME'] ?? ''
  if (home !== '') return loadKubeconfig([`${home}/.kube/config`], options)
  throw new AppError(
    'ReconciliationFailed',
    'stall',
    'no cluster to talk to: pass --kubeconfig, set KUBECONFIG, or run in a pod with a service account',
  )
}

function kubeconfigPaths(options: ConnectionOptions): string[] {
  if (options.kubeconfigPath !== undefined && options.kubeconfigPath !== '') return [options.kubeconfigPath]
  const separator = process.platform === 'win32' ? ';' : ':'
  return (options.env['KUBECONFIG'] ?? '').split(separator).filter((path) => path !== '')
}
