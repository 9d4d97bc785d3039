import { AppError } from '../errors.ts'
import type { GroupVersionKind, ScopeResolver } from '../pipeline.ts'
import type { ArtifactFetcher, Clock, ObjectReader, ResourceClient } from '../ports.ts'
import { findBuiltinScope } from '../render/scopes.ts'
import { VERSION } from '../version.ts'
import type { CliContext } from './context.ts'
import type { RenderSettings } from './render-settings.ts'
import { noMetrics, silentLogger } from './silent.ts'

/** The cluster of the user's kubeconfig, with the user's own rights; nothing is loaded or sent before the first need. */
export interface ClusterAccess {
  readonly reader: ObjectReader
  readonly scopes: ScopeResolver
  readonly artifacts: ArtifactFetcher
  close(): Promise<void>
}

interface OpenCluster {
  readonly client: ResourceClient
  readonly artifacts: ArtifactFetcher
  close(): Promise<void>
}

export function openClusterAccess(
  settings: RenderSettings,
  context: CliContext,
  clock: Clock,
): ClusterAccess {
  let opened: Promise<OpenCluster> | undefined
  const cluster = () => (opened ??= connect(settings, context, clock))
  return {
    reader: {
      get: async (key, signal) => (await cluster()).client.get(key, signal),
      list: async (kind, options) => (await cluster()).client.list(kind, options),
    },
    artifacts: { fetch: async (artifact, signal) => (await cluster()).artifacts.fetch(artifact, signal) },
    scopes: { resolve: (kinds) => resolveScopes(kinds, cluster, context) },
    close: async () => (await opened?.catch(() => undefined))?.close(),
  }
}

async function connect(settings: RenderSettings, context: CliContext, clock: Clock): Promise<OpenCluster> {
  const { loadConnection } = await import('../kube/connection.ts')
  const { openCluster } = await import('../kube/cluster.ts')
  const { createArtifactFetcher } = await import('../kube/artifacts.ts')
  const { kubeconfig: kubeconfigPath, context: contextName } = settings
  const connection = await loadConnection({ kubeconfigPath, context: contextName, env: context.env, clock })
  const cluster = await openCluster(connection, {
    clock,
    random: Math.random,
    log: silentLogger,
    metrics: noMetrics,
    userAgent: `gitopsset/${VERSION}`,
    qps: 0,
    burst: 0,
  })
  return {
    client: cluster.clients.clientFor({ kind: 'controller' }),
    artifacts: createArtifactFetcher({ clock }),
    close: () => cluster.close(),
  }
}

/** Scopes of kinds that every cluster serves alike are known; only for others is the cluster asked. */
async function resolveScopes(
  kinds: readonly GroupVersionKind[],
  cluster: () => Promise<OpenCluster>,
  context: CliContext,
): Promise<(kind: GroupVersionKind) => 'Namespaced' | 'Cluster' | undefined> {
  const unknown = kinds.filter((kind) => !isCommonGroup(kind.group))
  if (unknown.length === 0) return findBuiltinScope
  const scopes = new Map<string, 'Namespaced' | 'Cluster' | undefined>()
  try {
    const { client } = await cluster()
    for (const kind of unknown) scopes.set(`${kind.group}/${kind.kind}`, await client.findScope(kind))
  } catch (error) {
    const why = error instanceof AppError ? error.message : 'the cluster does not answer'
    const names = unknown.map((kind) => `${kind.kind}.${kind.group}`).join(', ')
    context.err(`warning: ${names} is taken for namespaced: ${why}\n`)
  }
  return (kind) => scopes.get(`${kind.group}/${kind.kind}`) ?? findBuiltinScope(kind)
}

function isCommonGroup(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io') || group.endsWith('.toolkit.fluxcd.io')
}

/** Stands in where the user wants no cluster. */
export function noClusterAccess(flag: string): ClusterAccess {
  const refuse = (what: string, hint = '') =>
    Promise.reject(
      new AppError('GeneratorFailed', 'stall', `${what} needs a cluster, and ${flag} is set${hint}`),
    )
  return {
    reader: {
      get: (key) => refuse(`reading the ${key.kind} ${key.namespace}/${key.name}`, insteadOf(key.group)),
      list: (kind) => refuse(`listing ${kind.kind} objects`, insteadOf(kind.group)),
    },
    artifacts: { fetch: () => refuse('fetching an artifact') },
    scopes: { resolve: () => Promise.resolve(findBuiltinScope) },
    close: () => Promise.resolve(),
  }
}

/** Where an object of the group can come from without a cluster. */
function insteadOf(group: string): string {
  return group === 'source.toolkit.fluxcd.io'
    ? '; use --repository-root'
    : '; name a file that holds it, beside the set'
}
