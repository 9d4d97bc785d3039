import { findCondition, isConditionTrue } from '../api/conditions.ts'
import type { GeneratorStatus, GitOpsSetStatus } from '../api/types.ts'
import type { Metrics, ObjectKey } from '../ports.ts'
import type { EntryOutcome } from '../pipeline.ts'
import type { Outcome } from './outcome.ts'

const STATUSES = ['True', 'False', 'Unknown'] as const

/** Publishes a set's state; a deleted set leaves no series behind (`Reconciler.forget`). */
export function recordMetrics(
  metrics: Metrics,
  key: Pick<ObjectKey, 'name' | 'namespace'>,
  outcome: Outcome,
  status: GitOpsSetStatus,
): void {
  const { name, namespace } = key
  const labels = { kind: 'GitOpsSet', name, namespace }
  metrics.set('gotk_suspend_status', labels, Number(outcome.kind === 'suspended'))
  const ready = findCondition(status.conditions, 'Ready')?.status ?? 'Unknown'
  for (const value of STATUSES) {
    metrics.set(
      'gotk_reconcile_condition',
      { ...labels, type: 'Ready', status: value },
      Number(ready === value),
    )
  }
  metrics.set('gitopsset_objects', { name, namespace }, status.inventory?.entries.length ?? 0)
  const isHeld = isConditionTrue(status.conditions, 'PruneBlocked')
  metrics.set('gitopsset_prunes_held', { name, namespace }, Number(isHeld))
  for (const generator of status.generators ?? []) recordGenerator(metrics, key, generator)
}

/** What asking the generators came to, one by one. */
export function recordAnswers(metrics: Metrics, outcomes: readonly EntryOutcome[]): void {
  for (const { kind, reused, tookMs, error } of outcomes) {
    if (kind === undefined || reused) continue
    metrics.observe('gitopsset_generator_duration_seconds', { generator: kind }, tookMs / 1_000)
    if (error !== undefined) metrics.add('gitopsset_generator_errors_total', { generator: kind })
  }
}

function recordGenerator(
  metrics: Metrics,
  key: Pick<ObjectKey, 'name' | 'namespace'>,
  generator: GeneratorStatus,
): void {
  const series = { name: key.name, namespace: key.namespace, path: generator.path }
  metrics.set('gitopsset_generator_elements', series, generator.elements ?? 0)
  if (generator.lastEvaluation === undefined) return
  const seconds = Date.parse(generator.lastEvaluation) / 1_000
  metrics.set('gitopsset_generator_last_evaluation_timestamp_seconds', series, seconds)
}
