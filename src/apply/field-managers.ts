import { findField, isJsonObject, stringField } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { KubeObject } from '../ports.ts'

/** The name under which this controller owns fields. */
export const FIELD_MANAGER = 'gitopsset-controller'

/** Managers of the Go controller: controller-runtime's default is the binary's name. */
const GO_CONTROLLER_MANAGERS: ReadonlySet<string> = new Set(['manager', 'gitopssets-controller'])

/** One field that another manager owns with another value. */
export interface FieldConflict {
  /** As the API server writes it, for example `.spec.replicas`. */
  readonly field: string
  readonly manager: string
}

/**
 * Tools that people use by hand. What they set does not come back by itself, so taking it over starts no fight:
 * kubectl in all its forms, and `before-first-apply`, which the API server invents for objects that nobody managed.
 */
export function isPersonsTool(manager: string): boolean {
  return manager === 'kubectl' || manager.startsWith('kubectl-') || manager === 'before-first-apply'
}

/** Reads `conflict with "NAME" …` as kube-apiserver writes it in a conflict's causes. */
export function readConflicts(
  causes: readonly { reason?: string; field?: string; message?: string }[],
): FieldConflict[] {
  return causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => ({ field: cause.field ?? '', manager: quotedText(cause.message ?? '') }))
}

function quotedText(message: string): string {
  const start = message.indexOf('"')
  const end = message.indexOf('"', start + 1)
  return start < 0 || end < 0 ? '' : message.slice(start + 1, end)
}

function entriesOf(object: KubeObject): JsonObject[] {
  const entries = findField(object.metadata, 'managedFields')
  return Array.isArray(entries) ? entries.filter((entry) => isJsonObject(entry)) : []
}

/**
 * Whether the object says who owns its fields. The API server drops all of it when a status has fields that the version
 * of an older entry does not know: Flux's kinds, applied as v1beta2, lose it at their first reconcile.
 */
export function hasFieldManagers(object: KubeObject): boolean {
  return entriesOf(object).length > 0
}

/** Our own apply entry's field set, or undefined where we never applied the object. */
export function findOwnFields(object: KubeObject): JsonValue | undefined {
  const own = entriesOf(object).find(isOwnApply)
  return own && findField(own, 'fieldsV1')
}

function isOwnApply(entry: JsonObject): boolean {
  return (
    stringField(entry, 'manager') === FIELD_MANAGER &&
    stringField(entry, 'operation') === 'Apply' &&
    stringField(entry, 'subresource') === ''
  )
}

/**
 * Takes over an object that a client-side writer of ours (the Go controller) or a person's tool has written: their
 * `Update` entries become our `Apply` entry, so that a field dropped from the template is removed by the next apply
 * instead of staying behind under the old name. Undefined: there is nothing to take over.
 *
 * `manager` is also what many other controllers are called, so it counts as the Go controller's only while we have
 * never applied the object.
 */
export function takeOverManagers(live: KubeObject): JsonObject[] | undefined {
  if (findOwnFields(live) !== undefined) return undefined
  const entries = entriesOf(live)
  const taken = entries.filter(isTakenOver)
  if (taken.length === 0) return undefined
  const fields = taken.map((entry) => findField(entry, 'fieldsV1')).reduce(uniteFields, undefined)
  const apiVersion = taken[0] === undefined ? live.apiVersion : stringField(taken[0], 'apiVersion')
  return [newOwnEntry(apiVersion, fields), ...entries.filter((entry) => !isTakenOver(entry))]
}

/**
 * Gives back what we owned (`fields`) to an object that has lost all its managers, so that the next apply removes what
 * the template has dropped since. Undefined: nothing was lost, or nobody knows what.
 */
export function restoreOwnFields(live: KubeObject, fields: JsonValue | undefined): JsonObject[] | undefined {
  if (fields === undefined || hasFieldManagers(live)) return undefined
  return [newOwnEntry(live.apiVersion, fields)]
}

function newOwnEntry(apiVersion: string, fields: JsonValue | undefined): JsonObject {
  return {
    manager: FIELD_MANAGER,
    operation: 'Apply',
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: fields ?? {},
  }
}

function isTakenOver(entry: JsonObject): boolean {
  if (stringField(entry, 'operation') !== 'Update' || stringField(entry, 'subresource') !== '') return false
  const manager = stringField(entry, 'manager')
  return GO_CONTROLLER_MANAGERS.has(manager) || isPersonsTool(manager)
}

/** Union of two FieldsV1 trees: nested maps whose keys are `f:…`, `k:…`, `v:…`, `i:…` or `.`. */
function uniteFields(a: JsonValue | undefined, b: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(a)) return b
  if (!isJsonObject(b)) return a
  const united: JsonObject = { ...a }
  for (const [key, value] of Object.entries(b)) {
    united[key] = uniteFields(findField(united, key), value) ?? {}
  }
  return united
}
