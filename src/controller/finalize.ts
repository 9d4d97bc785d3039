import { findField, mapField, stringField } from '../lib/json.ts'
import { pruneAll } from '../apply/prune.ts'
import { decodeStatus } from '../api/decode-status.ts'
import { identityOf, inventoryKeys, uniteInventories } from '../api/inventory.ts'
import type { Inventory } from '../api/types.ts'
import { AppError } from '../errors.ts'
import { ApiError } from '../ports.ts'
import type { ClientFactory, Identity, KubeObject, ObjectKey } from '../ports.ts'
import { fieldKeys, newFieldsContext, releaseAllFields, withFields } from './converge-fields.ts'
import type { Outcome } from './outcome.ts'
import type { Attempt } from './reconcile.ts'

export interface FinalizeDeps {
  readonly clients: ClientFactory
  /** The account to act as. Throws AppError. */
  readonly identityOf: (accountName: string, namespace: string) => Identity
  /** Tells why objects are left behind on purpose. */
  readonly onOrphaned: (message: string) => void
}

interface FinalizeContext extends FinalizeDeps {
  readonly attempt: Attempt
  readonly identity: Identity
}

/**
 * Removes what a deleted set owns. `deleted`: nothing is left that it is responsible for, so the finalizer may go.
 * Reads the raw object: a set is finalized even if it is suspended, or its spec is not valid (any more).
 */
export async function finalizeSet(attempt: Attempt, deps: FinalizeDeps): Promise<Outcome> {
  const { raw, key } = attempt
  const inventory = decodeInventory(raw)
  const keys = inventoryKeys(inventory)
  const fields = fieldKeys(inventory)
  if (keys.length + fields.length === 0) return { kind: 'deleted' }
  const spec = mapField(raw, 'spec')
  if (stringField(spec, 'deletionPolicy') === 'Orphan') {
    deps.onOrphaned(`${keys.length} objects are left in place, as spec.deletionPolicy says`)
    return { kind: 'deleted' }
  }
  const identity = deps.identityOf(stringField(spec, 'serviceAccountName'), key.namespace)
  const context = { ...deps, attempt, identity }
  const account = await findAccount(context)
  if (account === 'missing') {
    deps.onOrphaned(
      `${keys.length} objects are left in place: the service account that may delete them is gone`,
    )
    return { kind: 'deleted' }
  }
  if (account instanceof AppError) return failed([account], inventory)
  return removeAll({ keys, fields }, context)
}

function decodeInventory(raw: KubeObject): Inventory {
  return decodeStatus(findField(raw, 'status'))?.inventory ?? { entries: [] }
}

async function removeAll(
  { keys, fields }: { keys: readonly ObjectKey[]; fields: readonly ObjectKey[] },
  context: FinalizeContext,
): Promise<Outcome> {
  const { attempt, clients, identity } = context
  const { group, signal, key } = attempt
  const owner = { group: group.name, namespace: key.namespace, name: key.name }
  const client = clients.clientFor(identity)
  const report = await pruneAll(keys, { client, owner, group, signal })
  const owned = { uid: stringField(attempt.raw.metadata, 'uid'), force: false }
  const released = await releaseAllFields(
    fields,
    newFieldsContext(owned, { client, fieldValidation: 'Ignore', signal }),
  )
  const [first, ...others] = [...report.errors, ...released.errors].map(toBlocked)
  if (first === undefined) return { kind: 'deleted' }
  const settled = new Set(report.settled.map(identityOf))
  const left = withFields(
    uniteInventories(
      undefined,
      keys.filter((key) => !settled.has(identityOf(key))),
    ),
    uniteInventories(undefined, released.left).entries,
  )
  return { ...failed([first, ...others], left), changes: [...report.changes, ...released.changes] }
}

function failed(
  errors: readonly [AppError, ...AppError[]],
  inventory: Inventory | undefined,
): Extract<Outcome, { kind: 'failed' }> {
  return {
    kind: 'failed',
    errors,
    changes: [],
    warnings: [],
    ...(inventory === undefined ? {} : { inventory }),
  }
}

function toBlocked(error: AppError): AppError {
  return new AppError(error.reason, 'retry', `FinalizerBlocked: ${error.message}`, { cause: error })
}

/**
 * Whether the set's account still exists. Only a plain 404 counts as gone: taking any other failure for it would
 * leave objects behind because the API server had a bad moment.
 */
async function findAccount(context: FinalizeContext): Promise<'present' | 'missing' | AppError> {
  if (context.identity.kind === 'controller') return 'present'
  const { namespace, name } = context.identity
  try {
    const account = await context.clients
      .clientFor({ kind: 'controller' })
      .get({ group: '', version: 'v1', kind: 'ServiceAccount', namespace, name }, context.attempt.signal)
    return account === undefined ? 'missing' : 'present'
  } catch (error) {
    const status = error instanceof ApiError ? ` (status ${error.status})` : ''
    return new AppError(
      'ReconciliationFailed',
      'retry',
      `FinalizerBlocked: the service account ${namespace}/${name} could not be read${status}`,
      { cause: error },
    )
  }
}
