import type { JsonObject, JsonValue } from '../lib/json.ts'

export type { JsonObject, JsonValue }

/** A Kubernetes object as plain JSON. */
export interface KubeObject extends JsonObject {
  apiVersion: string
  kind: string
  metadata: JsonObject
}

/** The GitOpsSet object as the API server keeps it. Field by field: docs/spec.md. */
export interface GitOpsSet {
  apiVersion: string
  kind: 'GitOpsSet'
  metadata: ObjectMeta
  spec: GitOpsSetSpec
  status?: GitOpsSetStatus
}

export interface ObjectMeta {
  name: string
  namespace: string
  uid?: string
  generation?: number
  resourceVersion?: string
  creationTimestamp?: string
  deletionTimestamp?: string
  finalizers?: string[]
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

export interface GitOpsSetSpec {
  suspend?: boolean
  serviceAccountName?: string
  engine?: Engine
  mode?: 'Apply' | 'Plan'
  /** Go duration. */
  interval?: string
  conflicts?: ConflictPolicy
  prune?: { enabled?: boolean; allowEmpty?: boolean; maxPercent?: number }
  deletionPolicy?: 'Delete' | 'Orphan'
  /** Go duration. */
  timeout?: string
  wait?: boolean
  dependsOn?: { name: string; namespace?: string }[]
  generators?: GeneratorEntry[]
  templates?: TemplateEntry[]
}

export type Engine = 'go' | 'handlebars'
export type ConflictPolicy = 'Fail' | 'Force' | 'Skip'

export interface TemplateEntry {
  repeat?: string
  content: JsonObject
  apply?: 'Object' | 'Fields'
  when?: string
}

/** What a complete answer without any element means. */
export type OnEmpty = 'Keep' | 'Prune' | 'Fail'

/** Exactly one key is set. */
export interface GeneratorEntry {
  list?: ListSpec
  apiClient?: ApiClientSpec
  prometheus?: PrometheusSpec
  gitRepository?: RepositorySpec
  ociRepository?: RepositorySpec
  pullRequests?: PullRequestsSpec
  cluster?: ClusterSpec
  imagePolicy?: ImagePolicySpec
  config?: ConfigSpec
  matrix?: MatrixSpec
}

export type GeneratorKind = keyof GeneratorEntry

export interface ListSpec {
  elements?: JsonObject[]
  onEmpty?: OnEmpty
}

/** When a polled generator is asked: `interval` (Go duration), or `schedule` (five-field cron) in `timeZone` (IANA). */
export interface Polled {
  interval?: string
  schedule?: string
  timeZone?: string
}

export interface ApiClientSpec extends Polled {
  endpoint: string
  method?: 'GET' | 'POST'
  jsonPath?: string
  headersRef?: HeadersRef
  body?: JsonValue
  bodyFormat?: 'JSON' | 'Form'
  singleElement?: boolean
  secretRef?: LocalRef
  /** Go duration, connect to last byte. */
  timeout?: string
  onEmpty?: OnEmpty
}

export interface HeadersRef {
  kind: 'Secret' | 'ConfigMap'
  name: string
}

export interface LocalRef {
  name: string
}

export interface PrometheusSpec extends Polled {
  endpoint: string
  query?: string
  queries?: { name: string; query: string }[]
  joinOn?: string[]
  join?: 'Inner' | 'Left' | 'Full'
  window?: string
  minCoverage?: string
  maxAge?: string
  headersRef?: HeadersRef
  secretRef?: LocalRef
  singleElement?: boolean
  timeout?: string
  onEmpty?: OnEmpty
  onWarnings?: 'Keep' | 'Accept'
}

export interface RepositorySpec {
  repositoryRef: string
  files?: { path: string }[]
  directories?: { path: string; exclude?: boolean }[]
  onEmpty?: OnEmpty
}

export interface PullRequestsSpec extends Polled {
  driver: 'github' | 'gitlab' | 'bitbucketserver'
  serverURL?: string
  repo: string
  secretRef?: LocalRef
  labels?: string[]
  forks?: boolean
  onEmpty?: OnEmpty
}

export interface ClusterSpec {
  selector?: LabelSelector
  onEmpty?: OnEmpty
}

export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

export interface ImagePolicySpec {
  policyRef: string
  onEmpty?: OnEmpty
}

export interface ConfigSpec {
  kind: 'ConfigMap' | 'Secret'
  name: string
  onEmpty?: OnEmpty
}

export interface MatrixSpec {
  generators?: (Omit<GeneratorEntry, 'matrix'> & { name?: string })[]
  singleElement?: boolean
  onEmpty?: OnEmpty
}

export interface GitOpsSetStatus {
  observedGeneration?: number
  lastHandledReconcileAt?: string
  conditions?: Condition[]
  inventory?: Inventory
  /** How many objects the inventory has: what `kubectl get` shows. */
  objects?: number
  /** The earliest of the generators' next evaluations. */
  nextEvaluation?: string
  generators?: GeneratorStatus[]
  plan?: PlanStatus
  history?: HistoryEntry[]
}

export interface Condition {
  type: 'Ready' | 'Reconciling' | 'Stalled' | 'PruneBlocked'
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
  lastTransitionTime: string
  observedGeneration?: number
}

/** The objects a set owns, in the form that the Go controller and Flux write. */
export interface Inventory {
  entries: InventoryEntry[]
  /** Objects of which the set owns only fields (`apply: Fields`); readers of `entries` never see them. */
  fields?: InventoryEntry[]
}

export interface InventoryEntry {
  /** `<namespace>_<name>_<group>_<kind>` */
  id: string
  /** API version without its group, for example `v1`. */
  v: string
}

export interface GeneratorStatus {
  /** Field path, for example `spec.generators[0].apiClient`. */
  path: string
  kind: GeneratorKind
  lastEvaluation?: string
  nextEvaluation?: string
  elements?: number
  warnings?: string[]
  error?: string
}

export interface PlanStatus {
  summary: string
  hash: string
  changes: { action: string; object: string; fields?: string[] }[]
}

export interface HistoryEntry {
  time: string
  generation: number
  /** Hash of the rendered objects. */
  digest: string
  created: number
  updated: number
  deleted: number
  cause: string
}
