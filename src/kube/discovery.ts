import { findField, findPath, isJsonObject, mapField, stringField } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import { ApiError } from '../ports.ts'
import type { Clock } from '../ports.ts'
import type { Requester } from './call.ts'

/** A kind as the server serves it. */
export interface ApiResource {
  readonly group: string
  readonly version: string
  readonly kind: string
  /** Its name in paths. */
  readonly plural: string
  readonly scope: 'Namespaced' | 'Cluster'
}

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** Which kinds the API server serves. */
export interface Discovery {
  /**
   * The kind, or undefined where the server certainly does not serve it. `refresh` asks the server in any case; without it a known
   * kind costs nothing and an unknown one at most a request per half minute. Throws ApiError where the server cannot say.
   */
  find(kind: GroupVersionKind, options?: { refresh?: boolean }): Promise<ApiResource | undefined>
  /** Like `find`, but where that version is not served, another version of the same kind: it is the same object. */
  findAnyVersion(kind: GroupVersionKind, options?: { refresh?: boolean }): Promise<ApiResource | undefined>
}

export interface DiscoveryOptions {
  readonly requester: Requester
  readonly clock: Clock
}

/** How long a known kind is believed, and how long an unknown one is believed to be unknown. */
const TTL_MS = 10 * 60_000
const NEGATIVE_TTL_MS = 30_000
const LIST_TIMEOUT_MS = 60_000
const MAX_BYTES = 64 * 1_048_576
const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',')

interface Snapshot {
  readonly fetchedAtMs: number
  /** By group and kind; versions in the server's order of preference. */
  readonly resources: ReadonlyMap<string, readonly ApiResource[]>
  /** Group/versions whose own server did not answer: nothing is known about their kinds. */
  readonly stale: ReadonlySet<string>
}

/** Discovery by the server's two aggregated documents, one snapshot for all callers. */
export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { clock } = options
  let snapshot: Snapshot | undefined
  let running: Promise<Snapshot> | undefined

  const fetchNow = (): Promise<Snapshot> => {
    running ??= fetchSnapshot(options)
      .then((fetched) => (snapshot = fetched))
      .finally(() => (running = undefined))
    return running
  }
  /** A snapshot that was asked for after this call: one that is under way may have been answered already. */
  const fetchFresh = async (): Promise<Snapshot> => {
    await running?.catch(() => undefined)
    return fetchNow()
  }
  const ageMs = (): number => (snapshot === undefined ? Infinity : clock.monotonicMs() - snapshot.fetchedAtMs)

  const current = async (): Promise<Snapshot> => {
    if (snapshot !== undefined && ageMs() < TTL_MS) return snapshot
    // What is known stays good while the server cannot be asked.
    return fetchNow().catch((error: unknown) => snapshot ?? Promise.reject(error as Error))
  }

  const search = async (
    kind: GroupVersionKind,
    select: Select,
    refresh: boolean,
  ): Promise<ApiResource | undefined> => {
    let found = select(refresh ? await fetchFresh() : await current(), kind)
    const isKnown = found !== undefined && found !== 'unanswered'
    if (!isKnown && !refresh && ageMs() >= NEGATIVE_TTL_MS) found = select(await fetchNow(), kind)
    if (found === 'unanswered') throw unansweredError(kind)
    return found
  }

  return {
    find: (kind, how) => search(kind, selectExact, how?.refresh === true),
    findAnyVersion: (kind, how) => search(kind, selectAny, how?.refresh === true),
  }
}

/** `unanswered`: the kind's own server is away, so that nobody knows. */
type Select = (from: Snapshot, kind: GroupVersionKind) => ApiResource | 'unanswered' | undefined

const selectExact: Select = (from, kind) => {
  const found = versionsOf(from, kind).find((resource) => resource.version === kind.version)
  return found ?? (from.stale.has(`${kind.group}/${kind.version}`) ? 'unanswered' : undefined)
}

const selectAny: Select = (from, kind) => {
  const versions = versionsOf(from, kind)
  const found = versions.find((resource) => resource.version === kind.version) ?? versions[0]
  const isStale = [...from.stale].some((entry) => entry.startsWith(`${kind.group}/`))
  return found ?? (isStale ? 'unanswered' : undefined)
}

function versionsOf(from: Snapshot, kind: GroupVersionKind): readonly ApiResource[] {
  return from.resources.get(`${kind.group}/${kind.kind}`) ?? []
}

function unansweredError(kind: GroupVersionKind): ApiError {
  return new ApiError(
    `the server of the API group "${kind.group}" does not answer: whether it has the kind ${kind.kind} is unknown`,
    { status: 503, reason: 'ServiceUnavailable' },
  )
}

async function fetchSnapshot(options: DiscoveryOptions): Promise<Snapshot> {
  const fetchedAtMs = options.clock.monotonicMs()
  const [core, groups] = await Promise.all([fetchGroups(options, '/api'), fetchGroups(options, '/apis')])
  const resources = new Map<string, ApiResource[]>()
  const stale = new Set<string>()
  for (const group of [...core, ...groups]) addGroup(group, resources, stale)
  return { fetchedAtMs, resources, stale }
}

async function fetchGroups(options: DiscoveryOptions, serverPath: '/api' | '/apis'): Promise<JsonObject[]> {
  const { body } = await options.requester.call({
    method: 'GET',
    target: { serverPath },
    identity: { kind: 'controller' },
    accept: AGGREGATED,
    timeoutMs: LIST_TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  })
  if (findPath(body, 'kind') === 'APIGroupDiscoveryList') return objectsIn(findPath(body, 'items'))
  throw new ApiError(
    `${serverPath} is not an aggregated discovery document; Kubernetes 1.27 or newer is needed`,
    {
      status: 406,
      reason: 'NotAcceptable',
    },
  )
}

function addGroup(group: JsonObject, resources: Map<string, ApiResource[]>, stale: Set<string>): void {
  const name = stringField(mapField(group, 'metadata'), 'name')
  for (const entry of objectsIn(findField(group, 'versions'))) {
    const version = stringField(entry, 'version')
    if (findField(entry, 'freshness') === 'Stale') stale.add(`${name}/${version}`)
    for (const item of objectsIn(findField(entry, 'resources')))
      addResource(item, { group: name, version }, resources)
  }
}

function addResource(
  item: JsonObject,
  at: { group: string; version: string },
  resources: Map<string, ApiResource[]>,
): void {
  const kind = stringField(mapField(item, 'responseKind'), 'kind')
  const plural = stringField(item, 'resource')
  if (kind === '' || plural === '') return
  const scope = findField(item, 'scope') === 'Namespaced' ? 'Namespaced' : 'Cluster'
  const key = `${at.group}/${kind}`
  const known = resources.get(key) ?? []
  if (known.some((resource) => resource.version === at.version)) return
  resources.set(key, [...known, { ...at, kind, plural, scope }])
}

function objectsIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}
