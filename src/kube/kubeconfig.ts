import type { Cluster, KubeConfig, User } from '@kubernetes/client-node'
import { AppError } from '../errors.ts'
import { isJsonObject, stringField } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { Connection, ConnectionOptions } from './connection.ts'
import { certificateFileCredentials, staticCredentials, tokenFileCredentials } from './credentials.ts'
import type { Credentials } from './credentials.ts'
import { execCredentials } from './exec-credentials.ts'
import type { ExecPlugin } from './exec-credentials.ts'
import { createFileSource } from './file-source.ts'

/** Reads kubeconfig files (several are merged) and takes the chosen context of them. */
export async function loadKubeconfig(
  paths: readonly string[],
  options: ConnectionOptions,
): Promise<Connection> {
  const config = await newKubeConfig()
  for (const path of paths) await mergeFile(config, path)
  if (options.context !== undefined && options.context !== '') config.setCurrentContext(options.context)
  return toConnection(config, paths.join(', '), options)
}

/** The account of the pod this process runs in. `root` is put before the mounted files' paths (for tests). */
export async function loadInCluster(options: ConnectionOptions, root = ''): Promise<Connection> {
  const config = await newKubeConfig()
  config.loadFromCluster(root)
  return toConnection(config, 'the pod', options)
}

/** The library takes long to load, and most commands never talk to a cluster. */
async function newKubeConfig(): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  return new KubeConfig()
}

async function mergeFile(config: KubeConfig, path: string): Promise<void> {
  const file = await newKubeConfig()
  try {
    file.loadFromFile(path)
    // Like kubectl: the first file that names a current context decides.
    config.mergeConfig(file, (config.currentContext ?? '') !== '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw configError(path, code === '' ? 'is not a valid kubeconfig' : `cannot be read (${code})`)
  }
}

function toConnection(config: KubeConfig, source: string, options: ConnectionOptions): Connection {
  const cluster = config.getCurrentCluster()
  if (cluster === null)
    throw configError(source, `has no cluster for the context "${config.currentContext ?? ''}"`)
  const server = checkServer(cluster.server, source)
  const user = config.getCurrentUser()
  if (user?.impersonateUser) {
    throw configError(
      source,
      'makes its user impersonate another ("as"), which would hide whom writes act for',
    )
  }
  const credentials = readCredentials(user, { cluster, source, options })
  const ca = readCa(cluster)
  return {
    server,
    namespace: config.getContextObject(config.currentContext)?.namespace,
    proxyUrl: cluster.proxyUrl,
    credentials,
    tls() {
      const caText = ca()
      return {
        ...(caText === undefined ? {} : { ca: caText }),
        ...credentials.certificate(),
        ...(cluster.tlsServerName ? { serverName: cluster.tlsServerName } : {}),
        ...(cluster.skipTLSVerify ? { skipVerify: true } : {}),
      }
    },
  }
}

function checkServer(text: string, source: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['https:', 'http:'].includes(url.protocol) || url.username !== '') {
    throw configError(source, 'has a server that is not an http(s) URL without user name')
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function readCa(cluster: Cluster): () => string | undefined {
  if (cluster.caData) {
    const ca = decode(cluster.caData)
    return () => ca
  }
  if (!cluster.caFile) return () => undefined
  const file = createFileSource(cluster.caFile)
  return () => file.read()
}

interface UserContext {
  readonly cluster: Cluster
  readonly source: string
  readonly options: ConnectionOptions
}

function readCredentials(user: User | null, context: UserContext): Credentials {
  if (user === null) return staticCredentials(undefined, undefined)
  if (user.exec) return execCredentials(readPlugin(user, context), context.options.clock)
  const tokenFile = findTokenFile(user)
  if (tokenFile !== '') return tokenFileCredentials(createFileSource(tokenFile))
  if (user.authProvider)
    throw configError(context.source, 'uses an auth-provider; use an exec plugin instead')
  if (user.certFile && user.keyFile) {
    return certificateFileCredentials(createFileSource(user.certFile), createFileSource(user.keyFile))
  }
  const certificate =
    user.certData && user.keyData ? { cert: decode(user.certData), key: decode(user.keyData) } : undefined
  return staticCredentials(readAuthorization(user), certificate)
}

function readAuthorization(user: User): string | undefined {
  if (user.token) return `Bearer ${user.token.trim()}`
  if (!user.username) return undefined
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`
}

/** In a pod the library describes the mounted token as an auth provider of this name. */
function findTokenFile(user: User): string {
  const provider = user.authProvider as JsonValue | undefined
  if (!isJsonObject(provider) || stringField(provider, 'name') !== 'tokenFile') return ''
  const config = provider['config']
  return isJsonObject(config) ? stringField(config, 'tokenFile') : ''
}

function readPlugin(user: User, context: UserContext): ExecPlugin {
  const exec = user.exec as JsonValue
  if (!isJsonObject(exec) || stringField(exec, 'command') === '') {
    throw configError(context.source, 'names a credential plugin without a command')
  }
  const args = Array.isArray(exec['args']) ? exec['args'].filter((arg) => typeof arg === 'string') : []
  const plugin = {
    apiVersion: stringField(exec, 'apiVersion') || 'client.authentication.k8s.io/v1',
    command: stringField(exec, 'command'),
    args,
    env: pluginEnv(exec, context.options.env),
  }
  return exec['provideClusterInfo'] === true ? { ...plugin, cluster: clusterInfo(context.cluster) } : plugin
}

function pluginEnv(exec: JsonObject, inherited: ConnectionOptions['env']): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(inherited)) if (value !== undefined) env[name] = value
  const own = Array.isArray(exec['env']) ? exec['env'].filter(isJsonObject) : []
  for (const entry of own) env[stringField(entry, 'name')] = stringField(entry, 'value')
  return env
}

function clusterInfo(cluster: Cluster): JsonObject {
  const info: JsonObject = { server: cluster.server }
  const ca = readCa(cluster)()
  if (ca !== undefined) info['certificate-authority-data'] = Buffer.from(ca).toString('base64')
  if (cluster.tlsServerName) info['tls-server-name'] = cluster.tlsServerName
  return info
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8')
}

function configError(source: string, what: string): AppError {
  return new AppError('ReconciliationFailed', 'stall', `kubeconfig of ${source} ${what}`)
}
