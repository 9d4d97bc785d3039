import { applyAll } from '../apply/apply.ts'
import type { ApplyReport } from '../apply/apply.ts'
import type { ApplyContext } from '../apply/apply-object.ts'
import type { Change } from '../apply/change-set.ts'
import { keyOf } from '../apply/object-key.ts'
import { planApply, toPlanStatus } from '../apply/plan.ts'
import { findPruneHold } from '../apply/prune-guard.ts'
import { pruneAll } from '../apply/prune.ts'
import { findRemoved, hasInventoryForm, identityOf, uniteInventories } from '../api/inventory.ts'
import type { GeneratorStatus, GitOpsSet, Inventory } from '../api/types.ts'
import { AppError } from '../errors.ts'
import { canonicalHash } from '../lib/canonical.ts'
import type { KubeObject, ObjectKey } from '../ports.ts'
import type { Outcome } from './outcome.ts'

/** An object's status takes about 1.5 MiB, and an inventory entry about 120 bytes of it. */
const MAX_INVENTORY_ENTRIES = 10_000
/** What is held back is looked at again at this pace, however long the generators' intervals are. */
const HELD_RETRY_MS = 15 * 60_000

/** What an evaluation wants the cluster to hold. */
export interface Wanted {
  readonly objects: readonly KubeObject[]
  /** Every generator answered completely: what is not among the objects is not wanted any more. */
  readonly complete: boolean
  /** Generators that answered without any element where that does not mean "remove": what and why. */
  readonly kept: readonly string[]
  /** Why the answers are not complete. */
  readonly incomplete: readonly string[]
  readonly warnings: readonly string[]
  readonly generators: readonly GeneratorStatus[]
  /** Delay until the set is looked at again after success. */
  readonly nextMs: number
}

export interface ConvergeContext extends ApplyContext {
  readonly set: GitOpsSet
  /** Value of the confirm-prune annotation, or empty. */
  readonly confirmedHash: string
  /** Stores an inventory before anything is written that it names. */
  readonly writeAhead: (inventory: Inventory) => Promise<void>
}

/** One way through the stages, filled as they go. */
interface Progress {
  readonly wanted: Wanted
  readonly planned: readonly ObjectKey[]
  /** In the inventory, but not wanted. */
  readonly stale: readonly ObjectKey[]
  /** Everything owned or planned. */
  readonly union: Inventory
  readonly applied: ApplyReport
}

/**
 * Brings the cluster to what is wanted: write-ahead inventory, apply in order, then prune. Whatever fails in between,
 * the outcome's inventory names everything that the set may own. Throws only before the first write.
 */
export async function converge(wanted: Wanted, context: ConvergeContext): Promise<Outcome> {
  const planned = wanted.objects.map(keyOf)
  checkPlan(planned)
  const owned = context.set.status?.inventory
  if (context.set.spec.mode === 'Plan') return plan(wanted, findStale(owned, planned), context)
  const union = uniteInventories(owned, planned)
  if (!isSameInventory(union, owned)) await context.writeAhead(union)
  const applied = await applyAll(wanted.objects, context)
  const progress = { wanted, planned, stale: findStale(owned, planned), union, applied }
  const failure = findFailure(progress, context)
  if (failure !== undefined) return failure
  return context.set.spec.prune?.enabled === false
    ? ready(progress, union, [])
    : removeStale(progress, context)
}

/** Plan mode: the change set goes to status, and nothing is touched. */
async function plan(wanted: Wanted, stale: readonly ObjectKey[], context: ConvergeContext): Promise<Outcome> {
  const report = await planApply(wanted.objects, context)
  const removals = wanted.complete ? stale : []
  const inventory = context.set.status?.inventory ?? { entries: [] }
  const { generators, warnings, nextMs } = wanted
  const base = { inventory, changes: [], generators, warnings: [...warnings, ...report.warnings] }
  const [first, ...others] = report.errors
  if (first !== undefined) return { ...base, kind: 'failed', errors: [first, ...others] }
  return {
    ...base,
    kind: 'ready',
    digest: canonicalHash([...wanted.objects]),
    plan: toPlanStatus(report.changes, removals),
    nextMs,
  }
}

function checkPlan(planned: readonly ObjectKey[]): void {
  if (planned.length > MAX_INVENTORY_ENTRIES) {
    throw new AppError(
      'InvalidSpec',
      'retry',
      `${planned.length} objects, but the status of a set can name at most ${MAX_INVENTORY_ENTRIES}; split the set`,
    )
  }
  const unnamed = planned.find((key) => !hasInventoryForm(key))
  if (unnamed !== undefined) {
    throw new AppError(
      'RenderFailed',
      'retry',
      `the ${unnamed.kind} ${JSON.stringify(unnamed.name)} cannot be kept in an inventory: names of RBAC objects ` +
        'must not hold "__"; rename it',
    )
  }
}

/**
 * What the inventory has and the plan has not. Nobody can own both a namespaced and a cluster-scoped object of one kind
 * and name: where only the namespace is empty on one side, it is one object, seen before its kind was known or by the
 * Go controller, which gave cluster-scoped objects a namespace.
 */
function findStale(owned: Inventory | undefined, planned: readonly ObjectKey[]): ObjectKey[] {
  const clusterWide = new Set<string>()
  const everywhere = new Set<string>()
  for (const key of planned) {
    const text = identityOf({ ...key, namespace: '' })
    everywhere.add(text)
    if (key.namespace === '') clusterWide.add(text)
  }
  return findRemoved(owned, planned).filter((key) => {
    const text = identityOf({ ...key, namespace: '' })
    return !(key.namespace === '' ? everywhere : clusterWide).has(text)
  })
}

function isSameInventory(a: Inventory, b: Inventory | undefined): boolean {
  const idsOf = (inventory: Inventory | undefined): string[] =>
    (inventory?.entries ?? []).map((entry) => `${entry.id} ${entry.v}`).sort()
  return canonicalHash(idsOf(a)) === canonicalHash(idsOf(b))
}

/** Why nothing may be removed now, as an outcome; undefined where pruning may go on. */
function findFailure(progress: Progress, context: ConvergeContext): Outcome | undefined {
  const [first, ...others] = progress.applied.errors
  if (first !== undefined) return failed(progress, [first, ...others])
  if (!progress.wanted.complete && (progress.stale.length > 0 || progress.wanted.kept.length > 0)) {
    return failed(progress, [keptError(progress)])
  }
  const hold = findPruneHold(
    {
      spec: context.set.spec,
      stale: progress.stale,
      inventorySize: context.set.status?.inventory?.entries.length ?? 0,
      specUnchanged: context.set.status?.observedGeneration === context.set.metadata.generation,
      confirmedHash: context.confirmedHash,
    },
    context.group.confirmPruneAnnotation,
  )
  if (hold === undefined) return undefined
  const error = new AppError('PruneBlocked', 'wait', hold.message, { retryAfterMs: HELD_RETRY_MS })
  return { ...failed(progress, [error]), hold }
}

function keptError(progress: Progress): AppError {
  const kept = progress.stale.length
  const suffix = kept === 0 ? '' : `; ${kept} ${kept === 1 ? 'object is' : 'objects are'} kept as they are`
  return new AppError('InsufficientData', 'retry', `${progress.wanted.incomplete.join('; ')}${suffix}`)
}

async function removeStale(progress: Progress, context: ConvergeContext): Promise<Outcome> {
  const pruned = await pruneAll(progress.stale, context)
  const settled = new Set(pruned.settled.map(identityOf))
  const left = progress.stale.filter((key) => !settled.has(identityOf(key)))
  const inventory = uniteInventories(undefined, [...progress.planned, ...left])
  const [first, ...others] = pruned.errors.map(toPruneError)
  if (first === undefined) return ready(progress, inventory, pruned.changes)
  return { ...failed(progress, [first, ...others], pruned.changes), inventory }
}

function toPruneError(error: AppError): AppError {
  const reason = error.reason === 'ApplyFailed' ? 'PruneFailed' : error.reason
  return new AppError(reason, error.disposition, `removing ${error.message}`, { cause: error })
}

function ready(progress: Progress, inventory: Inventory, pruned: readonly Change[]): Outcome {
  const { wanted, applied } = progress
  return {
    kind: 'ready',
    inventory,
    changes: [...applied.changes, ...pruned],
    generators: wanted.generators,
    warnings: [...wanted.warnings, ...applied.warnings],
    digest: canonicalHash([...wanted.objects]),
    nextMs: wanted.nextMs,
  }
}

function failed(
  progress: Progress,
  errors: readonly [AppError, ...AppError[]],
  pruned: readonly Change[] = [],
): Extract<Outcome, { kind: 'failed' }> {
  return {
    kind: 'failed',
    errors,
    inventory: progress.union,
    changes: [...progress.applied.changes, ...pruned],
    generators: progress.wanted.generators,
    warnings: [...progress.wanted.warnings, ...progress.applied.warnings],
  }
}
