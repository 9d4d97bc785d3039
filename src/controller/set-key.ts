import { stringField } from '../lib/json.ts'
import type { ApiGroup } from '../api/group.ts'
import type { KubeObject, ObjectKey } from '../ports.ts'

/** Text that names a set in the queue: `namespace/name/group`. None of the parts can hold a slash. */
export function toSetText(group: ApiGroup, set: KubeObject): string {
  return `${stringField(set.metadata, 'namespace')}/${stringField(set.metadata, 'name')}/${group.name}`
}

/** The set's key in the API. Throws TypeError for a text that {@link toSetText} did not write. */
export function parseSetText(text: string): ObjectKey {
  const [namespace, name, group, ...rest] = text.split('/')
  if (namespace === undefined || name === undefined || group === undefined || rest.length > 0) {
    throw new TypeError(`${JSON.stringify(text)} does not name a set`)
  }
  return { group, version: 'v1alpha1', kind: 'GitOpsSet', namespace, name }
}
