import { pruneAll } from '../apply/prune.ts'
import type { Owner } from '../apply/ownership.ts'
import type { ApiGroup } from '../api/group.ts'
import { identityOf, inventoryKeys, uniteInventories } from '../api/inventory.ts'
import type { GitOpsSet, Inventory } from '../api/types.ts'
import { AppError } from '../errors.ts'
import { ApiError } from '../ports.ts'
import type { ClientFactory, Identity, ObjectKey } from '../ports.ts'
import type { Outcome } from './outcome.ts'

export interface FinalizeContext {
  readonly set: GitOpsSet
  readonly owner: Owner
  readonly group: ApiGroup
  readonly identity: Identity
  readonly clients: ClientFactory
  readonly signal: AbortSignal
  /** Tells why objects are left behind on purpose. */
  readonly onOrphaned: (message: string) => void
}

/**
 * Removes what a deleted set owns. `deleted`: nothing is left that it is responsible for, so the finalizer may go.
 * Suspended sets are finalized too. Never throws.
 */
export async function finalize(context: FinalizeContext): Promise<Outcome> {
  const keys = inventoryKeys(context.set.status?.inventory)
  if (keys.length === 0) return { kind: 'deleted' }
  if (context.set.spec.deletionPolicy === 'Orphan') {
    context.onOrphaned(`${keys.length} objects are left in place, as spec.deletionPolicy says`)
    return { kind: 'deleted' }
  }
  const account = await findAccount(context)
  if (account === 'missing') {
    context.onOrphaned(
      `${keys.length} objects are left in place: the service account that may delete them is gone`,
    )
    return { kind: 'deleted' }
  }
  if (account instanceof AppError) return failed([account], context.set.status?.inventory)
  return removeAll(keys, context)
}

async function removeAll(keys: readonly ObjectKey[], context: FinalizeContext): Promise<Outcome> {
  const client = context.clients.clientFor(context.identity)
  const report = await pruneAll(keys, {
    client,
    owner: context.owner,
    group: context.group,
    signal: context.signal,
  })
  const [first, ...others] = report.errors.map(toBlocked)
  if (first === undefined) return { kind: 'deleted' }
  const settled = new Set(report.settled.map(identityOf))
  const left = uniteInventories(
    undefined,
    keys.filter((key) => !settled.has(identityOf(key))),
  )
  return { ...failed([first, ...others], left), changes: report.changes }
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
      .get({ group: '', version: 'v1', kind: 'ServiceAccount', namespace, name }, context.signal)
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
