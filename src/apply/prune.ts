import { findPath, stringField } from '../lib/json.ts'
import type { ApiGroup } from '../api/group.ts'
import type { AppError } from '../errors.ts'
import type { KubeObject, ObjectKey, ResourceClient } from '../ports.ts'
import type { Change } from './change-set.ts'
import { classifyApiError } from './classify.ts'
import { compareText, deletionRank } from './order.ts'
import { identityOf } from '../api/inventory.ts'
import { isKeptOnPrune, isOwnedBy } from './ownership.ts'
import type { Owner } from './ownership.ts'

export interface PruneContext {
  readonly client: ResourceClient
  readonly owner: Owner
  readonly group: ApiGroup
  readonly signal: AbortSignal
}

export interface PruneReport {
  readonly changes: readonly Change[]
  readonly errors: readonly AppError[]
  /** What is no longer the set's: deleted, gone, another's, or kept by annotation. */
  readonly settled: readonly ObjectKey[]
}

/** Deletes the given objects of the set, Flux objects first. What fails is reported and stays the set's. Never throws. */
export async function pruneAll(keys: readonly ObjectKey[], context: PruneContext): Promise<PruneReport> {
  const changes: Change[] = []
  const errors: AppError[] = []
  const settled: ObjectKey[] = []
  for (const key of inDeletionOrder(keys)) {
    try {
      changes.push(...(await pruneObject(key, context)))
      settled.push(key)
    } catch (error) {
      const failure = classifyApiError(error, key)
      errors.push(failure)
      changes.push({ action: 'failed', key, message: failure.message })
    }
  }
  return { changes, errors, settled }
}

function inDeletionOrder(keys: readonly ObjectKey[]): ObjectKey[] {
  return [...keys].sort(
    (a, b) => deletionRank(a) - deletionRank(b) || compareText(identityOf(b), identityOf(a)),
  )
}

/** Deletes one object if it is still this set's. Throws where that could not be done. */
async function pruneObject(key: ObjectKey, context: PruneContext): Promise<Change[]> {
  const found = await findLive(key, context)
  if (found === undefined) return []
  const live = found.object
  if (!isOwnedBy(live, context.owner)) {
    return [{ action: 'released', key, message: 'its labels no longer name this set' }]
  }
  if (isKeptOnPrune(live, context.group)) {
    return [{ action: 'released', key, message: `kept by ${context.group.pruneAnnotation}: disabled` }]
  }
  if (findPath(live, 'metadata', 'deletionTimestamp') !== undefined) return []
  const uid = stringField(live.metadata, 'uid')
  const outcome = await context.client.delete(found.key, { uid, propagation: 'Background' }, context.signal)
  return outcome === 'deleted' ? [{ action: 'deleted', key }] : []
}

/**
 * The live object under a version that is served: the one in the inventory may be gone from the API server since.
 * Undefined where there is none, or where the server serves the kind no longer, because then nothing of it exists.
 */
async function findLive(
  key: ObjectKey,
  context: PruneContext,
): Promise<{ object: KubeObject; key: ObjectKey } | undefined> {
  // "Not served" means that nothing is left to delete, so it must not come from a stale cache.
  const version =
    (await context.client.findServedVersion(key)) ??
    (await context.client.findServedVersion(key, { refresh: true }))
  if (version === undefined) return undefined
  const served = { ...key, version }
  const object = await context.client.get(served, context.signal)
  return object && { object, key: served }
}
