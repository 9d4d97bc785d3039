import { findPath, stringField } from '../lib/json.ts'
import type { ApiGroup } from '../api/group.ts'
import type { ConflictPolicy } from '../api/types.ts'
import { AppError } from '../errors.ts'
import { ApiError } from '../ports.ts'
import type { ApplyOptions, ApplyResult, KubeObject, ObjectKey, ResourceClient } from '../ports.ts'
import type { AppliedRecords } from './applied-records.ts'
import { formatKey } from './change-set.ts'
import type { Change } from './change-set.ts'
import { planChange } from './diff.ts'
import { classifyApiError, isImmutableRefusal } from './classify.ts'
import {
  FIELD_MANAGER,
  isPersonsTool,
  readConflicts,
  restoreOwnFields,
  takeOverManagers,
} from './field-managers.ts'
import type { FieldConflict } from './field-managers.ts'
import { keyOf } from '../api/object-key.ts'
import { findOwner, isOwnedBy, mayAdopt, mayRecreate } from './ownership.ts'
import type { Owner } from './ownership.ts'
import { removeFields } from './remove-fields.ts'

/** Everything an apply needs besides the object. */
export interface ApplyContext {
  readonly client: ResourceClient
  readonly records: AppliedRecords
  readonly owner: Owner
  readonly group: ApiGroup
  readonly conflicts: ConflictPolicy
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  readonly signal: AbortSignal
  /** Asks the server what would happen, and writes nothing. */
  readonly dryRun?: boolean
}

/** What became of one object; `error` where it is not in the wanted state. */
export interface ApplyOutcome {
  readonly change: Change
  readonly error?: AppError
  readonly warnings: readonly string[]
}

/** How often a conflict with changing owners is looked at again before it counts as one. */
const MAX_ATTEMPTS = 4

/** Brings one object to its wanted state by server-side apply. Never throws. */
export async function applyObject(desired: KubeObject, context: ApplyContext): Promise<ApplyOutcome> {
  const key = keyOf(desired)
  try {
    return await applyOrThrow(desired, key, context)
  } catch (error) {
    const failure = classifyApiError(error, key)
    const action = failure.reason === 'Conflict' ? 'conflict' : 'failed'
    context.records.forget(desired)
    return { change: { action, key, message: failure.message }, error: failure, warnings: [] }
  }
}

async function applyOrThrow(
  desired: KubeObject,
  key: ObjectKey,
  context: ApplyContext,
): Promise<ApplyOutcome> {
  const live = await context.client.get(key, context.signal)
  if (live !== undefined) {
    refuseForeign(desired, live, context)
    if (context.records.isInStep(desired, live)) return done('unchanged', key)
    if (context.dryRun !== true) await takeOver(live, key, context)
  }
  const result = await send(desired, live, context)
  if (result === undefined) return done('skipped', key, 'every field is owned by other controllers')
  if (context.dryRun === true) return planned(key, live, result)
  context.records.remember(desired, result.object)
  return { change: { action: actionOf(live, result.object), key }, warnings: result.warnings }
}

function planned(key: ObjectKey, live: KubeObject | undefined, result: ApplyResult): ApplyOutcome {
  if (live === undefined) return { ...done('created', key), warnings: result.warnings }
  return { change: planChange(key, live, result.object), warnings: result.warnings }
}

function done(action: Change['action'], key: ObjectKey, message?: string): ApplyOutcome {
  return { change: message === undefined ? { action, key } : { action, key, message }, warnings: [] }
}

function actionOf(live: KubeObject | undefined, result: KubeObject): Change['action'] {
  if (live === undefined || stringField(live.metadata, 'uid') !== stringField(result.metadata, 'uid'))
    return 'created'
  return versionOf(live) === versionOf(result) ? 'unchanged' : 'configured'
}

function versionOf(object: KubeObject): string {
  return stringField(object.metadata, 'resourceVersion')
}

/** Throws where the existing object is not this set's to write. */
function refuseForeign(desired: KubeObject, live: KubeObject, context: ApplyContext): void {
  const key = keyOf(desired)
  if (findPath(live, 'metadata', 'deletionTimestamp') !== undefined) {
    throw new AppError(
      'ApplyFailed',
      'wait',
      `${formatKey(key)} is being deleted; it is applied again afterwards`,
      {
        retryAfterMs: 5_000,
      },
    )
  }
  if (isOwnedBy(live, context.owner)) return
  const other = findOwner(live)
  if (other !== undefined) {
    throw new AppError(
      'Conflict',
      'retry',
      `${formatKey(key)} belongs to the set ${other.namespace}/${other.name} (${other.group}); ` +
        'two sets cannot own one object: rename one of them, or delete the other set first',
    )
  }
  if (context.conflicts === 'Force' || mayAdopt(desired, context.group) || mayAdopt(live, context.group))
    return
  throw new AppError(
    'Conflict',
    'retry',
    `${formatKey(key)} exists and belongs to no set; annotate it with ${context.group.adoptAnnotation}: enabled, ` +
      'or set spec.conflicts: Force, to take it over',
  )
}

/** Moves the fields that the Go controller or kubectl wrote to our name, so that dropped fields are removed. */
async function takeOver(live: KubeObject, key: ObjectKey, context: ApplyContext): Promise<void> {
  const managedFields = takeOverManagers(live) ?? restoreOwnFields(live, context.records.findFields(live))
  if (managedFields === undefined) return
  await context.client.patch(
    key,
    {
      type: 'json',
      body: [
        // The server refuses another version as a conflict; a failed `test` would look like a bad manifest.
        { op: 'replace', path: '/metadata/resourceVersion', value: versionOf(live) },
        { op: 'add', path: '/metadata/managedFields', value: managedFields },
      ],
      fieldManager: FIELD_MANAGER,
    },
    context.signal,
  )
}

/** Applies without force first, then as the conflicts and the set's policy say. Undefined: nothing was left to apply. */
async function send(
  desired: KubeObject,
  live: KubeObject | undefined,
  context: ApplyContext,
): Promise<ApplyResult | undefined> {
  let object = desired
  // A real apply has moved the fields of takeOverManagers to our name by now; a dry run may only look past them.
  let force = context.dryRun === true && live !== undefined && takeOverManagers(live) !== undefined
  for (let attempt = 1; ; attempt++) {
    try {
      return await context.client.apply(object, optionsFor(context, force), context.signal)
    } catch (error) {
      if (isImmutableRefusal(error) && live !== undefined && mayRecreate(desired, context.group)) {
        return recreate(desired, live, context)
      }
      const next = resolveConflict(error, object, context)
      if (attempt >= MAX_ATTEMPTS) throw error
      if (next === undefined) return undefined
      object = next.object
      force = next.force
    }
  }
}

function optionsFor(context: ApplyContext, force: boolean): ApplyOptions {
  const { fieldValidation, dryRun = false } = context
  return { fieldManager: FIELD_MANAGER, force, fieldValidation, dryRun }
}

/** How to go on after a conflict. Rethrows every other error. */
function resolveConflict(
  error: unknown,
  object: KubeObject,
  context: ApplyContext,
): { object: KubeObject; force: boolean } | undefined {
  if (!(error instanceof ApiError) || error.status !== 409) throw error
  const conflicts = readConflicts(error.causes)
  if (conflicts.length === 0) throw error
  const held = conflicts.filter((conflict) => !isPersonsTool(conflict.manager))
  if (held.length === 0 || context.conflicts === 'Force') return { object, force: true }
  if (context.conflicts === 'Fail') throw newConflict(object, held, error)
  const rest = removeFields(
    object,
    held.map((conflict) => conflict.field),
  )
  if (rest === undefined) throw newConflict(object, held, error)
  return Object.keys(rest).length <= 3 ? undefined : { object: rest, force: false }
}

function newConflict(object: KubeObject, held: readonly FieldConflict[], cause: ApiError): AppError {
  const fields = held.map((conflict) => `${conflict.field} (owned by "${conflict.manager}")`).join(', ')
  return new AppError(
    'Conflict',
    'retry',
    `${formatKey(keyOf(object))}: another controller owns ${fields}; leave the field out of the template, or set ` +
      'spec.conflicts to Skip (apply the rest) or Force (take it over)',
    { cause },
  )
}

async function recreate(desired: KubeObject, live: KubeObject, context: ApplyContext): Promise<ApplyResult> {
  const key = keyOf(desired)
  // That the object is recreated is all a dry run can say; the server would refuse the change itself.
  if (context.dryRun === true) return { object: desired, warnings: [] }
  const uid = stringField(live.metadata, 'uid')
  await context.client.delete(key, { uid, propagation: 'Background' }, context.signal)
  const left = await context.client.get(key, context.signal)
  if (left !== undefined) {
    throw new AppError('ApplyFailed', 'wait', `${formatKey(key)} is being deleted, to be created anew`, {
      retryAfterMs: 5_000,
    })
  }
  return context.client.apply(desired, optionsFor(context, false), context.signal)
}
