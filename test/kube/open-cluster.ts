import { systemClock } from '../../src/lib/clock.ts'
import { openCluster } from '../../src/kube/cluster.ts'
import type { Cluster, ClusterOptions } from '../../src/kube/cluster.ts'
import { loadConnection } from '../../src/kube/connection.ts'
import type { Connection } from '../../src/kube/connection.ts'
import type { Credentials } from '../../src/kube/credentials.ts'
import { fakeLog, noMetrics } from './fakes.ts'

/**
 * Our client on a real server, as the controller makes it. `server`, `credentials` and `tls` are used instead of the kubeconfig's: to go
 * through a proxy, or as somebody else.
 */
export async function openReal(
  kubeconfigPath: string,
  options: Partial<ClusterOptions> & {
    server?: string
    credentials?: Credentials
    tls?: Connection['tls']
  } = {},
): Promise<Cluster> {
  const { server, credentials, tls, ...rest } = options
  const connection = await loadConnection({ kubeconfigPath, env: {}, clock: systemClock() })
  const reached: Connection = {
    ...connection,
    server: server ?? connection.server,
    credentials: credentials ?? connection.credentials,
    tls: tls ?? (() => connection.tls()),
  }
  return openCluster(reached, {
    clock: systemClock(),
    random: Math.random,
    log: fakeLog(),
    metrics: noMetrics,
    userAgent: 'gitopsset-test',
    qps: 0,
    burst: 0,
    ...rest,
  })
}
