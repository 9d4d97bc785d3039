import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { loadAll } from 'js-yaml'

import type { Api, ApiObject } from './api.ts'
import { waitFor } from './poll.ts'

const CRDS_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

interface CustomResourceDefinition extends ApiObject {
  readonly spec: {
    readonly group: string
    readonly names: { readonly plural: string }
    readonly versions: readonly { readonly name: string; readonly served: boolean }[]
  }
}

/** Applies every definition in a folder's YAML files and waits until their resources are served. */
export async function installCrds(api: Api, folder: string): Promise<void> {
  const definitions = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => loadAll(readFileSync(join(folder, file), 'utf8')))
    .filter((document): document is CustomResourceDefinition => isDefinition(document))
  for (const definition of definitions)
    await api.apply(`${CRDS_PATH}/${definition.metadata.name}`, definition)
  for (const { metadata, spec } of definitions) {
    const version = spec.versions.find(({ served }) => served)
    const path = `/apis/${spec.group}/${version?.name}/${spec.names.plural}?limit=1`
    await waitFor(
      `${metadata.name} to be served`,
      async () => (await api.request('GET', path)).status === 200,
    )
  }
}

function isDefinition(document: unknown): boolean {
  return (document as { kind?: unknown } | null)?.kind === 'CustomResourceDefinition'
}
