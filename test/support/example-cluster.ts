import { join } from 'node:path'

import { SETS_GROUP } from '../../src/api/group.ts'
import type { Api, ApiObject } from '../stack/api.ts'
import { ensureCrds } from '../stack/build.ts'
import { moduleOf } from '../stack/components.ts'
import { installCrds } from '../stack/crds.ts'
import { readStackEnvironment } from '../stack/environment.ts'
import type { TestCluster } from './cluster.ts'
import { readWanted, type RenderedObject } from './example-files.ts'

/** The objects of an example in a cluster, in namespaces of their own. */
export interface AppliedExample {
  readonly objects: readonly ApiObject[]
  /** Path of an object in the API, by kind and name; `version` reads it in another version than it was written in. */
  pathOf(kind: string, name: string, version?: string): string
  get<T = ApiObject>(kind: string, name: string, version?: string): Promise<T>
  /** Deletes what is in no namespace of the example's own. */
  remove(): Promise<void>
}

/** Installs Flux's definitions, and small ones of the other kinds that examples render. */
export async function installExampleCrds(api: Api): Promise<void> {
  const fluxCrds = await ensureCrds(moduleOf('kustomize-controller'), {
    environment: readStackEnvironment(),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  })
  await installCrds(api, fluxCrds)
  await installCrds(api, join(import.meta.dirname, 'example-crds'))
}

/**
 * Applies everything that a set's file renders, as the controller does: by server-side apply, here with strict checks of
 * fields. Every namespace that the example names becomes a new one. Throws with the server's message.
 */
export async function applyExample(cluster: TestCluster, setFile: string): Promise<AppliedExample> {
  // What a set reads is printed too, and not of its making.
  const rendered = readWanted(setFile).filter(({ metadata }) => metadata.labels?.[SETS_GROUP.nameLabel])
  const namespaces = await createNamespaces(cluster, rendered)
  const paths = new Map<string, string>()
  const clusterScoped: string[] = []
  const objects: ApiObject[] = []
  for (const object of rendered) {
    const moved = moveTo(object, namespaces)
    const path = await findPath(cluster.api, moved)
    paths.set(`${object.kind}/${object.metadata.name}`, path)
    if (moved.metadata.namespace === undefined) clusterScoped.push(path)
    objects.push(await applyStrictly(cluster.api, path, moved))
  }
  function pathOf(kind: string, name: string, version?: string): string {
    const path = paths.get(`${kind}/${name}`)
    if (path === undefined) throw new Error(`${setFile} renders no ${kind} ${name}`)
    return version === undefined ? path : path.replace(/^(\/apis\/[^/]+)\/[^/]+/, `$1/${version}`)
  }
  return {
    objects,
    pathOf,
    get: async <T>(kind: string, name: string, version?: string) =>
      cluster.api.get<T>(pathOf(kind, name, version)),
    remove: async () => {
      for (const path of clusterScoped) await cluster.api.delete(path)
    },
  }
}

async function createNamespaces(
  cluster: TestCluster,
  objects: readonly RenderedObject[],
): Promise<ReadonlyMap<string, string>> {
  const names = objects.flatMap(({ kind, metadata }) =>
    kind === 'Namespace' ? [metadata.name] : (metadata.namespace ?? []),
  )
  const namespaces = new Map<string, string>()
  for (const name of new Set(names)) namespaces.set(name, await cluster.createNamespace(name))
  return namespaces
}

function moveTo(object: RenderedObject, namespaces: ReadonlyMap<string, string>): RenderedObject {
  const { kind, metadata } = object
  const name = kind === 'Namespace' ? (namespaces.get(metadata.name) ?? metadata.name) : metadata.name
  const namespace = namespaces.get(metadata.namespace ?? '')
  return { ...object, metadata: { ...metadata, name, ...(namespace !== undefined && { namespace }) } }
}

async function findPath(api: Api, { apiVersion, kind, metadata }: RenderedObject): Promise<string> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const { resources } = await api.get<{ resources: { name: string; kind: string }[] }>(root)
  const resource = resources.find((candidate) => candidate.kind === kind && !candidate.name.includes('/'))
  if (resource === undefined) throw new Error(`the API server does not know ${apiVersion} ${kind}`)
  const { name, namespace } = metadata
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${resource.name}/${name}`
}

async function applyStrictly(api: Api, path: string, object: RenderedObject): Promise<ApiObject> {
  const query = '?fieldManager=examples&fieldValidation=Strict'
  const { status, body } = await api.request('PATCH', path + query, object, 'application/apply-patch+yaml')
  if (status < 300) return body as ApiObject
  throw new Error(`${object.kind} ${object.metadata.name}: ${status} ${JSON.stringify(body)}`)
}
