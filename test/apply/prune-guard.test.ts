import { describe, expect, test } from 'vitest'
import { findPruneHold } from '../../src/apply/prune-guard.ts'
import type { PruneQuestion } from '../../src/apply/prune-guard.ts'
import type { GitOpsSetSpec } from '../../src/api/types.ts'
import type { ObjectKey } from '../../src/ports.ts'

const ANNOTATION = 'sets.gitops.pro/confirm-prune'

function newKeys(count: number): ObjectKey[] {
  return Array.from({ length: count }, (_, index) => ({
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    namespace: 'team',
    name: `cm-${index}`,
  }))
}

function ask(removals: number, size: number, more: Partial<PruneQuestion> = {}) {
  const spec: GitOpsSetSpec = {
    generators: [{ apiClient: { endpoint: 'http://x', interval: '1m' } }],
    ...more.spec,
  }
  return findPruneHold(
    {
      stale: newKeys(removals),
      inventorySize: size,
      specUnchanged: true,
      confirmedHash: '',
      ...more,
      spec,
    },
    ANNOTATION,
  )
}

describe('findPruneHold', () => {
  test.each([
    [3, 4, false],
    [4, 10, true],
    [3, 10, false],
    [30, 100, false],
    [31, 100, true],
    [1, 1, true],
    [100, 100, true],
    [0, 5, false],
  ])('%i of %i removed: held %s', (removals, size, held) => {
    expect(ask(removals, size) !== undefined).toBe(held)
  })

  test('a changed spec, or a set without measurements, is not held', () => {
    expect(ask(5, 5, { specUnchanged: false })).toBeUndefined()
    expect(ask(5, 5, { spec: { generators: [{ list: { elements: [] } }] } })).toBeUndefined()
  })

  test('a measured generator inside a matrix counts', () => {
    const spec: GitOpsSetSpec = {
      generators: [{ matrix: { generators: [{ prometheus: { endpoint: 'http://p', query: 'up' } }] } }],
    }
    expect(ask(5, 5, { spec })).toBeDefined()
  })

  test('allowEmpty lifts the hold on everything, not the one on many', () => {
    const spec: GitOpsSetSpec = { prune: { allowEmpty: true } }
    expect(ask(9, 9, { spec })).toBeUndefined()
    expect(ask(8, 9, { spec })).toBeDefined()
  })

  test('the annotation with the plan’s hash lets exactly these removals go on', () => {
    const hold = ask(5, 5)
    expect(hold?.message).toContain(`${ANNOTATION}: ${hold?.hash}`)
    expect(hold?.message).toContain('ConfigMap/team/cm-0')
    expect(ask(5, 5, { confirmedHash: hold?.hash ?? '' })).toBeUndefined()
    expect(ask(6, 6, { confirmedHash: hold?.hash ?? '' })).toBeDefined()
  })
})
