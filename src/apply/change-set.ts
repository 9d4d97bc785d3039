import type { ObjectKey } from '../ports.ts'

/** What became of one object. */
export type Action =
  'created' | 'configured' | 'unchanged' | 'deleted' | 'released' | 'skipped' | 'conflict' | 'failed'

/** The common currency of apply, prune, plan, events and status. */
export interface Change {
  readonly action: Action
  readonly key: ObjectKey
  /** Field paths that differ, where that was worked out (plan and diff). */
  readonly fields?: readonly string[]
  /** Why it was skipped, held or refused. Without secrets. */
  readonly message?: string
}

const WRITES: ReadonlySet<Action> = new Set(['created', 'configured', 'deleted', 'released'])

/** Whether the change altered something in the cluster. */
export function isWrite(change: Change): boolean {
  return WRITES.has(change.action)
}

/** `Kustomization/team/podinfo`, as people name objects in messages. */
export function formatKey(key: { kind: string; namespace: string; name: string }): string {
  return key.namespace === '' ? `${key.kind}/${key.name}` : `${key.kind}/${key.namespace}/${key.name}`
}

/** `2 created, 1 deleted`: the changes counted by action, unchanged ones left out. */
export function summarize(changes: readonly Change[]): string {
  const counts = new Map<Action, number>()
  for (const change of changes) {
    if (change.action !== 'unchanged') counts.set(change.action, (counts.get(change.action) ?? 0) + 1)
  }
  return [...counts].map(([action, count]) => `${count} ${action}`).join(', ')
}

/** One line per write, at most `max` of them, for an event. */
export function listWrites(changes: readonly Change[], max: number): string {
  const writes = changes.filter(isWrite)
  const lines = writes.slice(0, max).map((change) => `${formatKey(change.key)} ${change.action}`)
  if (writes.length > max) lines.push(`and ${writes.length - max} more`)
  return lines.join('\n')
}
