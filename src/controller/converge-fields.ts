import { applyFields, fieldsManager, releaseFields } from '../apply/fields.ts'
import type { FieldsContext } from '../apply/fields.ts'
import type { ApplyOutcome } from '../apply/apply-object.ts'
import type { Change } from '../apply/change-set.ts'
import { classifyApiError } from '../apply/classify.ts'
import { keyOf } from '../api/object-key.ts'
import { findRemoved, identityOf, inventoryKeys, uniteInventories } from '../api/inventory.ts'
import type { Inventory, InventoryEntry } from '../api/types.ts'
import type { AppError } from '../errors.ts'
import type { KubeObject, ObjectKey, ResourceClient } from '../ports.ts'

/** Templates with `apply: Fields`: what they name is kept in `status.inventory.fields`, beside the owned objects. */
export interface FieldsPlan {
  readonly objects: readonly KubeObject[]
  readonly planned: readonly ObjectKey[]
  /** Owned before, and not named any more. */
  readonly stale: readonly ObjectKey[]
  /** Owned before, or named now. */
  readonly union: readonly InventoryEntry[]
}

export interface FieldsReport {
  readonly changes: readonly Change[]
  readonly errors: readonly AppError[]
  readonly warnings: readonly string[]
}

export function planFields(objects: readonly KubeObject[], owned: Inventory | undefined): FieldsPlan {
  const before = { entries: owned?.fields ?? [] }
  const planned = objects.map(keyOf)
  return {
    objects,
    planned,
    stale: findRemoved(before, planned),
    union: uniteInventories(before, planned).entries,
  }
}

/** What the fields are applied and released with. */
export function newFieldsContext(
  set: { readonly uid: string; readonly force: boolean },
  run: { client: ResourceClient; fieldValidation: FieldsContext['fieldValidation']; signal: AbortSignal },
): FieldsContext {
  return { ...run, manager: fieldsManager(set.uid), force: set.force }
}

/** Applies the named fields, one object after the other. Never throws. */
export async function applyAllFields(plan: FieldsPlan, context: FieldsContext): Promise<FieldsReport> {
  const outcomes: ApplyOutcome[] = []
  for (const object of plan.objects) outcomes.push(await applyFields(object, context))
  return {
    changes: outcomes.map((outcome) => outcome.change),
    errors: outcomes.flatMap((outcome) => outcome.error ?? []),
    warnings: outcomes.flatMap((outcome) => outcome.warnings),
  }
}

/** Gives up the fields of these objects. `left`: those where that failed. Never throws. */
export async function releaseAllFields(
  keys: readonly ObjectKey[],
  context: FieldsContext,
): Promise<FieldsReport & { readonly left: readonly ObjectKey[] }> {
  const changes: Change[] = []
  const errors: AppError[] = []
  const left: ObjectKey[] = []
  for (const key of keys) {
    try {
      const change = await releaseFields(key, context)
      if (change !== undefined) changes.push(change)
    } catch (error) {
      errors.push(classifyApiError(error, key))
      left.push(key)
    }
  }
  return { changes, errors, left, warnings: [] }
}

/** The inventory with these field entries; without the field where there are none, as sets without them have always had it. */
export function withFields(inventory: Inventory, fields: readonly InventoryEntry[]): Inventory {
  const { fields: _fields, ...entries } = inventory
  return fields.length === 0 ? entries : { ...entries, fields: [...fields] }
}

/** Entries of the plan, and of what could not be released. */
export function fieldEntries(plan: FieldsPlan, left: readonly ObjectKey[]): readonly InventoryEntry[] {
  return uniteInventories(undefined, [...plan.planned, ...left]).entries
}

/** The objects in whose fields the inventory says that the set has a part. */
export function fieldKeys(inventory: Inventory | undefined): ObjectKey[] {
  const keys = inventoryKeys({ entries: inventory?.fields ?? [] })
  return [...new Map(keys.map((key) => [identityOf(key), key])).values()]
}
