import { describe, expect, it } from 'vitest'
import { findNearest } from '../../src/lib/nearest.ts'

describe('findNearest', () => {
  it.each([
    ['lits', 'list'],
    ['elments', 'elements'],
    ['tempaltes', 'templates'],
    ['Matrix', 'matrix'],
    ['inventory', undefined],
    ['x', undefined],
    ['elements'.repeat(20), undefined],
  ])('%s: %s', (name, want) => {
    expect(findNearest(name, ['list', 'elements', 'templates', 'matrix'])).toBe(want)
  })
})
