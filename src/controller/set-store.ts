import { findField, isJsonObject, stringField } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { ApiGroup } from '../api/group.ts'
import type { GitOpsSetStatus } from '../api/types.ts'
import { canonicalHash } from '../lib/canonical.ts'
import { ApiError } from '../ports.ts'
import type { KubeObject, ObjectKey, ResourceClient } from '../ports.ts'

const MAX_WRITE_ATTEMPTS = 5

/** Reads and writes the sets themselves, as the controller. */
export class SetStore {
  private readonly client: ResourceClient

  constructor(client: ResourceClient) {
    this.client = client
  }

  /** Always from the API server: an inventory that is out of date would lose objects. */
  get(key: ObjectKey, signal: AbortSignal): Promise<KubeObject | undefined> {
    return this.client.get(key, signal)
  }

  /**
   * Writes the whole status where it differs from the object's. Returns the set as it is then. Another writer of the
   * object in between does not matter, except one that replaced it: then the old object's status is not written.
   */
  async writeStatus(
    key: ObjectKey,
    set: KubeObject,
    status: GitOpsSetStatus,
    signal: AbortSignal,
  ): Promise<KubeObject> {
    const next = status as unknown as JsonObject
    let current = set
    for (let attempt = 1; ; attempt++) {
      const previous = statusOf(current)
      if (canonicalHash(previous) === canonicalHash(next)) return current
      const body = {
        metadata: { uid: uidOf(set), resourceVersion: stringField(current.metadata, 'resourceVersion') },
        status: replacement(previous, next),
      }
      try {
        return await this.client.patch(key, { type: 'merge', body, subresource: 'status' }, signal)
      } catch (error) {
        if (!isConflict(error) || attempt === MAX_WRITE_ATTEMPTS) throw error
        const reread = await this.client.get(key, signal)
        if (reread === undefined || uidOf(reread) !== uidOf(set)) return current
        current = reread
      }
    }
  }

  /** Adds or removes our finalizer, leaving those of others alone. */
  async writeFinalizer(
    key: ObjectKey,
    set: KubeObject,
    change: { group: ApiGroup; present: boolean },
    signal: AbortSignal,
  ): Promise<KubeObject> {
    const finalizer = change.group.finalizer
    const others = finalizersOf(set).filter((name) => name !== finalizer)
    const finalizers = change.present ? [...others, finalizer] : others
    const metadata = {
      finalizers,
      uid: uidOf(set),
      resourceVersion: stringField(set.metadata, 'resourceVersion'),
    }
    return this.client.patch(key, { type: 'merge', body: { metadata } }, signal)
  }
}

export function finalizersOf(set: KubeObject): string[] {
  const finalizers = findField(set.metadata, 'finalizers')
  return Array.isArray(finalizers) ? finalizers.filter((name) => typeof name === 'string') : []
}

function statusOf(set: KubeObject): JsonObject {
  const status = findField(set, 'status')
  return isJsonObject(status) ? status : {}
}

function uidOf(set: KubeObject): string {
  return stringField(set.metadata, 'uid')
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409
}

/** A merge patch that leaves nothing of the previous status but what the next one has. */
function replacement(previous: JsonObject, next: JsonObject): JsonObject {
  const patch: Record<string, JsonValue> = {}
  for (const key of Object.keys(previous)) if (!Object.hasOwn(next, key)) patch[key] = null
  return { ...patch, ...next }
}
