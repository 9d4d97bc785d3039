import { stringField, mapField } from '../../helpers/go/json-tree.ts'
import { stringifyJson } from '../../helpers/go/json.ts'
import type { JsonObject } from '../../helpers/go/value.ts'
import { jsonToYaml } from '../../helpers/go/yaml/emit.ts'

export const OUTPUT_FORMATS = ['yaml', 'json', 'name'] as const
export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

/** Objects as YAML documents, as one JSON List, or as lines `kind.group/name`. */
export function formatObjects(objects: readonly JsonObject[], format: OutputFormat): string {
  switch (format) {
    case 'yaml':
      return objects.map((object) => `---\n${jsonToYaml(object)}`).join('')
    case 'json':
      return `${stringifyJson({ apiVersion: 'v1', kind: 'List', items: [...objects] }, 2)}\n`
    case 'name':
      return objects.map((object) => `${objectName(object)}\n`).join('')
  }
}

/** As kubectl prints it: `configmap/settings`, `kustomization.kustomize.toolkit.fluxcd.io/apps`. */
export function objectName(object: JsonObject): string {
  const apiVersion = stringField(object, 'apiVersion')
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0] ?? ''}` : ''
  const kind = stringField(object, 'kind').toLowerCase()
  return `${kind}${group}/${stringField(mapField(object, 'metadata'), 'name')}`
}
