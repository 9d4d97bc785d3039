import { findField, isJsonObject, mapField, stringField } from '../../helpers/go/json-tree.ts'
import { splitApiVersion } from '../api/object-key.ts'
import type { JsonObject } from '../../helpers/go/value.ts'
import { parseSelector } from '../lib/selector-text.ts'
import { matchesSelector } from '../lib/selector.ts'
import type { KubeObject, ObjectKey, ObjectReader } from '../ports.ts'

/**
 * Objects of the input stand for those of the cluster: a set can be rendered together with the ConfigMap that it reads.
 * Where the input has objects of a kind, a list of that kind is made of them alone. A manifest without a namespace is
 * taken for one of the namespace that is asked.
 */
export function withInputObjects(reader: ObjectReader, input: readonly JsonObject[]): ObjectReader {
  const objects = input.filter(isKubeObject).map(withStringData)
  return {
    get: async (key, signal) => objects.find((object) => isMeant(object, key)) ?? reader.get(key, signal),
    list: async (kind, options) => {
      const found = objects.filter((object) => isOfKind(object, kind))
      if (found.length === 0) return reader.list(kind, options)
      const selector = parseSelector(options?.labelSelector ?? '')
      return found.filter(
        (object) =>
          isIn(object, kind.namespace) && matchesSelector(selector, stringsOf(object.metadata, 'labels')),
      )
    },
  }
}

function isKubeObject(object: JsonObject): object is KubeObject {
  return stringField(object, 'apiVersion') !== '' && isJsonObject(findField(object, 'metadata'))
}

/** Whatever the version: generators ask for several in turn. */
function isOfKind(object: KubeObject, { group, kind }: Omit<ObjectKey, 'name'>): boolean {
  return splitApiVersion(object.apiVersion).group === group && object.kind === kind
}

function isMeant(object: KubeObject, key: ObjectKey): boolean {
  const isNamed = stringField(object.metadata, 'name') === key.name
  return isNamed && isOfKind(object, key) && isIn(object, key.namespace)
}

/** An empty namespace stands for all. */
function isIn(object: KubeObject, namespace: string): boolean {
  const own = stringField(object.metadata, 'namespace')
  return namespace === '' || own === '' || own === namespace
}

/** Only what is text: labels and a Secret's data are nothing else. */
function stringsOf(object: JsonObject, field: string): Record<string, string> {
  const entries = Object.entries(mapField(object, field))
  const strings = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(strings)
}

/** The API server moves a Secret's `stringData` into its `data`. */
function withStringData(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret') return object
  const texts = Object.entries(stringsOf(object, 'stringData'))
  const encoded = texts.map(([key, text]) => [key, Buffer.from(text).toString('base64')] as const)
  return { ...object, data: { ...stringsOf(object, 'data'), ...Object.fromEntries(encoded) } }
}
