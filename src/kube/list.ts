import { findField, isJsonObject, mapField, stringField } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import { ApiError } from '../ports.ts'
import type { Identity, KubeObject } from '../ports.ts'
import { BodyTooLargeError } from './body.ts'
import type { Requester } from './call.ts'
import type { ApiResource } from './discovery.ts'

/** What to list: a kind, one namespace or all, and by which labels. */
export interface ListRequest {
  readonly resource: ApiResource
  /** Empty: all namespaces, or a cluster-scoped kind. */
  readonly namespace: string
  /** Only the object of this name. */
  readonly name?: string | undefined
  readonly labelSelector?: string | undefined
  /** Only apiVersion, kind and metadata of each object. */
  readonly metadataOnly?: boolean
  readonly identity: Identity
  readonly signal?: AbortSignal | undefined
  /** See `KubeCall.retry`. */
  readonly retry?: boolean
}

export interface ListPage {
  readonly items: readonly KubeObject[]
  /** Of the whole list, the same on every page: where a watch goes on. */
  readonly resourceVersion: string
}

const PAGE_SIZE = 500
const PAGE_TIMEOUT_MS = 60_000
/** So many objects of the largest size that the server stores fit into a page. */
const MIN_PAGE_SIZE = 20
const MAX_PAGE_BYTES = 64 * 1_048_576

/**
 * All pages of one consistent list; smaller pages where the objects are large. Throws ApiError 410 when it takes longer than the
 * server keeps it.
 */
export async function* listPages(requester: Requester, request: ListRequest): AsyncGenerator<ListPage> {
  let next = ''
  let pageSize = PAGE_SIZE
  for (;;) {
    const body = await fetchPage(requester, request, { next, pageSize }).catch((error: unknown) => {
      if (pageSize <= MIN_PAGE_SIZE || !isTooLarge(error)) throw error
      return undefined
    })
    if (body === undefined) {
      pageSize = Math.ceil(pageSize / 5)
      continue
    }
    const list = isJsonObject(body) ? body : {}
    const items = findField(list, 'items')
    const metadata = mapField(list, 'metadata')
    if (!Array.isArray(items) && items !== null) throw notAList(request.resource)
    yield {
      items: readItems(request.resource, items),
      resourceVersion: stringField(metadata, 'resourceVersion'),
    }
    next = stringField(metadata, 'continue')
    if (next === '') return
  }
}

async function fetchPage(
  requester: Requester,
  request: ListRequest,
  page: { next: string; pageSize: number },
): Promise<JsonValue> {
  const { body } = await requester.call({
    method: 'GET',
    target: collectionTarget(request),
    identity: request.identity,
    query: {
      ...selectorQuery(request),
      limit: String(page.pageSize),
      ...(page.next === '' ? {} : { continue: page.next }),
    },
    timeoutMs: PAGE_TIMEOUT_MS,
    maxBytes: MAX_PAGE_BYTES,
    signal: request.signal,
    ...(request.metadataOnly === true ? { accept: METADATA_LIST } : {}),
    ...(request.retry === undefined ? {} : { retry: request.retry }),
  })
  return body
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ApiError && error.cause instanceof BodyTooLargeError
}

const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'

/** The path of a kind's objects, in one namespace or in all. */
export function collectionTarget(request: Pick<ListRequest, 'resource' | 'namespace'>): {
  group: string
  version: string
  plural: string
  namespace?: string
} {
  const { group, version, plural, scope } = request.resource
  const inNamespace = scope === 'Namespaced' && request.namespace !== ''
  return { group, version, plural, ...(inNamespace ? { namespace: request.namespace } : {}) }
}

/** Which objects of the kind are meant, as query parameters. */
export function selectorQuery(request: Pick<ListRequest, 'name' | 'labelSelector'>): Record<string, string> {
  const { name, labelSelector } = request
  return {
    ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name.replace(/[\\,=]/g, '\\$&')}` }),
    ...(labelSelector === undefined || labelSelector === '' ? {} : { labelSelector }),
  }
}

function readItems(resource: ApiResource, items: JsonValue): KubeObject[] {
  if (!Array.isArray(items)) return []
  return items.filter(isJsonObject).map((item) => asObjectOf(resource, item))
}

/** `item` with the kind's own apiVersion and kind, which lists leave out and metadata-only answers replace. */
export function asObjectOf(resource: ApiResource, item: JsonObject): KubeObject {
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
  return { ...item, apiVersion, kind: resource.kind, metadata: mapField(item, 'metadata') }
}

function notAList(resource: ApiResource): ApiError {
  return new ApiError(`the answer to listing ${resource.plural} is not a list`, {
    status: 0,
    reason: 'NoAnswer',
  })
}
