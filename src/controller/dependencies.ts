import { findField, findPath, isJsonObject } from '../lib/json.ts'
import type { ApiGroup } from '../api/group.ts'
import type { GitOpsSet } from '../api/types.ts'
import { AppError } from '../errors.ts'
import type { KubeObject, ResourceClient } from '../ports.ts'

const POLL_MS = 10_000

/** Throws AppError (wait) unless every set of `spec.dependsOn` is Ready at its present generation. */
export async function requireDependencies(
  set: GitOpsSet,
  group: ApiGroup,
  client: ResourceClient,
  signal: AbortSignal,
): Promise<void> {
  for (const dependency of set.spec.dependsOn ?? []) {
    const namespace = dependency.namespace ?? set.metadata.namespace
    const key = {
      group: group.name,
      version: 'v1alpha1',
      kind: 'GitOpsSet',
      namespace,
      name: dependency.name,
    }
    const found = await client.get(key, signal)
    const problem = findProblem(found)
    if (problem === undefined) continue
    throw new AppError('DependencyNotReady', 'wait', `the set ${namespace}/${dependency.name} ${problem}`, {
      path: 'spec.dependsOn',
      retryAfterMs: POLL_MS,
    })
  }
}

function findProblem(set: KubeObject | undefined): string | undefined {
  if (set === undefined) return 'does not exist'
  if (findPath(set, 'status', 'observedGeneration') !== findField(set.metadata, 'generation')) {
    return 'has not been reconciled at its present generation'
  }
  return isReady(set) ? undefined : 'is not ready'
}

function isReady(set: KubeObject): boolean {
  const conditions = findPath(set, 'status', 'conditions')
  return (
    Array.isArray(conditions) &&
    conditions.some(
      (condition) =>
        isJsonObject(condition) &&
        findField(condition, 'type') === 'Ready' &&
        findField(condition, 'status') === 'True',
    )
  )
}
