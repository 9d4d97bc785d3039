import type { PullRequestsSpec } from '../api/types.ts'
import { findNextDueMs } from '../lib/schedule.ts'
import { configurationKey } from './configuration.ts'
import type { GenerateContext, Generation, Generator } from './generator.ts'
import { createEtagCache } from './pull-requests/etag-cache.ts'

/** One element per open pull request of a repository, on all pages. */
export function createPullRequestsGenerator(): Generator<PullRequestsSpec> {
  const cache = createEtagCache()
  return {
    kind: 'pullRequests',
    // A forge that lists no open pull request says so: previews go.
    onEmptyDefault: 'Prune',
    async generate(spec: PullRequestsSpec, context: GenerateContext): Promise<Generation> {
      const { generateFromForge } = await import('./pull-requests/generate.ts')
      return generateFromForge(spec, context, cache)
    },
    nextEvaluation: (spec, lastMs, nowMs) => findNextDueMs(spec, lastMs, nowMs),
    references: (spec, namespace) =>
      spec.secretRef === undefined
        ? []
        : [configurationKey({ kind: 'Secret', ...spec.secretRef }, namespace)],
  }
}
