import { findField, findPath, isJsonObject, mapField, stringField } from '../lib/json.ts'
import type { JsonObject } from '../lib/json.ts'
import type { KubeObject, ObjectKey, ResourceClient } from '../ports.ts'
import { formatKey } from './change-set.ts'

/** Objects that are not ready yet, with what they wait for. */
export async function findUnready(
  keys: readonly ObjectKey[],
  client: ResourceClient,
  signal: AbortSignal,
): Promise<string[]> {
  const unready: string[] = []
  for (const key of keys) {
    const live = await client.get(key, signal)
    const problem = live === undefined ? 'is gone' : findProblem(live)
    if (problem !== undefined) unready.push(`${formatKey(key)} ${problem}`)
  }
  return unready
}

/**
 * Why an object is not ready, or undefined where it is: the rules of kstatus, as Flux and kubectl use them. An object
 * that says nothing of its state is ready.
 */
export function findProblem(object: KubeObject): string | undefined {
  if (findField(object.metadata, 'deletionTimestamp') !== undefined) return 'is being deleted'
  const status = mapField(object, 'status')
  const generation = numberOf(object.metadata, 'generation')
  const observed = numberOf(status, 'observedGeneration')
  if (observed !== undefined && generation !== undefined && observed < generation) {
    return 'has not been looked at by its controller'
  }
  return (
    findConditionProblem(status) ?? findReplicaProblem(object, status) ?? findPhaseProblem(object, status)
  )
}

function findConditionProblem(status: JsonObject): string | undefined {
  const conditions = findField(status, 'conditions')
  for (const condition of Array.isArray(conditions) ? conditions : []) {
    if (!isJsonObject(condition)) continue
    const problem = judgeCondition(stringField(condition, 'type'), stringField(condition, 'status'))
    if (problem !== undefined) return problem
  }
  return undefined
}

function judgeCondition(type: string, status: string): string | undefined {
  if (type === 'Stalled' && status === 'True') return 'is stalled'
  if (type === 'Reconciling' && status === 'True') return 'is being reconciled'
  if ((type === 'Ready' || type === 'Established') && status !== 'True') return 'is not ready'
  if (type === 'Failed' && status === 'True') return 'has failed'
  return undefined
}

/** Deployments, StatefulSets, ReplicaSets and DaemonSets: every wanted pod is of the new kind and available. */
function findReplicaProblem(object: KubeObject, status: JsonObject): string | undefined {
  if (stringField(object, 'apiVersion') !== 'apps/v1') return undefined
  const pods = object.kind === 'DaemonSet' ? countNodePods(status) : countReplicas(object, status)
  if (pods.wanted === undefined) return 'has no pods scheduled yet'
  if (pods.updated < pods.wanted) return `has ${pods.updated} of ${pods.wanted} pods updated`
  return pods.available < pods.wanted ? `has ${pods.available} of ${pods.wanted} pods available` : undefined
}

interface PodCounts {
  readonly wanted: number | undefined
  readonly updated: number
  readonly available: number
}

function countNodePods(status: JsonObject): PodCounts {
  return {
    wanted: numberOf(status, 'desiredNumberScheduled'),
    updated: numberOf(status, 'updatedNumberScheduled') ?? 0,
    available: numberOf(status, 'numberAvailable') ?? 0,
  }
}

function countReplicas(object: KubeObject, status: JsonObject): PodCounts {
  const wanted = numberOf(mapField(object, 'spec'), 'replicas') ?? 1
  // A ReplicaSet's pods are all of one kind: it has no count of updated ones.
  const updated = object.kind === 'ReplicaSet' ? wanted : (numberOf(status, 'updatedReplicas') ?? 0)
  return { wanted, updated, available: numberOf(status, 'availableReplicas') ?? 0 }
}

function findPhaseProblem(object: KubeObject, status: JsonObject): string | undefined {
  if (object.kind === 'Job')
    return findPath(status, 'completionTime') === undefined ? 'has not completed' : undefined
  if (object.kind !== 'PersistentVolumeClaim' && object.kind !== 'Namespace') return undefined
  const phase = stringField(status, 'phase')
  return phase === '' || phase === 'Bound' || phase === 'Active' ? undefined : `is ${phase}`
}

function numberOf(object: JsonObject, name: string): number | undefined {
  const value = findField(object, name)
  return typeof value === 'number' ? value : undefined
}
