import { AppError } from './errors.ts'
import { findNearest } from './lib/nearest.ts'

/** One flag of `gitopsset controller`; also read from the environment as `GITOPSSET_…`. */
export interface FlagDefinition {
  readonly name: string
  readonly kind: 'string' | 'boolean' | 'integer' | 'number' | 'list'
  readonly default: string
  readonly group: 'Cluster' | 'Watching' | 'Generators' | 'Applying' | 'Operating'
  readonly doc: string
  readonly choices?: readonly string[]
  /** Of a number; 0 unless told. */
  readonly min?: number
}

const DEFAULT_GENERATORS =
  'List,PullRequests,GitRepository,OCIRepository,APIClient,Matrix,Config,Cluster,ImagePolicy,Prometheus'

/** Every flag, in the order of `--help`. Those of the Go controller keep their names, meaning and defaults. */
export const CONTROLLER_FLAGS: readonly FlagDefinition[] = [
  flag(
    'Cluster',
    'kubeconfig',
    'string',
    '',
    'Kubeconfig file; without it KUBECONFIG, then the pod’s own account.',
  ),
  flag('Cluster', 'context', 'string', '', 'Context of the kubeconfig.'),
  flag('Cluster', 'kube-api-qps', 'number', '50', 'Requests a second to the API server; 0: no limit.'),
  flag('Cluster', 'kube-api-burst', 'integer', '300', 'Requests that may exceed kube-api-qps at once.'),
  flag('Cluster', 'leader-elect', 'boolean', 'false', 'Elect a leader, so that only one replica acts.'),
  flag('Cluster', 'lease-name', 'string', 'gitopsset-controller', 'Name of the election’s Lease.'),
  flag(
    'Cluster',
    'lease-namespace',
    'string',
    '',
    'Namespace of the Lease; without it the controller’s own.',
  ),
  flag(
    'Watching',
    'watch-all-namespaces',
    'boolean',
    'true',
    'Watch sets in every namespace; false: only in the controller’s own.',
  ),
  flag('Watching', 'watch-namespaces', 'list', '', 'Watch sets in these namespaces only.'),
  flag(
    'Watching',
    'watch-label-selector',
    'string',
    '',
    'Watch sets with these labels only: one shard of several.',
  ),
  {
    ...flag('Watching', 'concurrent', 'integer', '8', 'Sets that are reconciled at the same time.'),
    min: 1,
  },
  flag('Applying', 'default-service-account', 'string', '', 'Account for sets that name none.'),
  flag('Applying', 'require-service-account', 'boolean', 'false', 'Refuse sets without an account.'),
  {
    ...flag('Applying', 'field-validation', 'string', 'Warn', 'What the server does about unknown fields.'),
    choices: ['Ignore', 'Warn', 'Strict'],
  },
  flag('Generators', 'enabled-generators', 'list', DEFAULT_GENERATORS, 'Generators that sets may use.'),
  flag(
    'Generators',
    'allow-loopback',
    'boolean',
    'false',
    'Let generators call loopback addresses (development only).',
  ),
  flag(
    'Generators',
    'allow-hosts',
    'list',
    '',
    'Hosts that generators may call; empty: any that is not denied.',
  ),
  flag('Generators', 'deny-cidrs', 'list', '', 'Address ranges that generators may not call.'),
  flag('Generators', 'max-response-bytes', 'integer', '5242880', 'Largest answer of an HTTP API.'),
  flag(
    'Generators',
    'max-archive-download-size',
    'integer',
    '104857600',
    'Largest artifact, packed, in bytes.',
  ),
  flag(
    'Generators',
    'max-archive-untar-size',
    'integer',
    '209715200',
    'Largest artifact, unpacked, in bytes.',
  ),
  flag('Operating', 'metrics-bind-address', 'string', ':8080', 'Address of /metrics; 0: off.'),
  flag(
    'Operating',
    'health-probe-bind-address',
    'string',
    ':8081',
    'Address of /healthz and /readyz; 0: off.',
  ),
  flag(
    'Operating',
    'events-addr',
    'string',
    '',
    'Address of Flux’s notification-controller, which gets every event too.',
  ),
  {
    ...flag('Operating', 'log-level', 'string', 'info', 'Least severe messages that are logged.'),
    choices: ['trace', 'debug', 'info', 'warn', 'error'],
  },
  {
    ...flag('Operating', 'log-encoding', 'string', 'json', 'Form of log lines.'),
    choices: ['json', 'console'],
  },
]

function flag(
  group: FlagDefinition['group'],
  name: string,
  kind: FlagDefinition['kind'],
  ...[defaultValue, doc]: [string, string]
): FlagDefinition {
  return { name, kind, default: defaultValue, group, doc }
}

/** The controller's settings, read once at start. */
export interface Config {
  readonly kubeconfig: string
  readonly context: string
  readonly kubeApiQps: number
  readonly kubeApiBurst: number
  readonly leaderElect: boolean
  readonly leaseName: string
  readonly leaseNamespace: string
  readonly watchAllNamespaces: boolean
  readonly watchNamespaces: readonly string[]
  readonly watchLabelSelector: string
  readonly concurrent: number
  readonly defaultServiceAccount: string
  readonly requireServiceAccount: boolean
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  readonly enabledGenerators: readonly string[]
  readonly allowLoopback: boolean
  readonly allowHosts: readonly string[]
  readonly denyCidrs: readonly string[]
  readonly maxResponseBytes: number
  readonly maxArchiveDownloadSize: number
  readonly maxArchiveUntarSize: number
  readonly metricsBindAddress: string
  readonly healthProbeBindAddress: string
  readonly eventsAddr: string
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error'
  readonly logEncoding: 'json' | 'console'
  /** Namespace of the controller's own pod, from POD_NAMESPACE; empty where unknown. */
  readonly podNamespace: string
  /** Host of the API server as pods see it, which generators may not call. */
  readonly apiServerHost: string
}

export type Environment = Readonly<Record<string, string | undefined>>

/** The process's environment. Nothing else reads it. */
export function processEnvironment(): Environment {
  return process.env
}

/**
 * Reads flags (`--name value`, `--name=value`, `-name`, `--flag` for true) over `GITOPSSET_…` variables over defaults.
 * Throws AppError (InvalidSpec) naming the flag.
 */
export function parseConfig(argv: readonly string[], env: Environment): Config {
  const given = readFlags(argv)
  const text = (name: string): string =>
    given.get(name) ?? env[environmentName(name)] ?? definitionOf(name).default
  const values = new Map(
    CONTROLLER_FLAGS.map((definition) => [
      toCamelCase(definition.name),
      parseValue(definition, text(definition.name)),
    ]),
  )
  const config = {
    ...Object.fromEntries(values),
    kubeconfig: text('kubeconfig') === '' ? (env['KUBECONFIG'] ?? '') : text('kubeconfig'),
    podNamespace: env['POD_NAMESPACE'] ?? '',
    apiServerHost: env['KUBERNETES_SERVICE_HOST'] ?? '',
  } as unknown as Config
  return Object.freeze(config)
}

/** `GITOPSSET_LOG_LEVEL` for `log-level`. */
export function environmentName(flagName: string): string {
  return `GITOPSSET_${flagName.toUpperCase().replaceAll('-', '_')}`
}

function readFlags(argv: readonly string[]): Map<string, string> {
  const values = new Map<string, string>()
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? ''
    const match = /^--?([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(argument)
    if (match?.[1] === undefined) throw usageError(`unexpected argument ${JSON.stringify(argument)}`)
    const definition = definitionOf(match[1])
    if (match[2] !== undefined) values.set(definition.name, match[2])
    else if (definition.kind === 'boolean') values.set(definition.name, 'true')
    else values.set(definition.name, nextArgument(argv, ++i, definition.name))
  }
  return values
}

function nextArgument(argv: readonly string[], index: number, name: string): string {
  const value = argv[index]
  if (value === undefined) throw usageError(`--${name} needs a value`)
  return value
}

function definitionOf(name: string): FlagDefinition {
  const definition = CONTROLLER_FLAGS.find((candidate) => candidate.name === name)
  if (definition !== undefined) return definition
  const nearest = findNearest(
    name,
    CONTROLLER_FLAGS.map((candidate) => candidate.name),
  )
  throw usageError(`unknown flag --${name}${nearest === undefined ? '' : `; did you mean --${nearest}?`}`)
}

function parseValue(definition: FlagDefinition, text: string): string | number | boolean | readonly string[] {
  switch (definition.kind) {
    case 'string':
      return checkChoice(definition, text)
    case 'boolean':
      return parseBoolean(definition, text)
    case 'integer':
    case 'number':
      return parseNumber(definition, text)
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
  }
}

function checkChoice(definition: FlagDefinition, text: string): string {
  if (definition.choices === undefined || definition.choices.includes(text)) return text
  throw usageError(
    `--${definition.name} is ${JSON.stringify(text)}; it must be one of ${definition.choices.join(', ')}`,
  )
}

function parseBoolean(definition: FlagDefinition, text: string): boolean {
  if (['true', '1', 't', 'T', 'TRUE', 'True'].includes(text)) return true
  if (['false', '0', 'f', 'F', 'FALSE', 'False'].includes(text)) return false
  throw usageError(`--${definition.name} is ${JSON.stringify(text)}; it must be true or false`)
}

function parseNumber(definition: FlagDefinition, text: string): number {
  const pattern = definition.kind === 'integer' ? /^\d{1,15}$/ : /^\d{1,9}(\.\d{1,6})?$/
  const { name, kind, min = 0 } = definition
  if (pattern.test(text) && Number(text) >= min) return Number(text)
  throw usageError(`--${name} is ${JSON.stringify(text)}; it must be a ${kind} of ${min} or more`)
}

function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

function usageError(message: string): AppError {
  return new AppError('InvalidSpec', 'stall', message)
}
