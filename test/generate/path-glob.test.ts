import { describe, expect, it } from 'vitest'
import { compileGlob } from '../../src/generate/path-glob.ts'

describe('compileGlob', () => {
  it.each([
    ['apps/*', 'apps/web', true],
    ['apps/*', 'apps/.hidden', true],
    ['apps/*', 'apps', false],
    ['apps/*', 'apps/web/base', false],
    ['apps/**', 'apps/web', true],
    ['apps/**', 'apps/web/base', false],
    ['*/base', 'web/base', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZ', false],
    ['*', '', true],
    ['?', 'ż', true],
    ['?', '🐢', true],
    ['?', 'ab', false],
    ['[a-c]x', 'bx', true],
    ['[a-c]x', 'dx', false],
    ['[^a-c]x', 'dx', true],
    ['[a-cx-z9]', '9', true],
    ['[\\]]', ']', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['constructor', 'constructor', true],
  ])('%s matches %s: %s', (pattern, path, expected) => {
    expect(compileGlob(pattern)(path)).toBe(expected)
  })

  it.each(['[', '[a', '[]', '[a-]', '[-a]', 'a\\', '[\\'])('refuses %s', (pattern) => {
    expect(() => compileGlob(pattern)).toThrow(/the glob/)
  })

  it('takes no more than linear time for each star', () => {
    const matches = compileGlob(`${'*a'.repeat(50)}*b`)
    expect(matches('a'.repeat(5_000))).toBe(false)
  })
})
