import { findField, isJsonObject, stringField } from '../../helpers/go/json-tree.ts'
import type { JsonObject } from '../../helpers/go/value.ts'
import { findApiGroup, SETS_GROUP } from '../api/group.ts'
import { splitApiVersion } from '../api/object-key.ts'
import type { GitOpsSet } from '../api/types.ts'
import { AppError } from '../errors.ts'
import type { KubeObject } from '../api/types.ts'
import type { ObjectSource, RenderedObject } from './render.ts'

export type Scope = 'Namespaced' | 'Cluster'

/** The scope of an object's kind; undefined where nobody knows it. */
export type FindScope = (object: KubeObject) => Scope | undefined

/**
 * Makes rendered objects the set's own: owner labels (which win over the template's), the set's namespace where a
 * namespaced object has none, and no status. Throws AppError for two objects with the same identity.
 */
export function finishAll(
  rendered: readonly RenderedObject[],
  set: GitOpsSet,
  findScope: FindScope,
): RenderedObject[] {
  const finished = rendered.map((item) => ({
    ...item,
    object: finishObject(item.object, set, { findScope, isOwned: item.apply === 'Object' }),
  }))
  refuseDuplicates(finished)
  return finished
}

/** `isOwned`: the whole object is the set's, and says so in its labels; else only the fields it names are. */
export function finishObject(
  object: KubeObject,
  set: GitOpsSet,
  { findScope, isOwned }: { findScope: FindScope; isOwned: boolean },
): KubeObject {
  const found = findField(object, 'metadata')
  const metadata: JsonObject = isJsonObject(found) ? { ...found } : {}
  if (isOwned) metadata['labels'] = ownedLabels(metadata, set)
  const { namespace } = set.metadata
  const needsNamespace = namespace !== '' && stringField(metadata, 'namespace') === ''
  if (needsNamespace && findScope(object) !== 'Cluster') metadata['namespace'] = namespace
  const finished: KubeObject = { ...object, metadata }
  delete finished['status']
  return finished
}

/** Labels that are not all strings are none, as in the Go controller. */
function ownedLabels(metadata: JsonObject, set: GitOpsSet): JsonObject {
  const group = findApiGroup(set.apiVersion) ?? SETS_GROUP
  const labels = findField(metadata, 'labels')
  const isValid = isJsonObject(labels) && Object.values(labels).every((value) => typeof value === 'string')
  return {
    ...(isValid && labels),
    [group.nameLabel]: set.metadata.name,
    [group.namespaceLabel]: set.metadata.namespace,
  }
}

function refuseDuplicates(items: readonly RenderedObject[]): void {
  const seen = new Map<string, ObjectSource>()
  for (const { object, source } of items) {
    const identity = identityOf(object)
    const first = seen.get(identity)
    if (first !== undefined) throw duplicateError(object, first, source)
    seen.set(identity, source)
  }
}

/** No part can hold the separator: names with a line break are refused by the API server. */
function identityOf(object: KubeObject): string {
  const { metadata } = object
  const { group } = splitApiVersion(stringField(object, 'apiVersion'))
  return `${stringField(metadata, 'name')}\n${stringField(metadata, 'namespace')}\n${object.kind}\n${group}`
}

function duplicateError(object: KubeObject, first: ObjectSource, second: ObjectSource): AppError {
  const name = [stringField(object.metadata, 'namespace'), stringField(object.metadata, 'name')]
  const label = `${object.kind} ${name.filter((part) => part !== '').join('/')}`
  return new AppError(
    'RenderFailed',
    'stall',
    `${label} is rendered twice: ${describe(first)}, and ${describe(second)}; make names differ`,
    { path: `spec.templates[${second.templateIndex}]` },
  )
}

function describe(source: ObjectSource): string {
  const repeat = source.repeatIndex === undefined ? '' : `, repetition ${source.repeatIndex}`
  const origin = source.generatorPath === '' ? '' : ` of ${source.generatorPath}`
  return `by template ${source.templateIndex} for element ${source.elementIndex}${origin}${repeat}`
}
