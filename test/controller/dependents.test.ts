import { describe, expect, it } from 'vitest'
import { Dependents } from '../../src/controller/dependents.ts'
import type { ObjectKey } from '../../src/ports.ts'

const key = (kind: string, name: string, namespace = 'team'): ObjectKey => ({
  group: '',
  version: 'v1',
  kind,
  namespace,
  name,
})

describe('who reads what', () => {
  it('finds the sets that read an object by name, or all of its kind in its namespace, or anywhere', () => {
    const dependents = new Dependents()
    dependents.update('team/a', [key('Secret', 'x')])
    dependents.update('team/b', [key('Secret', '')])
    dependents.update('team/c', [key('Secret', '', '')])
    dependents.update('team/d', [key('Secret', 'y'), key('ConfigMap', 'x')])
    expect(dependents.find(key('Secret', 'x')).map(({ setText }) => setText)).toEqual([
      'team/a',
      'team/b',
      'team/c',
    ])
    expect(dependents.find(key('Secret', 'x', 'other')).map(({ setText }) => setText)).toEqual(['team/c'])
  })

  it('says whether anything is new', () => {
    const dependents = new Dependents()
    expect(dependents.update('team/a', [])).toBe(false)
    expect(dependents.update('team/a', [key('Secret', 'x')])).toBe(true)
    expect(dependents.update('team/a', [key('Secret', 'x')])).toBe(false)
    expect(dependents.update('team/a', [])).toBe(true)
    expect(dependents.all()).toEqual([])
  })

  it('forgets', () => {
    const dependents = new Dependents()
    dependents.update('team/a', [key('Secret', 'x')])
    dependents.forget('team/a')
    expect([dependents.find(key('Secret', 'x')), dependents.all()]).toEqual([[], []])
  })
})
