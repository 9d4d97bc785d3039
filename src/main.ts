import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Config, Environment } from './config.ts'
import { startSets } from './controller/start.ts'
import type { RunningSets } from './controller/start.ts'
import { AppError } from './errors.ts'
import { coalescingClient } from './http/coalesce.ts'
import { createAddressPolicy } from './http/addresses.ts'
import { createAgentPool } from './http/agents.ts'
import { createHttpClient } from './http/client.ts'
import { createArtifactFetcher } from './kube/artifacts.ts'
import { openCluster } from './kube/cluster.ts'
import type { Cluster } from './kube/cluster.ts'
import { loadConnection } from './kube/connection.ts'
import type { Connection } from './kube/connection.ts'
import { createEventSink } from './kube/events.ts'
import { withFluxEvents } from './kube/flux-events.ts'
import { startElection } from './kube/lease.ts'
import type { Elector } from './kube/lease.ts'
import { systemClock } from './lib/clock.ts'
import { createLogger } from './lib/log.ts'
import type { Clock, EventSink, Logger } from './ports.ts'
import { healthPages } from './server/health.ts'
import { servePages } from './server/http-server.ts'
import { newMetrics } from './server/metrics.ts'
import type { MetricsRegistry } from './server/metrics.ts'
import { VERSION } from './version.ts'

const USER_AGENT = `gitopsset-controller/${VERSION}`
/** Within Kubernetes' 30 s between SIGTERM and SIGKILL. */
const DRAIN_MS = 25_000

/** What every part of the running controller shares. */
interface Process {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: MetricsRegistry
  readonly connection: Connection
  /** Work under way; undefined while on standby. */
  sets: RunningSets | undefined
  /** Resolves when the events so far are sent or given up. */
  drainEvents: () => Promise<void>
}

/**
 * Runs the controller until `signal` aborts, then drains. Resolves to true after a clean stop and to false where
 * leadership was lost: the process must end then. Throws AppError where it cannot start.
 */
export async function runController(config: Config, env: Environment, signal: AbortSignal): Promise<boolean> {
  const clock = systemClock()
  const level = config.logLevel === 'trace' ? 'debug' : config.logLevel
  const log = createLogger({ level, encoding: config.logEncoding })
  const connection = await loadConnection({
    kubeconfigPath: config.kubeconfig,
    ...(config.context === '' ? {} : { context: config.context }),
    env,
    clock,
  })
  const process: Process = {
    config,
    clock,
    log,
    metrics: newMetrics(),
    connection,
    sets: undefined,
    drainEvents: async () => {},
  }
  await serve(process, signal)
  log.info('controller started', { version: VERSION, server: connection.server })
  return config.leaderElect ? runElected(process, signal) : runAlone(process, signal)
}

async function runAlone(process: Process, signal: AbortSignal): Promise<boolean> {
  const cluster = await connect(process, undefined)
  process.sets = startWork(process, cluster)
  await aborted(signal)
  await drain(process, cluster)
  return true
}

/** Acts only while the Lease is held; losing it ends everything in flight. */
async function runElected(process: Process, signal: AbortSignal): Promise<boolean> {
  // The election has connections of its own, so that it never waits behind the work that it guards.
  const electionCluster = await openCluster(process.connection, clusterOptions(process))
  const lost = new AbortController()
  const election: { elector?: Elector } = {}
  const cluster = await connect(process, () => election.elector?.assertLeading())
  const elector = startElection({
    requester: electionCluster.requester,
    clock: process.clock,
    random: Math.random,
    log: process.log,
    namespace: leaseNamespace(process),
    name: process.config.leaseName,
    holder: `${hostname()}_${randomUUID()}`,
    onStarted: () => {
      process.sets = startWork(process, cluster)
    },
    onLost: () => lost.abort(),
  })
  election.elector = elector
  await aborted(AbortSignal.any([signal, lost.signal]))
  if (lost.signal.aborted) {
    process.log.error('leadership lost, ending at once')
    return false
  }
  await drain(process, cluster)
  await elector.stop()
  await electionCluster.close()
  return true
}

function connect(process: Process, assertMayWrite: (() => void) | undefined): Promise<Cluster> {
  return openCluster(process.connection, {
    ...clusterOptions(process),
    ...(assertMayWrite === undefined ? {} : { assertMayWrite }),
  })
}

function clusterOptions(process: Process): Parameters<typeof openCluster>[1] {
  const { config, clock, log, metrics } = process
  const { kubeApiQps: qps, kubeApiBurst: burst } = config
  return { clock, random: Math.random, log, metrics, userAgent: USER_AGENT, qps, burst }
}

function startWork(process: Process, cluster: Cluster): RunningSets {
  const { config, clock, log, metrics, connection } = process
  const api = new URL(connection.server)
  const http = createHttpClient({
    allowLoopback: config.allowLoopback,
    allowHosts: config.allowHosts,
    denyCidrs: config.denyCidrs,
    protectedEndpoints: [config.apiServerHost, api.host].filter((host) => host !== ''),
  })
  return startSets({
    settings: config,
    clock,
    log,
    metrics,
    random: Math.random,
    clients: cluster.clients,
    watcher: cluster.watcher,
    events: newEvents(process, cluster),
    http: coalescingClient(http, clock),
    artifacts: createArtifactFetcher({
      clock,
      // Sources live at Flux's own address, which no list of generator hosts needs to name.
      agents: createAgentPool(createAddressPolicy({ allowLoopback: config.allowLoopback })).agentsFor(
        undefined,
      ),
      limits: { maxBytes: config.maxArchiveDownloadSize, maxUnpackedBytes: config.maxArchiveUntarSize },
    }),
  })
}

function newEvents(process: Process, cluster: Cluster): EventSink {
  const { config, clock, log } = process
  const names = { controller: 'gitopsset-controller', instance: hostname() }
  const sink = createEventSink({ requester: cluster.requester, clock, random: Math.random, log, ...names })
  process.drainEvents = () => sink.drain()
  if (config.eventsAddr === '') return sink
  return withFluxEvents(sink, { address: config.eventsAddr, clock, log, ...names })
}

async function serve(process: Process, signal: AbortSignal): Promise<void> {
  const { config, metrics } = process
  const isSynced = (): boolean => process.sets === undefined || process.sets.isSynced()
  const isFresh = (): boolean => process.sets === undefined || process.sets.isFresh()
  await servePages(
    config.healthProbeBindAddress,
    healthPages({ isSynced, isFresh, clock: process.clock }),
    signal,
  )
  const page = async () => ({ status: 200, ...(await metrics.render()) })
  await servePages(config.metricsBindAddress, { '/metrics': page }, signal)
}

/** Lets what is under way end, but not for longer than Kubernetes waits. */
async function drain(process: Process, cluster: Cluster): Promise<void> {
  process.log.info('stopping')
  const limit = new Promise<void>((resolve) => process.clock.after(DRAIN_MS, resolve))
  const work = async (): Promise<void> => {
    await process.sets?.stop()
    await process.drainEvents()
  }
  await Promise.race([work(), limit])
  await cluster.close()
}

function leaseNamespace({ config, connection }: Process): string {
  const namespace = config.leaseNamespace || config.podNamespace || connection.namespace
  if (namespace) return namespace
  throw new AppError('InvalidSpec', 'stall', '--leader-elect needs --lease-namespace outside a cluster')
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
