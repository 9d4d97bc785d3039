import type { ApiClientSpec } from '../api/types.ts'
import { findNextDueMs } from '../lib/schedule.ts'
import type { GenerateContext, Generation, Generator } from './generator.ts'
import { remoteReferences } from './request.ts'

/** Elements from the JSON answer of an HTTP server. */
export const apiClientGenerator: Generator<ApiClientSpec> = {
  kind: 'apiClient',
  onEmptyDefault: 'Keep',
  async generate(spec: ApiClientSpec, context: GenerateContext): Promise<Generation> {
    const { askApi } = await import('./api-client-ask.ts')
    return askApi(spec, context)
  },
  nextEvaluation: (spec, lastMs, nowMs) => findNextDueMs(spec, lastMs, nowMs),
  references: remoteReferences,
}
