import type { Inventory, InventoryEntry } from './types.ts'

/** An object's identity and the version it was applied with. */
export interface InventoryKey {
  readonly group: string
  readonly version: string
  readonly kind: string
  /** Empty for cluster-scoped objects. */
  readonly namespace: string
  readonly name: string
}

const RBAC_GROUP = 'rbac.authorization.k8s.io'
const RBAC_KINDS: ReadonlySet<string> = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'])

/**
 * The entry as Flux and the Go controller write it: `<namespace>_<name>_<group>_<kind>`. RBAC names may hold colons,
 * which are written as `__` (cli-utils ObjMetadata).
 */
export function toInventoryEntry(key: InventoryKey): InventoryEntry {
  const name = isRbac(key) ? key.name.replaceAll(':', '__') : key.name
  return { id: `${key.namespace}_${name}_${key.group}_${key.kind}`, v: key.version }
}

/** The key of an entry, or undefined for an id that is not one. */
export function findInventoryKey(entry: InventoryEntry): InventoryKey | undefined {
  // Only a name may hold the separator: namespace, group and kind are DNS names.
  const [, namespace, name, group, kind] = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/s.exec(entry.id) ?? []
  if (namespace === undefined || name === undefined || group === undefined || kind === undefined)
    return undefined
  return {
    namespace,
    name: isRbac({ group, kind }) ? name.replaceAll('__', ':') : name,
    group,
    kind,
    version: entry.v,
  }
}

/** Whether an entry leads back to this object. RBAC names with `__` of their own do not: Flux reads them as a colon. */
export function hasInventoryForm(key: InventoryKey): boolean {
  const found = findInventoryKey(toInventoryEntry(key))
  return found !== undefined && identityOf(found) === identityOf(key)
}

/** One text for one object, whatever its version: equal for the same group, kind, namespace and name. */
export function identityOf(key: Omit<InventoryKey, 'version'>): string {
  return `${key.group}/${key.kind}/${key.namespace}/${key.name}`
}

/** The keys of an inventory; entries that nobody could have written are left out. */
export function inventoryKeys(inventory: Inventory | undefined): InventoryKey[] {
  return (inventory?.entries ?? []).flatMap((entry) => findInventoryKey(entry) ?? [])
}

/** Sorted by id, as the Go controller keeps it, one entry for an object; where both have it, the version of `keys` counts. */
export function uniteInventories(inventory: Inventory | undefined, keys: readonly InventoryKey[]): Inventory {
  const byId = new Map((inventory?.entries ?? []).map((entry) => [entry.id, entry]))
  for (const entry of keys.map(toInventoryEntry)) byId.set(entry.id, entry)
  return { entries: [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id))) }
}

/** The keys of the inventory that `keep` has not, by identity without version: what is no longer wanted. */
export function findRemoved(
  inventory: Inventory | undefined,
  keep: readonly Omit<InventoryKey, 'version'>[],
): InventoryKey[] {
  const kept = new Set(keep.map(identityOf))
  return inventoryKeys(inventory).filter((key) => !kept.has(identityOf(key)))
}

function isRbac(key: { readonly group: string; readonly kind: string }): boolean {
  return key.group === RBAC_GROUP && RBAC_KINDS.has(key.kind)
}
