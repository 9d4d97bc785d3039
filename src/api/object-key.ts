import { stringField } from '../lib/json.ts'
import type { InventoryKey } from './inventory.ts'
import type { KubeObject } from './types.ts'

/** Splits `group/version`; the core group is empty. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/')
  if (slash < 0) return { group: '', version: apiVersion }
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

/** The key of a rendered or live object; `metadata.namespace` decides the scope. */
export function keyOf(object: KubeObject): InventoryKey {
  return {
    // A template may leave it out, whatever the type says; the API server then knows no such kind.
    ...splitApiVersion(stringField(object, 'apiVersion')),
    kind: object.kind,
    namespace: stringField(object.metadata, 'namespace'),
    name: stringField(object.metadata, 'name'),
  }
}
