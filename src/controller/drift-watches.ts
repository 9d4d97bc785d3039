import { findField, isJsonObject, stringField } from '../lib/json.ts'
import type { JsonObject } from '../lib/json.ts'
import { FIELD_MANAGER } from '../apply/field-managers.ts'
import { findOwner } from '../apply/ownership.ts'
import type { Owner } from '../apply/ownership.ts'
import { API_GROUPS } from '../api/group.ts'
import { canonicalHash } from '../lib/canonical.ts'
import type { Clock, KubeObject, Logger, ObjectKey, ObjectWatcher, ResourceClient, Watch } from '../ports.ts'

/** A kind that may not be listed is tried again at this pace: rights can be granted any time. */
const RETRY_REFUSED_MS = 60 * 60_000

export interface DriftWatchDeps {
  readonly watcher: ObjectWatcher
  /** The controller's own: only kinds that it may list are watched. */
  readonly client: ResourceClient
  readonly clock: Clock
  readonly log: Logger
  /** Somebody else changed or deleted an object of this set. */
  readonly onDrift: (owner: Owner) => void
}

/**
 * Notices within seconds when others change or delete what sets own: one metadata-only watch by our label for each
 * kind that sets have applied and that the controller may list. Never Secrets. For all other kinds there is the
 * drift interval.
 */
export class DriftWatches {
  private readonly deps: DriftWatchDeps
  private readonly kinds = new Map<string, Watch[] | 'asking'>()
  private readonly refusedAtMs = new Map<string, number>()
  private isStopped = false

  constructor(deps: DriftWatchDeps) {
    this.deps = deps
  }

  /** Watches the kinds of these objects from now on. */
  cover(keys: readonly ObjectKey[]): void {
    for (const key of keys) {
      const name = `${key.group}/${key.kind}`
      if (this.kinds.has(name) || this.isRefused(name) || isSecret(key)) continue
      this.kinds.set(name, 'asking')
      void this.open(name, key)
    }
  }

  stop(): void {
    this.isStopped = true
    for (const watches of this.kinds.values())
      if (watches !== 'asking') for (const watch of watches) watch.stop()
    this.kinds.clear()
  }

  private isRefused(name: string): boolean {
    const atMs = this.refusedAtMs.get(name)
    return atMs !== undefined && this.deps.clock.monotonicMs() - atMs < RETRY_REFUSED_MS
  }

  private async open(name: string, key: ObjectKey): Promise<void> {
    const { group, version, kind } = key
    try {
      const selectors = API_GROUPS.map((apiGroup) => apiGroup.nameLabel)
      await this.deps.client.list(
        { group, version, kind, namespace: '' },
        { labelSelector: selectors[0] ?? '' },
      )
      if (this.isStopped) return
      this.kinds.set(
        name,
        selectors.map((labelSelector) => this.watch({ group, version, kind, labelSelector })),
      )
    } catch {
      // Not ours to list, or not now: the drift interval covers it.
      this.deps.log.debug('kind is not watched for drift', { group, kind })
      this.refusedAtMs.set(name, this.deps.clock.monotonicMs())
      this.kinds.delete(name)
    }
  }

  private watch(target: { group: string; version: string; kind: string; labelSelector: string }): Watch {
    const seen = new Map<string, string>()
    return this.deps.watcher.watch(
      { ...target, metadataOnly: true },
      {
        onChange: (object) => {
          const uid = stringField(object.metadata, 'uid')
          const fingerprint = fingerprintOf(object)
          const isNews = seen.get(uid) !== undefined && seen.get(uid) !== fingerprint
          seen.set(uid, fingerprint)
          if (isNews && !isOwnWrite(object)) this.report(object)
        },
        onDelete: (object) => {
          seen.delete(stringField(object.metadata, 'uid'))
          this.report(object)
        },
      },
    )
  }

  private report(object: KubeObject): void {
    const owner = findOwner(object)
    if (owner !== undefined) this.deps.onDrift(owner)
  }
}

function isSecret(key: ObjectKey): boolean {
  return key.group === '' && key.kind === 'Secret'
}

/** What changes when the wanted state of an object does; its status, where kept apart, does not count. */
function fingerprintOf(object: KubeObject): string {
  const { metadata } = object
  return canonicalHash([
    findField(metadata, 'generation') ?? findField(metadata, 'resourceVersion') ?? null,
    findField(metadata, 'labels') ?? null,
    findField(metadata, 'annotations') ?? null,
    findField(metadata, 'deletionTimestamp') ?? null,
  ])
}

/** Whether the last write, leaving status aside, was ours alone (times have whole seconds). */
function isOwnWrite(object: KubeObject): boolean {
  const managed = findField(object.metadata, 'managedFields')
  const entries = (Array.isArray(managed) ? managed : [])
    .filter((entry): entry is JsonObject => isJsonObject(entry))
    .filter((entry) => stringField(entry, 'subresource') === '')
  const lastTime = entries
    .map((entry) => stringField(entry, 'time'))
    .sort()
    .at(-1)
  const last = entries.filter((entry) => stringField(entry, 'time') === lastTime)
  return last.length > 0 && last.every((entry) => stringField(entry, 'manager') === FIELD_MANAGER)
}
