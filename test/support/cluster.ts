import { randomBytes } from 'node:crypto'

import { inject } from 'vitest'

import { Api } from '../stack/api.ts'
import { readAuditLog, type AuditEvent } from '../stack/audit-log.ts'
import { readKubeconfig, type ClusterAccess } from '../stack/kubeconfig.ts'

/** What the e2e setup hands to test files, which run in other processes. */
export interface SharedCluster {
  readonly kubeconfigPath: string
  /** There is no such file for an existing cluster. */
  readonly auditLogPath: string
}

declare module 'vitest' {
  interface ProvidedContext {
    sharedCluster: SharedCluster
  }
}

export interface TestCluster extends AsyncDisposable {
  readonly kubeconfigPath: string
  readonly access: ClusterAccess
  readonly api: Api
  /** Makes a namespace with a name that no other suite has, starting with `prefix`. Gives the name. */
  createNamespace(prefix: string): Promise<string>
  /** Requests of all suites so far; filter by namespace. */
  readAuditLog(): AuditEvent[]
}

/**
 * The API server that all e2e suites of a run share, with our definitions installed and a controller-manager. Started before the first of
 * them. A suite keeps to its own namespaces; one that stops servers starts its own with `startStack`.
 */
export function useCluster(): TestCluster {
  const { kubeconfigPath, auditLogPath } = inject('sharedCluster')
  const access = readKubeconfig(kubeconfigPath)
  const api = new Api(access)
  return {
    kubeconfigPath,
    access,
    api,
    createNamespace: async (prefix) => {
      const name = `${prefix}-${randomBytes(4).toString('hex')}`
      await api.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
      return name
    },
    readAuditLog: () => readAuditLog(auditLogPath),
    [Symbol.asyncDispose]: async () => api.close(),
  }
}
