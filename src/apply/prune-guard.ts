import type { GitOpsSetSpec } from '../api/types.ts'
import { canonicalHash } from '../lib/canonical.ts'
import type { ObjectKey } from '../ports.ts'
import { formatKey } from './change-set.ts'
import { identityOf } from '../api/inventory.ts'

/** Removals up to this many objects are never held for their number alone. */
const FREE_REMOVALS = 3
const DEFAULT_MAX_PERCENT = 30
const MAX_NAMED = 10

export interface PruneQuestion {
  readonly spec: GitOpsSetSpec
  /** Objects in the inventory that the set no longer renders. */
  readonly stale: readonly ObjectKey[]
  readonly inventorySize: number
  /** Nobody changed the spec since the last success: only data can be the cause of the removals. */
  readonly specUnchanged: boolean
  /** Value of the confirm-prune annotation, or empty. */
  readonly confirmedHash: string
}

/** A held prune: what a person needs to know to let it go on. */
export interface PruneHold {
  readonly hash: string
  readonly message: string
}

/**
 * The hold on removals that come from changed data alone: more than `maxPercent` of the inventory (and more than 3),
 * or everything. Undefined: the removals may go on.
 */
export function findPruneHold(question: PruneQuestion, confirmAnnotation: string): PruneHold | undefined {
  const { spec, stale, inventorySize, confirmedHash } = question
  if (stale.length === 0 || !question.specUnchanged || !hasMeasuredGenerator(spec)) return undefined
  const cause = findCause(spec, stale.length, inventorySize)
  if (cause === undefined) return undefined
  const hash = hashRemovals(stale)
  if (confirmedHash === hash) return undefined
  return {
    hash,
    message:
      `holding back the removal of ${stale.length} of ${inventorySize} objects (${cause}): ${nameSome(stale)}. ` +
      'It goes on when the data comes back or the spec changes; ' +
      `to remove them now, annotate the set with ${confirmAnnotation}: ${hash}`,
  }
}

function findCause(spec: GitOpsSetSpec, removals: number, inventorySize: number): string | undefined {
  const maxPercent = spec.prune?.maxPercent ?? DEFAULT_MAX_PERCENT
  if (removals === inventorySize && spec.prune?.allowEmpty !== true) {
    return 'that is all of them, and spec.prune.allowEmpty is not set'
  }
  // allowEmpty is a word about "everything", which is then not a matter of percent.
  if (removals === inventorySize) return undefined
  const allowed = Math.max(FREE_REMOVALS, Math.floor((inventorySize * maxPercent) / 100))
  return removals > allowed ? `more than ${allowed}, by spec.prune.maxPercent ${maxPercent}` : undefined
}

/** Whether a generator's elements are measurements, which can be missing without meaning "delete". */
function hasMeasuredGenerator(spec: GitOpsSetSpec): boolean {
  const entries = (spec.generators ?? []).flatMap((entry) => [entry, ...(entry.matrix?.generators ?? [])])
  return entries.some((entry) => entry.apiClient !== undefined || entry.prometheus !== undefined)
}

/** Short, stable name of exactly these removals. */
export function hashRemovals(stale: readonly ObjectKey[]): string {
  return canonicalHash(stale.map(identityOf).sort()).slice('sha256:'.length).slice(0, 16)
}

function nameSome(keys: readonly ObjectKey[]): string {
  const names = keys.slice(0, MAX_NAMED).map(formatKey)
  return keys.length > MAX_NAMED
    ? `${names.join(', ')} and ${keys.length - MAX_NAMED} more`
    : names.join(', ')
}
