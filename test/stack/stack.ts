import { mkdirSync, rmSync } from 'node:fs'

import type { AuditLevel } from './audit-log.ts'
import { ensureBinaries, ensureCrds } from './build.ts'
import { connectCluster, startCluster, type Cluster } from './cluster.ts'
import { moduleOf } from './components.ts'
import { readStackEnvironment, type StackEnvironment } from './environment.ts'
import { startFlux, type Flux } from './flux.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'
import { createStackFolder } from './stack-folder.ts'

/** `controller-manager` and `flux` bring `kubernetes` with them. */
export type StackPart = 'kubernetes' | 'controller-manager' | 'prometheus' | 'flux'

export interface StackOptions {
  readonly parts: readonly StackPart[]
  /** Where data, logs and the kubeconfig go; kept afterwards. Without it, a temporary folder is used and removed. */
  readonly dir?: string
  /** `true` records who did what; `Request` and `RequestResponse` record bodies too. */
  readonly auditLog?: boolean | AuditLevel
  /** Start a cluster even where `KUBECONFIG` names one: for tests that stop and kill its servers. */
  readonly ownCluster?: boolean
  readonly apiServerArgs?: readonly string[]
  /** How long Prometheus keeps samples; `60d` unless told. */
  readonly prometheusRetention?: string
  /** Gets lines about what is being built. */
  readonly onProgress?: (line: string) => void
  readonly environment?: StackEnvironment
}

/** Running servers. Asking for one whose part was not started throws. */
export interface Stack extends AsyncDisposable {
  readonly dir: string
  readonly cluster: Cluster
  readonly prometheus: Prometheus
  readonly flux: Flux
  /** Stops everything, last started first. */
  stop(): Promise<void>
}

interface StackParts {
  cluster?: Cluster
  prometheus?: Prometheus
  flux?: Flux
}

/** Builds what is missing and starts the parts on free loopback ports. When one does not start, those before it are stopped. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const context = createContext(options)
  await using started = new AsyncDisposableStack()
  started.defer(() => {
    if (options.dir === undefined) rmSync(context.dir, { recursive: true, force: true })
  })
  mkdirSync(context.dir, { recursive: true })

  const running: StackParts = {}
  if (context.has('prometheus')) {
    running.prometheus = await startPrometheusPart(context)
    started.use(running.prometheus.server)
  }
  if (context.has('kubernetes', 'controller-manager', 'flux')) {
    running.cluster = started.use(await startClusterPart(context))
    if (context.has('flux')) running.flux = started.use(await startFluxPart(context, running.cluster))
  }

  const servers = started.move()
  const stop = async (): Promise<void> => servers.disposeAsync()
  return {
    dir: context.dir,
    get cluster() {
      return requirePart(running.cluster, 'kubernetes')
    },
    get prometheus() {
      return requirePart(running.prometheus, 'prometheus')
    },
    get flux() {
      return requirePart(running.flux, 'flux')
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** The options with their defaults, and the questions that the parts ask. */
interface StartContext {
  readonly options: StackOptions
  readonly environment: StackEnvironment
  readonly dir: string
  readonly onProgress: (line: string) => void
  has(...parts: readonly StackPart[]): boolean
}

function createContext(options: StackOptions): StartContext {
  return {
    options,
    environment: options.environment ?? readStackEnvironment(),
    dir: options.dir ?? createStackFolder(),
    onProgress: options.onProgress ?? ((line) => process.stderr.write(`${line}\n`)),
    has: (...parts) => parts.some((part) => options.parts.includes(part)),
  }
}

async function startPrometheusPart(context: StartContext): Promise<Prometheus> {
  const binaries = await ensureBinaries(['prometheus', 'promtool'], context)
  return startPrometheus({
    binary: binaries.get('prometheus')!,
    promtool: binaries.get('promtool')!,
    dir: context.dir,
    retention: context.options.prometheusRetention,
  })
}

async function startClusterPart(context: StartContext): Promise<Cluster> {
  const { options, environment, dir } = context
  if (environment.kubeconfigPath !== undefined && options.ownCluster !== true) {
    return connectCluster(environment.kubeconfigPath, { allowsRemote: environment.allowsRemoteCluster })
  }
  const withControllerManager = context.has('controller-manager')
  const names = ['etcd', 'kube-apiserver', ...(withControllerManager ? ['kube-controller-manager'] : [])]
  return startCluster({
    binaries: await ensureBinaries(names, context),
    dir,
    withControllerManager,
    auditLevel: auditLevelOf(options.auditLog),
    apiServerArgs: options.apiServerArgs,
  })
}

async function startFluxPart(context: StartContext, cluster: Cluster): Promise<Flux> {
  const name = 'kustomize-controller'
  const binaries = await ensureBinaries([name], context)
  const crdsDir = await ensureCrds(moduleOf(name), context)
  return startFlux({ binary: binaries.get(name)!, crdsDir, dir: context.dir, cluster })
}

function auditLevelOf(setting: boolean | AuditLevel | undefined): AuditLevel | undefined {
  if (setting === true) return 'Metadata'
  return setting === false ? undefined : setting
}

function requirePart<T>(value: T | undefined, part: StackPart): T {
  if (value === undefined) throw new Error(`the stack was started without '${part}': add it to its parts`)
  return value
}
