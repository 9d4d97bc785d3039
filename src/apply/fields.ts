import { findField, isJsonObject, stringField } from '../lib/json.ts'
import type { JsonObject } from '../lib/json.ts'
import { AppError } from '../errors.ts'
import { ApiError } from '../ports.ts'
import type { KubeObject, ObjectKey, ResourceClient } from '../ports.ts'
import type { ApplyOutcome } from './apply-object.ts'
import { formatKey } from './change-set.ts'
import type { Change } from './change-set.ts'
import { classifyApiError } from './classify.ts'
import { planChange } from './diff.ts'
import { readConflicts } from './field-managers.ts'
import { keyOf } from '../api/object-key.ts'

const MISSING_RETRY_MS = 30_000

export interface FieldsContext {
  readonly client: ResourceClient
  /** See {@link fieldsManager}. */
  readonly manager: string
  readonly force: boolean
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  readonly signal: AbortSignal
  /** Asks the server what would happen, and writes nothing. */
  readonly dryRun?: boolean
}

/** Each set owns fields under a name of its own, so that two sets can own different fields of one object. */
export function fieldsManager(setUid: string): string {
  return `gitopsset-controller-fields-${setUid}`
}

/** Owns just the fields that `desired` sets, on an object that must exist: never created, labelled or deleted. Never throws. */
export async function applyFields(desired: KubeObject, context: FieldsContext): Promise<ApplyOutcome> {
  const key = keyOf(desired)
  try {
    const live = await context.client.get(key, context.signal)
    if (live === undefined) throw missing(key)
    const { manager: fieldManager, force, fieldValidation, dryRun = false } = context
    const result = await context.client.apply(
      desired,
      { fieldManager, force, fieldValidation, dryRun },
      context.signal,
    )
    const { warnings } = result
    if (dryRun) return { change: planChange(key, live, result.object), warnings }
    const isSame = versionOf(live) === versionOf(result.object)
    return { change: { action: isSame ? 'unchanged' : 'configured', key }, warnings }
  } catch (error) {
    const failure = conflictError(error, key) ?? classifyApiError(error, key)
    return { change: { action: 'failed', key, message: failure.message }, error: failure, warnings: [] }
  }
}

/**
 * Gives the fields up and leaves their values: our entry goes from `managedFields`. (An empty apply would remove every
 * field that nobody else owns.) Throws ApiError.
 */
export async function releaseFields(key: ObjectKey, context: FieldsContext): Promise<Change | undefined> {
  const live = await context.client.get(key, context.signal)
  if (live === undefined) return undefined
  const managed = findField(live.metadata, 'managedFields')
  const entries = Array.isArray(managed)
    ? managed.filter((entry): entry is JsonObject => isJsonObject(entry))
    : []
  const others = entries.filter((entry) => stringField(entry, 'manager') !== context.manager)
  if (others.length === entries.length) return undefined
  await context.client.patch(
    key,
    {
      type: 'json',
      body: [
        { op: 'replace', path: '/metadata/resourceVersion', value: versionOf(live) },
        // An empty list would be taken for "leave them as they are"; one empty entry means "none".
        { op: 'replace', path: '/metadata/managedFields', value: others.length === 0 ? [{}] : others },
      ],
    },
    context.signal,
  )
  return { action: 'released', key, message: 'its fields keep their last values' }
}

function missing(key: ObjectKey): AppError {
  return new AppError(
    'ApplyFailed',
    'wait',
    `${formatKey(key)} does not exist yet; apply: Fields never creates`,
    {
      retryAfterMs: MISSING_RETRY_MS,
    },
  )
}

function conflictError(error: unknown, key: ObjectKey): AppError | undefined {
  if (!(error instanceof ApiError) || error.status !== 409) return undefined
  const held = readConflicts(error.causes)
  if (held.length === 0) return undefined
  const fields = held.map((conflict) => `${conflict.field} (owned by "${conflict.manager}")`).join(', ')
  return new AppError(
    'Conflict',
    'retry',
    `${formatKey(key)}: ${fields}; set spec.conflicts: Force to take them over`,
    { cause: error },
  )
}

function versionOf(object: KubeObject): string {
  return stringField(object.metadata, 'resourceVersion')
}
