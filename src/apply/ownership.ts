import { mapField, stringField } from '../lib/json.ts'
import { API_GROUPS } from '../api/group.ts'
import type { ApiGroup } from '../api/group.ts'
import type { KubeObject } from '../ports.ts'

/** The set that an object's labels name as its owner. */
export interface Owner {
  readonly group: string
  readonly namespace: string
  readonly name: string
}

/** What the object is annotated with, on the template's side or the live one's. */
function annotation(object: KubeObject, name: string): string {
  return stringField(mapField(object.metadata, 'annotations'), name)
}

/** The owner by labels of either API group, or undefined where the object carries none. */
export function findOwner(object: KubeObject): Owner | undefined {
  const labels = mapField(object.metadata, 'labels')
  for (const group of API_GROUPS) {
    const name = stringField(labels, group.nameLabel)
    const namespace = stringField(labels, group.namespaceLabel)
    if (name !== '' && namespace !== '') return { group: group.name, namespace, name }
  }
  return undefined
}

export function isOwnedBy(object: KubeObject, owner: Owner): boolean {
  const found = findOwner(object)
  return (
    found !== undefined &&
    found.group === owner.group &&
    found.namespace === owner.namespace &&
    found.name === owner.name
  )
}

/** `<group>/adopt: enabled`: an existing object without owner labels may be taken into the set. */
export function mayAdopt(object: KubeObject, group: ApiGroup): boolean {
  return annotation(object, group.adoptAnnotation) === 'enabled'
}

/** `<group>/force: enabled`: delete and create again where a field cannot be changed in place. */
export function mayRecreate(object: KubeObject, group: ApiGroup): boolean {
  return annotation(object, group.forceAnnotation) === 'enabled'
}

/** `<group>/prune: disabled`: leave the object in the cluster when the set no longer renders it. */
export function isKeptOnPrune(object: KubeObject, group: ApiGroup): boolean {
  return annotation(object, group.pruneAnnotation) === 'disabled'
}
