import { stringField } from '../lib/json.ts'
import type { KubeObject, ObjectKey } from '../ports.ts'

/** Splits `group/version`; the core group is empty. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/')
  if (slash < 0) return { group: '', version: apiVersion }
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

/** The key of a rendered or live object; `metadata.namespace` decides the scope. */
export function keyOf(object: KubeObject): ObjectKey {
  return {
    ...splitApiVersion(object.apiVersion),
    kind: object.kind,
    namespace: stringField(object.metadata, 'namespace'),
    name: stringField(object.metadata, 'name'),
  }
}
