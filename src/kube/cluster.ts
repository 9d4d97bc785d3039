import type { Random } from '../lib/backoff.ts'
import type { ClientFactory, Clock, Logger, Metrics, ObjectWatcher } from '../ports.ts'
import { createAdmission } from './admission.ts'
import type { Requester } from './call.ts'
import { createClientFactory } from './client.ts'
import type { Connection } from './connection.ts'
import { createDiscovery } from './discovery.ts'
import type { Discovery } from './discovery.ts'
import { createObjectWatcher } from './reflector.ts'
import { createRequester } from './request.ts'
import { openTransport } from './transport.ts'

export interface ClusterOptions {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
  readonly userAgent: string
  /** Requests a second; 0: no limit of our own. */
  readonly qps: number
  readonly burst: number
  /** See `RequesterOptions.assertMayWrite`. */
  readonly assertMayWrite?: () => void
}

/** Everything that talks to one API server, over the same connections. */
export interface Cluster {
  readonly clients: ClientFactory
  readonly watcher: ObjectWatcher
  readonly discovery: Discovery
  readonly requester: Requester
  /** Ends every connection; what is in flight fails. */
  close(): Promise<void>
}

/** As many as there are connections for calls: one that is let in is sent at once. */
const MAX_CALLS_IN_FLIGHT = 16

/**
 * Nothing is sent before the first call. A leader election needs a cluster of its own, so that it neither waits behind the requests that
 * it guards nor is stopped by its own `assertMayWrite`.
 */
export async function openCluster(connection: Connection, options: ClusterOptions): Promise<Cluster> {
  const { clock, random, log, metrics, userAgent, qps, burst, assertMayWrite } = options
  const transport = await openTransport(connection)
  const requester = createRequester({
    transport,
    credentials: connection.credentials,
    admission: createAdmission(clock, { maxInFlight: MAX_CALLS_IN_FLIGHT, qps, burst }),
    clock,
    random,
    metrics,
    userAgent,
    ...(assertMayWrite === undefined ? {} : { assertMayWrite }),
  })
  const discovery = createDiscovery({ requester, clock })
  return {
    clients: createClientFactory({ requester, discovery }),
    watcher: createObjectWatcher({ requester, discovery, clock, random, log }),
    discovery,
    requester,
    close: () => transport.close(),
  }
}
