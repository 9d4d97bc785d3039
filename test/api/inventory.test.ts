import { describe, expect, it } from 'vitest'
import {
  findInventoryKey,
  findRemoved,
  hasInventoryForm,
  type InventoryKey,
  toInventoryEntry,
  uniteInventories,
} from '../../src/api/inventory.ts'

const deployment: InventoryKey = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  namespace: 'team',
  name: 'web',
}
const node: InventoryKey = { group: '', version: 'v1', kind: 'Namespace', namespace: '', name: 'team' }
const role: InventoryKey = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  namespace: '',
  name: 'system:team:reader',
}

describe('inventory entries', () => {
  it.each([
    [deployment, 'team_web_apps_Deployment'],
    [node, '_team__Namespace'],
    [role, '_system__team__reader_rbac.authorization.k8s.io_ClusterRole'],
    [{ ...role, name: 'my_role' }, '_my_role_rbac.authorization.k8s.io_ClusterRole'],
    [{ ...deployment, name: 'a.b-c' }, 'team_a.b-c_apps_Deployment'],
  ])('are what Flux writes, and lead back: %j', (key, id) => {
    expect(toInventoryEntry(key)).toEqual({ id, v: 'v1' })
    expect(findInventoryKey({ id, v: 'v1' })).toEqual(key)
    expect(hasInventoryForm(key)).toBe(true)
  })

  it('say which name has no form of its own', () => {
    expect(hasInventoryForm({ ...role, name: 'a__b' })).toBe(false)
  })

  it.each(['', '_', 'a_b_c', 'a__c_D', 'a_b_c_'])('refuse %j', (id) => {
    expect(findInventoryKey({ id, v: 'v1' })).toBeUndefined()
  })
})

describe('inventories', () => {
  it('unite sorted, one entry for an object, with the newer version', () => {
    const old = { entries: [toInventoryEntry(node), toInventoryEntry({ ...deployment, version: 'v1beta1' })] }
    expect(uniteInventories(old, [deployment, role]).entries).toEqual([
      toInventoryEntry(role),
      toInventoryEntry(node),
      toInventoryEntry(deployment),
    ])
    expect(uniteInventories(undefined, []).entries).toEqual([])
  })

  it('do not take a new version for a removal', () => {
    const old = { entries: [toInventoryEntry({ ...deployment, version: 'v1beta1' }), toInventoryEntry(node)] }
    expect(findRemoved(old, [deployment])).toEqual([node])
  })
})
