import type { PlanStatus } from '../api/types.ts'
import { STATUS_LIMITS } from '../lib/limits.ts'
import type { KubeObject, ObjectKey } from '../ports.ts'
import { applyAll } from './apply.ts'
import type { ApplyContext } from './apply-object.ts'
import type { ApplyReport } from './apply.ts'
import { formatKey, summarize } from './change-set.ts'
import type { Change } from './change-set.ts'
import { hashRemovals } from './prune-guard.ts'

/** What applying would change, by server-side dry run under the same rules as an apply; nothing is written. */
export function planApply(objects: readonly KubeObject[], context: ApplyContext): Promise<ApplyReport> {
  return applyAll(objects, { ...context, dryRun: true, fieldValidation: 'Strict' })
}

/** The plan as it is kept in status. `hash` is what confirm-prune wants for the removals. */
export function toPlanStatus(changes: readonly Change[], stale: readonly ObjectKey[]): PlanStatus {
  const removals = stale.map((key): Change => ({ action: 'deleted', key }))
  const effective = [...changes.filter((change) => change.action !== 'unchanged'), ...removals]
  return {
    summary: effective.length === 0 ? 'nothing would change' : `would be: ${summarize(effective)}`,
    hash: hashRemovals(stale),
    changes: effective.slice(0, STATUS_LIMITS.maxPlanChanges).map((change) => ({
      action: change.action,
      object: formatKey(change.key),
      ...(change.fields === undefined ? {} : { fields: [...change.fields] }),
    })),
  }
}
