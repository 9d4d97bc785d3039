import type { Random } from '../lib/backoff.ts'
import type { ClientFactory, Clock, Logger, Metrics, ObjectWatcher } from '../ports.ts'
import { createAdmission } from './admission.ts'
import type { Requester } from './call.ts'
import { createClientFactory } from './client.ts'
import type { Connection } from './connection.ts'
import { createDiscovery } from './discovery.ts'
import type { Discovery } from './discovery.ts'
import { createObjectWatcher } from './reflector.ts'
import { startElection } from './lease.ts'
import type { Elector, ElectorOptions } from './lease.ts'
import { createRequester } from './request.ts'
import { openTransport } from './transport.ts'
import type { Transport } from './transport.ts'

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
  /** Runs for leadership over connections of its own, so that it neither waits behind other requests nor is gated by itself. */
  elect(options: Omit<ElectorOptions, 'requester' | 'clock' | 'random' | 'log'>): Promise<Elector>
  /** Ends every connection; what is in flight fails. */
  close(): Promise<void>
}

/** As many as there are connections for calls: one that is let in is sent at once. */
const MAX_CALLS_IN_FLIGHT = 16

/** Nothing is sent before the first call. */
export async function openCluster(connection: Connection, options: ClusterOptions): Promise<Cluster> {
  const { clock, random, log } = options
  const transport = await openTransport(connection)
  const transports = [transport]
  const requesterOver = (over: Transport, assertMayWrite: (() => void) | undefined): Requester => {
    const { metrics, userAgent, qps, burst } = options
    const admission = createAdmission(clock, { maxInFlight: MAX_CALLS_IN_FLIGHT, qps, burst })
    const { credentials } = connection
    const base = { transport: over, credentials, admission, clock, random, metrics, userAgent }
    return createRequester(assertMayWrite === undefined ? base : { ...base, assertMayWrite })
  }
  const requester = requesterOver(transport, options.assertMayWrite)
  const discovery = createDiscovery({ requester, clock })
  return {
    clients: createClientFactory({ requester, discovery }),
    watcher: createObjectWatcher({ requester, discovery, clock, random, log }),
    discovery,
    requester,
    async elect(how) {
      const own = await openTransport(connection)
      transports.push(own)
      return startElection({ ...how, requester: requesterOver(own, undefined), clock, random, log })
    },
    async close() {
      await Promise.all(transports.map((transport) => transport.close()))
    },
  }
}
