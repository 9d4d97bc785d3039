import type { PrometheusSpec } from '../api/types.ts'
import { findNextDueMs } from '../lib/schedule.ts'
import type { GenerateContext, Generation, Generator } from './generator.ts'
import { remoteReferences } from './request.ts'

/** One element per series of a PromQL query, or of several queries joined on their labels. */
export const prometheusGenerator: Generator<PrometheusSpec> = {
  kind: 'prometheus',
  onEmptyDefault: 'Keep',
  async generate(spec: PrometheusSpec, context: GenerateContext): Promise<Generation> {
    const { generateFromPrometheus } = await import('./prometheus/generate.ts')
    return generateFromPrometheus(spec, context)
  },
  nextEvaluation: (spec, lastMs, nowMs) => findNextDueMs(spec, lastMs, nowMs),
  references: remoteReferences,
}
