import { describe, expect, it } from 'vitest'
import { withDefaults } from '../../src/api/defaults.ts'
import type { GitOpsSetSpec } from '../../src/api/types.ts'

describe('withDefaults', () => {
  it('fills in the spec', () => {
    expect(withDefaults({})).toEqual({
      suspend: false,
      engine: 'go',
      mode: 'Apply',
      interval: '1h',
      conflicts: 'Fail',
      prune: { enabled: true, allowEmpty: false, maxPercent: 30 },
      deletionPolicy: 'Delete',
      timeout: '5m',
      wait: false,
      dependsOn: [],
      generators: [],
      templates: [],
    })
  })

  it('keeps what is given, and leaves the given spec alone', () => {
    const spec: GitOpsSetSpec = { prune: { maxPercent: 5 }, wait: true, generators: [{ list: {} }] }
    const before = structuredClone(spec)
    expect(withDefaults(spec)).toMatchObject({ prune: { enabled: true, maxPercent: 5 }, wait: true })
    expect(spec).toEqual(before)
  })

  it('fills in generators, also inside a matrix', () => {
    const filled = withDefaults({
      generators: [
        { apiClient: { endpoint: 'https://x', interval: '1h' } },
        {
          matrix: {
            generators: [{ name: 'a', apiClient: { endpoint: 'https://x', interval: '1h', body: null } }],
          },
        },
      ],
    })
    expect(filled.generators[0]?.apiClient).toMatchObject({ method: 'GET', timeout: '30s', onEmpty: 'Keep' })
    expect(filled.generators[1]?.matrix?.generators?.[0]?.apiClient?.method).toBe('POST')
    expect(filled.generators[1]?.matrix?.onEmpty).toBe('Prune')
  })
})
