import { applyAll } from '../apply/apply.ts'
import type { ApplyReport } from '../apply/apply.ts'
import type { ApplyContext } from '../apply/apply-object.ts'
import type { Change } from '../apply/change-set.ts'
import type { FieldsContext } from '../apply/fields.ts'
import { keyOf } from '../api/object-key.ts'
import { planApply, toPlanStatus } from '../apply/plan.ts'
import { findPruneHold } from '../apply/prune-guard.ts'
import { pruneAll } from '../apply/prune.ts'
import { findUnready } from '../apply/readiness.ts'
import { findRemoved, hasInventoryForm, identityOf, uniteInventories } from '../api/inventory.ts'
import type { GeneratorStatus, GitOpsSet, Inventory } from '../api/types.ts'
import { AppError } from '../errors.ts'
import { canonicalHash } from '../lib/canonical.ts'
import type { KubeObject, ObjectKey } from '../ports.ts'
import {
  applyAllFields,
  fieldEntries,
  newFieldsContext,
  planFields,
  releaseAllFields,
  withFields,
} from './converge-fields.ts'
import type { FieldsPlan } from './converge-fields.ts'
import type { Outcome } from './outcome.ts'

/** An object's status takes about 1.5 MiB, and an inventory entry about 120 bytes of it. */
const MAX_INVENTORY_ENTRIES = 10_000
/** `spec.wait` looks again at this pace. */
const UNREADY_RETRY_MS = 5_000
const MAX_NAMED = 5
/** What is held back is looked at again at this pace, however long the generators' intervals are. */
const HELD_RETRY_MS = 15 * 60_000

/** What an evaluation wants the cluster to hold. */
export interface Wanted {
  readonly objects: readonly KubeObject[]
  /** Parts of existing objects: templates with `apply: Fields`. */
  readonly fields: readonly KubeObject[]
  /** Every generator answered completely: what is not among the objects is not wanted any more. */
  readonly complete: boolean
  /** Generators that answered without any element where that does not mean "remove": what and why. */
  readonly kept: readonly string[]
  /** Why the answers are not complete. */
  readonly incomplete: readonly string[]
  /** Those who gave incomplete answers are not asked again before; 0 where there is nothing to wait for. */
  readonly retryAfterMs: number
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
  readonly fields: FieldsPlan
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
  const fields = planFields(wanted.fields, owned)
  const union = withFields(uniteInventories(owned, planned), fields.union)
  if (!isSameInventory(union, owned)) await context.writeAhead(union)
  const applied = joinReports(
    await applyAll(wanted.objects, context),
    await applyAllFields(fields, toFieldsContext(context)),
  )
  const progress = { wanted, planned, stale: findStale(owned, planned), union, applied, fields }
  return findFailure(progress, context) ?? removeStale(progress, context)
}

/** Plan mode: the change set goes to status, and nothing is touched. */
async function plan(wanted: Wanted, stale: readonly ObjectKey[], context: ConvergeContext): Promise<Outcome> {
  const fields = planFields(wanted.fields, undefined)
  const report = joinReports(
    await planApply(wanted.objects, context),
    await applyAllFields(fields, { ...toFieldsContext(context), dryRun: true, fieldValidation: 'Strict' }),
  )
  const removals = wanted.complete && context.set.spec.prune?.enabled !== false ? stale : []
  const inventory = context.set.status?.inventory ?? { entries: [] }
  const { generators, warnings, nextMs } = wanted
  const base = { inventory, changes: [], generators, warnings: [...warnings, ...report.warnings] }
  const [first, ...others] = report.errors
  if (first !== undefined) return { ...base, kind: 'failed', errors: [first, ...others] }
  return {
    ...base,
    kind: 'ready',
    digest: canonicalHash([...wanted.objects, ...wanted.fields]),
    plan: toPlanStatus(report.changes, removals),
    nextMs,
  }
}

function joinReports(a: ApplyReport, b: ApplyReport): ApplyReport {
  return {
    changes: [...a.changes, ...b.changes],
    errors: [...a.errors, ...b.errors],
    warnings: [...a.warnings, ...b.warnings],
  }
}

function toFieldsContext(context: ConvergeContext): FieldsContext {
  const { client, fieldValidation, signal, conflicts, set } = context
  const owner = { uid: set.metadata.uid ?? '', force: conflicts === 'Force' }
  return newFieldsContext(owner, { client, fieldValidation, signal })
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
    [...(inventory?.entries ?? []), ...(inventory?.fields ?? [])]
      .map((entry) => `${entry.id} ${entry.v}`)
      .sort()
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
      stale: removableOf(progress, context),
      // With what is new: it is in the inventory before the verdict is looked at again, which must not change it.
      inventorySize: progress.union.entries.length,
      specUnchanged: context.set.status?.observedGeneration === context.set.metadata.generation,
      confirmedHash: context.confirmedHash,
    },
    context.group.confirmPruneAnnotation,
  )
  if (hold === undefined) return undefined
  const error = new AppError('PruneBlocked', 'wait', hold.message, { retryAfterMs: HELD_RETRY_MS })
  return { ...failed(progress, [error]), hold }
}

/** Without pruning, what is no longer rendered stays, and stays in the inventory. */
function removableOf(progress: Progress, context: ConvergeContext): readonly ObjectKey[] {
  return context.set.spec.prune?.enabled === false ? [] : progress.stale
}

function keptError(progress: Progress): AppError {
  const { retryAfterMs, incomplete } = progress.wanted
  const kept = progress.stale.length
  const suffix = kept === 0 ? '' : `; ${kept} ${kept === 1 ? 'object is' : 'objects are'} kept as they are`
  const message = `${incomplete.join('; ')}${suffix}`
  return new AppError('InsufficientData', 'retry', message, { retryAfterMs })
}

async function removeStale(progress: Progress, context: ConvergeContext): Promise<Outcome> {
  const pruned = await pruneAll(removableOf(progress, context), context)
  const settled = new Set(pruned.settled.map(identityOf))
  const left = progress.stale.filter((key) => !settled.has(identityOf(key)))
  const released = await releaseAllFields(progress.fields.stale, toFieldsContext(context))
  const inventory = withFields(
    uniteInventories(undefined, [...progress.planned, ...left]),
    fieldEntries(progress.fields, released.left),
  )
  const changes = [...pruned.changes, ...released.changes]
  const [first, ...others] = [...pruned.errors, ...released.errors].map(toPruneError)
  if (first !== undefined) return { ...failed(progress, [first, ...others], changes), inventory }
  return finish(progress, inventory, { changes, context })
}

function toPruneError(error: AppError): AppError {
  const reason = error.reason === 'ApplyFailed' ? 'PruneFailed' : error.reason
  return new AppError(reason, error.disposition, `removing ${error.message}`, { cause: error })
}

/** Everything is written; `spec.wait` then asks for more. */
async function finish(
  progress: Progress,
  inventory: Inventory,
  done: { changes: readonly Change[]; context: ConvergeContext },
): Promise<Outcome> {
  const { client, set, signal } = done.context
  const unready = set.spec.wait === true ? await findUnready(progress.planned, client, signal) : []
  if (unready.length === 0) return ready(progress, inventory, done.changes)
  const more = unready.length > MAX_NAMED ? ` and ${unready.length - MAX_NAMED} more` : ''
  const message = `waiting for ${unready.slice(0, MAX_NAMED).join(', ')}${more}`
  const error = new AppError('ReconciliationFailed', 'wait', message, { retryAfterMs: UNREADY_RETRY_MS })
  return { ...failed(progress, [error], done.changes), inventory }
}

function ready(progress: Progress, inventory: Inventory, pruned: readonly Change[]): Outcome {
  const { wanted, applied } = progress
  return {
    kind: 'ready',
    inventory,
    changes: [...applied.changes, ...pruned],
    generators: wanted.generators,
    warnings: [...wanted.warnings, ...applied.warnings],
    digest: canonicalHash([...wanted.objects, ...wanted.fields]),
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
