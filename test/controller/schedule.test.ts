import { describe, expect, it } from 'vitest'
import type { GeneratorEntry, GitOpsSet } from '../../src/api/types.ts'
import { findStandbyUntilMs, nextLookMs } from '../../src/controller/schedule.ts'

const NOW_MS = Date.parse('2026-01-01T00:00:00Z')
const HOUR_MS = 3_600_000
const middle = (): number => 0.5

describe('the next look', () => {
  it('is the drift interval, an hour unless told, give or take five percent', () => {
    expect(nextLookMs({}, undefined, NOW_MS, middle)).toBe(HOUR_MS)
    expect(nextLookMs({ interval: '10m' }, undefined, NOW_MS, middle)).toBe(600_000)
    expect(nextLookMs({}, undefined, NOW_MS, () => 0)).toBeGreaterThanOrEqual(0.95 * HOUR_MS)
    expect(nextLookMs({}, undefined, NOW_MS, () => 0.999)).toBeLessThanOrEqual(1.05 * HOUR_MS)
  })

  it('is a generator’s, where that comes first, and never in the past', () => {
    expect(nextLookMs({}, NOW_MS + 5_000, NOW_MS, middle)).toBe(5_000)
    expect(nextLookMs({}, NOW_MS + 2 * HOUR_MS, NOW_MS, middle)).toBe(HOUR_MS)
    expect(nextLookMs({}, NOW_MS - 5_000, NOW_MS, middle)).toBe(0)
  })
})

const api: GeneratorEntry = { apiClient: { endpoint: 'http://x/', interval: '24h' } }
const list: GeneratorEntry = { list: { elements: [] } }

function newSet(generators: GeneratorEntry[], nexts: readonly (string | undefined)[]): GitOpsSet {
  return {
    apiVersion: 'sets.gitops.pro/v1alpha1',
    kind: 'GitOpsSet',
    metadata: { name: 'set', namespace: 'team' },
    spec: { generators },
    status: {
      generators: nexts.map((nextEvaluation, index) => ({
        path: `spec.generators[${index}].x`,
        kind: 'apiClient',
        ...(nextEvaluation === undefined ? {} : { nextEvaluation }),
      })),
    },
  }
}

describe('after a restart', () => {
  it('a set whose questions are not due stands by until the first is', () => {
    const set = newSet([api, api], ['2026-01-01T05:00:00Z', '2026-01-01T03:00:00Z'])
    expect(findStandbyUntilMs(set, NOW_MS)).toBe(NOW_MS + 3 * HOUR_MS)
    expect(findStandbyUntilMs(newSet([api, list], ['2026-01-01T03:00:00Z', undefined]), NOW_MS)).toBeDefined()
    const matrix: GeneratorEntry = { matrix: { generators: [api, list] } }
    expect(findStandbyUntilMs(newSet([matrix], ['2026-01-01T03:00:00Z']), NOW_MS)).toBeDefined()
  })

  it.each([
    ['one is due', newSet([api, api], ['2026-01-01T05:00:00Z', '2025-12-31T23:00:00Z'])],
    ['nothing is known', newSet([api], [])],
    ['a time is none', newSet([api], ['soon'])],
    ['nothing is asked at intervals', newSet([list], [])],
    [
      'something else is read',
      newSet([api, { config: { kind: 'ConfigMap', name: 'x' } }], ['2026-01-01T05:00:00Z']),
    ],
  ])('does not where %s', (_, set) => {
    expect(findStandbyUntilMs(set, NOW_MS)).toBeUndefined()
  })
})
