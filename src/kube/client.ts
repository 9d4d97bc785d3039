import { isJsonObject, mapField, stringField } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import { keyOf } from '../api/object-key.ts'
import { ApiError } from '../ports.ts'
import type {
  ApplyOptions,
  ApplyResult,
  ClientFactory,
  DeleteOptions,
  Identity,
  KubeObject,
  ObjectKey,
  ResourceClient,
} from '../ports.ts'
import { APPLY_PATCH } from './apply-body.ts'
import { PATH_NOT_FOUND } from './api-error.ts'
import type { Requester } from './call.ts'
import type { ApiResource, Discovery, GroupVersionKind } from './discovery.ts'
import { impersonationHeaders } from './impersonate.ts'
import { asObjectOf, listPages } from './list.ts'
import type { ListRequest } from './list.ts'
import type { ResourceTarget } from './paths.ts'

/** `reason` of the ApiError (404) where the server does not serve a kind at all. */
export const KIND_NOT_SERVED = 'KindNotServed'

interface ClientParts {
  readonly requester: Requester
  readonly discovery: Discovery
  readonly identity: Identity
}

/** Clients on one cluster. `clientFor` throws AppError for an identity that is not valid. */
export function createClientFactory(parts: Omit<ClientParts, 'identity'>): ClientFactory {
  return {
    clientFor(identity) {
      impersonationHeaders(identity)
      return createClient({ ...parts, identity })
    },
  }
}

/**
 * Raw JSON in and out. What a lost answer means: `apply` and `delete` are sent again, because repeating them changes nothing more;
 * when that fails too, and for every lost `patch`, the error has status 0 and reason `OutcomeUnknown`: the caller reads the object
 * again before it decides anything.
 */
function createClient(parts: ClientParts): ResourceClient {
  return {
    get: (key, signal) => getObject(parts, key, signal),
    list: (kind, options) => listObjects(parts, kind, options ?? {}),
    apply: (object, options, signal) => applyObject(parts, { object, options }, signal),
    patch: (key, patch, signal) => patchObject(parts, { key, patch }, signal),
    delete: (key, options, signal) => deleteObject(parts, { key, options }, signal),
    findScope: async (kind, options) => (await parts.discovery.find(kind, options))?.scope,
    findServedVersion: async (kind, options) =>
      (await parts.discovery.findAnyVersion(kind, options))?.version,
  }
}

/**
 * Runs `run` on the kind as discovery knows it. When the server answers that it serves no such path, its kinds have changed since:
 * it is asked for them and, where the kind is still there, once more. Undefined: the kind is not served.
 */
async function onServedKind<T>(
  find: (options: { refresh: boolean }) => Promise<ApiResource | undefined>,
  run: (resource: ApiResource) => Promise<T>,
): Promise<T | undefined> {
  const resource = await find({ refresh: false })
  if (resource === undefined) return undefined
  try {
    return await run(resource)
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== PATH_NOT_FOUND) throw error
    const refreshed = await find({ refresh: true })
    if (refreshed === undefined) return undefined
    return run(refreshed)
  }
}

/** On exactly this version of a kind. Throws ApiError `KindNotServed`. */
async function onKind<T>(
  parts: ClientParts,
  kind: GroupVersionKind,
  run: (resource: ApiResource) => Promise<T>,
): Promise<T> {
  const result = await onServedKind((options) => parts.discovery.find(kind, options), run)
  if (result === undefined) throw notServed(kind)
  return result
}

function getObject(
  parts: ClientParts,
  key: ObjectKey,
  signal?: AbortSignal,
): Promise<KubeObject | undefined> {
  return onServedKind(
    (options) => parts.discovery.findAnyVersion(key, options),
    (resource) =>
      absentOn404(async () => {
        const target = objectTarget(resource, key)
        const { body } = await parts.requester.call({
          method: 'GET',
          target,
          identity: parts.identity,
          signal,
        })
        return readObject(resource, body)
      }),
  )
}

function listObjects(
  parts: ClientParts,
  kind: Omit<ObjectKey, 'name'>,
  options: { labelSelector?: string; signal?: AbortSignal },
): Promise<KubeObject[]> {
  return onKind(parts, kind, async (resource) => {
    const request = { resource, namespace: kind.namespace, identity: parts.identity, ...options }
    try {
      return await collect(parts.requester, request)
    } catch (error) {
      // The server forgot the list between two pages: one more attempt, from the start.
      if (!(error instanceof ApiError) || error.status !== 410) throw error
      return collect(parts.requester, request)
    }
  })
}

async function collect(requester: Requester, request: ListRequest): Promise<KubeObject[]> {
  const objects: KubeObject[] = []
  for await (const page of listPages(requester, request)) for (const item of page.items) objects.push(item)
  return objects
}

function applyObject(
  parts: ClientParts,
  { object, options }: { object: KubeObject; options: ApplyOptions },
  signal?: AbortSignal,
): Promise<ApplyResult> {
  const key = keyOf(object)
  const query = {
    fieldManager: options.fieldManager,
    force: String(options.force),
    fieldValidation: options.fieldValidation ?? 'Warn',
    ...(options.dryRun === true ? { dryRun: 'All' } : {}),
  }
  return onKind(parts, key, async (resource) => {
    const { body, warnings } = await parts.requester.call({
      method: 'PATCH',
      target: objectTarget(resource, key),
      identity: parts.identity,
      query,
      contentType: APPLY_PATCH,
      body: object,
      repeatable: true,
      signal,
    })
    return { object: readObject(resource, body), warnings }
  })
}

function patchObject(
  parts: ClientParts,
  { key, patch }: { key: ObjectKey; patch: Parameters<ResourceClient['patch']>[1] },
  signal?: AbortSignal,
): Promise<KubeObject> {
  return onKind(parts, key, async (resource) => {
    const target = objectTarget(resource, key)
    const { body } = await parts.requester.call({
      method: 'PATCH',
      target: patch.subresource === undefined ? target : { ...target, subresource: patch.subresource },
      identity: parts.identity,
      query: patch.fieldManager === undefined ? {} : { fieldManager: patch.fieldManager },
      contentType: patch.type === 'json' ? 'application/json-patch+json' : 'application/merge-patch+json',
      body: patch.body,
      signal,
    })
    return readObject(resource, body)
  })
}

async function deleteObject(
  parts: ClientParts,
  { key, options }: { key: ObjectKey; options: DeleteOptions },
  signal?: AbortSignal,
): Promise<'deleted' | 'absent'> {
  if (options.uid === '') throw invalid(`refused to delete ${key.kind} "${key.name}" without knowing its UID`)
  const body = deleteBody(options)
  const deleted = await onServedKind(
    (how) => parts.discovery.findAnyVersion(key, how),
    (resource) =>
      absentOn404(async () => {
        const target = objectTarget(resource, key)
        const call = {
          method: 'DELETE',
          target,
          identity: parts.identity,
          body,
          repeatable: true,
          signal,
        } as const
        await parts.requester.call(call)
        return 'deleted' as const
      }),
  )
  return deleted ?? 'absent'
}

function deleteBody(options: DeleteOptions): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: {
      uid: options.uid,
      ...(options.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion }),
    },
    propagationPolicy: options.propagation ?? 'Background',
    ...(options.dryRun === true ? { dryRun: ['All'] } : {}),
  }
}

function notServed(kind: GroupVersionKind): ApiError {
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
  return new ApiError(`the API server does not serve ${apiVersion} ${kind.kind}; is its CRD installed?`, {
    status: 404,
    reason: KIND_NOT_SERVED,
  })
}

/** Where an object is. The scope is the server's: a namespace given for a cluster-scoped kind is not part of the path. */
function objectTarget(resource: ApiResource, key: ObjectKey): ResourceTarget {
  const { group, version, plural, scope } = resource
  if (scope === 'Cluster') return { group, version, plural, name: key.name }
  if (key.namespace === '') throw invalid(`${key.kind} "${key.name}" needs a namespace`)
  return { group, version, plural, namespace: key.namespace, name: key.name }
}

function readObject(resource: ApiResource, body: JsonValue): KubeObject {
  if (!isJsonObject(body) || stringField(mapField(body, 'metadata'), 'name') === '') {
    throw new ApiError(`the answer about one of ${resource.plural} is not an object`, {
      status: 0,
      reason: 'NoAnswer',
    })
  }
  return asObjectOf(resource, body)
}

async function absentOn404<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof ApiError && error.status === 404 && error.reason !== PATH_NOT_FOUND) return undefined
    throw error
  }
}

function invalid(message: string): ApiError {
  return new ApiError(message, { status: 400, reason: 'BadRequest' })
}
