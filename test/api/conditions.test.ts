import { describe, expect, it } from 'vitest'
import {
  cutMessage,
  dropConditions,
  isConditionTrue,
  setCondition,
  toKubeTime,
} from '../../src/api/conditions.ts'

const context = { generation: 2, nowMs: Date.parse('2026-06-15T12:00:00.900Z') }
const ready = { type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', message: 'ok' } as const

describe('setCondition', () => {
  it('keeps the transition time while the status stays', () => {
    const first = setCondition(undefined, ready, context)
    const later = { generation: 3, nowMs: context.nowMs + 60_000 }
    const second = setCondition(first, { ...ready, message: 'still ok' }, later)
    const third = setCondition(second, { ...ready, status: 'False', reason: 'ApplyFailed' }, later)
    expect(first[0]?.lastTransitionTime).toBe('2026-06-15T12:00:00Z')
    expect(second[0]).toMatchObject({
      lastTransitionTime: '2026-06-15T12:00:00Z',
      observedGeneration: 3,
      message: 'still ok',
    })
    expect(third[0]?.lastTransitionTime).toBe('2026-06-15T12:01:00Z')
    expect(third).toHaveLength(1)
  })

  it('leaves the others as they are', () => {
    const stalled = setCondition(setCondition([], ready, context), { ...ready, type: 'Stalled' }, context)
    expect(stalled.map((condition) => condition.type)).toEqual(['Ready', 'Stalled'])
    expect(isConditionTrue(stalled, 'Stalled')).toBe(true)
    expect(dropConditions(stalled, 'Stalled', 'Reconciling').map((condition) => condition.type)).toEqual([
      'Ready',
    ])
  })
})

describe('cutMessage', () => {
  it('cuts on whole characters', () => {
    expect(cutMessage('abcdef', 4)).toBe('abc…')
    expect(cutMessage('ab🙂def', 4)).toBe('ab…')
    expect(cutMessage('abcd', 4)).toBe('abcd')
    expect(cutMessage('a\uD83D')).toBe('a\uFFFD')
  })

  it('takes out control characters', () => {
    expect(cutMessage('a\u0000b\u001b[31mc\nd\te')).toBe('a b [31mc\nd\te')
  })
})

describe('toKubeTime', () => {
  it('has whole seconds', () => {
    expect(toKubeTime(0)).toBe('1970-01-01T00:00:00Z')
  })
})
