import { isJsonObject, stringField } from '../../helpers/go/json-tree.ts'
import { stringifyJson } from '../../helpers/go/json.ts'
import type { JsonValue } from '../../helpers/go/value.ts'
import { splitDocuments } from '../../helpers/go/yaml/documents.ts'
import type { KubeObject } from '../api/types.ts'

const maxShownChars = 200

/** What a rendered value is not, for an error. */
export class NotAnObject extends Error {
  override readonly name = 'NotAnObject'
}

/** Reads a rendered text as objects. Throws YamlError or {@link NotAnObject}. */
export function decodeObjects(text: string): KubeObject[] {
  return Array.from(splitDocuments(text), toKubeObject)
}

/** The value as an object with a kind. Throws {@link NotAnObject}. */
export function toKubeObject(value: JsonValue): KubeObject {
  if (value !== null && !isJsonObject(value)) {
    const shape = Array.isArray(value) ? 'a list' : `a ${typeof value}`
    throw new NotAnObject(`a Kubernetes object is needed, not ${shape}`)
  }
  if (value === null || stringField(value, 'kind') === '') {
    throw new NotAnObject(`Object 'Kind' is missing in '${shown(value)}'`)
  }
  return value as KubeObject
}

function shown(value: JsonValue): string {
  const text = stringifyJson(value)
  return text.length > maxShownChars ? `${text.slice(0, maxShownChars)}…` : text
}
