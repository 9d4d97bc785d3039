import type { Condition, GitOpsSetStatus, InventoryEntry } from './types.ts'
import { isObject } from './validate-value.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * A set's status as it is stored, by whichever version of whichever controller. Parts of another shape are left out,
 * never refused: a status must not keep a set from being reconciled.
 */
export function decodeStatus(value: unknown): GitOpsSetStatus | undefined {
  if (!isObject(value)) return undefined
  const status = { ...value } as Record<string, unknown>
  keepIf(status, 'observedGeneration', (item) => typeof item === 'number')
  keepIf(status, 'lastHandledReconcileAt', (item) => typeof item === 'string')
  keepItems(status, 'conditions', isCondition)
  keepItems(
    status,
    'generators',
    (item) => typeof item['path'] === 'string' && typeof item['kind'] === 'string',
  )
  keepItems(
    status,
    'history',
    (item) => typeof item['time'] === 'string' && typeof item['digest'] === 'string',
  )
  keepIf(status, 'plan', (item) => isObject(item) && Array.isArray(item['changes']))
  keepIf(
    status,
    'inventory',
    (item) => isObject(item) && (item['entries'] === undefined || Array.isArray(item['entries'])),
  )
  if (isObject(status['inventory'])) {
    const inventory = { entries: [], ...status['inventory'] } as Record<string, unknown>
    keepItems(inventory, 'entries', isInventoryEntry)
    keepItems(inventory, 'fields', isInventoryEntry)
    status['inventory'] = inventory
  }
  return status
}

function isCondition(item: Fields): boolean {
  const texts: (keyof Condition)[] = ['type', 'status', 'reason', 'message', 'lastTransitionTime']
  return texts.every((name) => typeof item[name] === 'string')
}

function isInventoryEntry(item: Fields): boolean {
  const texts: (keyof InventoryEntry)[] = ['id', 'v']
  return texts.every((name) => typeof item[name] === 'string')
}

function keepIf(fields: Record<string, unknown>, name: string, isRight: (item: unknown) => boolean): void {
  if (Object.hasOwn(fields, name) && !isRight(fields[name])) delete fields[name]
}

function keepItems(fields: Record<string, unknown>, name: string, isRight: (item: Fields) => boolean): void {
  keepIf(fields, name, Array.isArray)
  const items = fields[name]
  if (Array.isArray(items)) fields[name] = items.filter((item: unknown) => isObject(item) && isRight(item))
}
