import { identityOf } from '../../src/api/inventory.ts'
import { keyOf } from '../../src/api/object-key.ts'
import { ApiError } from '../../src/ports.ts'
import type { ApplyOptions, KubeObject, ObjectKey, ResourceClient } from '../../src/ports.ts'

/** One request, in the order of arrival. */
export interface FakeRequest {
  readonly verb: 'get' | 'list' | 'apply' | 'patch' | 'delete'
  readonly name: string
  readonly options?: unknown
}

export interface FakeClient extends ResourceClient {
  readonly objects: Map<string, KubeObject>
  readonly requests: FakeRequest[]
  /** Answers the next requests of this verb, one each; undefined lets the request through. */
  fail(verb: FakeRequest['verb'], ...errors: (Error | undefined)[]): void
  put(object: KubeObject): void
}

/** A cluster in memory that gives out UIDs and resource versions, and fails as it is told. */
export function fakeClient(): FakeClient {
  const objects = new Map<string, KubeObject>()
  const requests: FakeRequest[] = []
  const failures = new Map<FakeRequest['verb'], (Error | undefined)[]>()
  let count = 0

  const begin = (request: FakeRequest): void => {
    requests.push(request)
    const error = failures.get(request.verb)?.shift()
    if (error !== undefined) throw error
  }
  const store = (object: KubeObject, known: KubeObject | undefined): KubeObject => {
    const uid = known?.metadata['uid'] ?? `uid-${++count}`
    const stored = {
      ...object,
      metadata: { ...object.metadata, uid, resourceVersion: String(++count) },
    }
    objects.set(identityOf(keyOf(object)), stored)
    return stored
  }
  return {
    objects,
    requests,
    fail: (verb, ...errors) => failures.set(verb, errors),
    put: (object) => void store(object, undefined),
    get: async (key) => {
      begin({ verb: 'get', name: key.name })
      return objects.get(identityOf(key))
    },
    list: async () => {
      begin({ verb: 'list', name: '' })
      return [...objects.values()]
    },
    apply: async (object, options: ApplyOptions) => {
      begin({ verb: 'apply', name: keyOf(object).name, options })
      const known = objects.get(identityOf(keyOf(object)))
      const isSame =
        known !== undefined &&
        JSON.stringify({ ...known, metadata: 0 }) === JSON.stringify({ ...object, metadata: 0 })
      if (options.dryRun === true) return { object: { ...known, ...object }, warnings: [] }
      return { object: isSame ? known : store(object, known), warnings: [] }
    },
    patch: async (key, patch) => {
      begin({ verb: 'patch', name: key.name, options: patch })
      const known = objects.get(identityOf(key))
      if (known === undefined) throw apiError(404, 'not found')
      return store(known, known)
    },
    delete: async (key, options) => {
      begin({ verb: 'delete', name: key.name, options })
      const known = objects.get(identityOf(key))
      if (known !== undefined && known.metadata['uid'] !== options.uid) throw apiError(409, 'another UID')
      return objects.delete(identityOf(key)) ? 'deleted' : 'absent'
    },
    findScope: async () => 'Namespaced',
    findServedVersion: async (kind) => kind.version,
  }
}

export function apiError(
  status: number,
  message: string,
  details: { causes?: ApiError['causes']; reason?: string; retryAfterMs?: number } = {},
): ApiError {
  return new ApiError(message, { status, ...details })
}

export function keyOfConfigMap(name: string, namespace = 'team'): ObjectKey {
  return { group: '', version: 'v1', kind: 'ConfigMap', namespace, name }
}

export function configMapObject(
  name: string,
  value = 'x',
  metadata: KubeObject['metadata'] = {},
): KubeObject {
  const labels = { 'sets.gitops.pro/name': 'set', 'sets.gitops.pro/namespace': 'team' }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'team', labels, ...metadata },
    data: { value },
  }
}
