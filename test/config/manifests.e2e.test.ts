import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kustomizeBuild } from '../stack/kustomize.ts'
import { useCluster } from '../support/cluster.ts'

interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string }
  spec?: { template?: { metadata: object; spec: object } }
}

const NAMESPACE = 'gitopsset-system'
const PLURALS: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies',
}

const cluster = useCluster()
afterAll(async () => cluster.api.close())

/** Every file of config/ and crds/, as kustomize gets them. */
function readFiles(folder: string): Record<string, string> {
  const root = join(import.meta.dirname, '../..')
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  const yaml = files.filter((file) => file.endsWith('.yaml')).map((file) => join(folder, file))
  return Object.fromEntries(yaml.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

async function build(...resources: string[]): Promise<Manifest[]> {
  const components = resources.filter((path) => path.includes('/components/'))
  const bases = resources.filter((path) => !path.includes('/components/'))
  const kustomization = JSON.stringify({ resources: bases, components })
  const files = { ...readFiles('config'), ...readFiles('crds'), 'kustomization.yaml': kustomization }
  return loadAll(await kustomizeBuild(files)) as Manifest[]
}

function pathOf({ apiVersion, kind, metadata }: Manifest): string {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`
  return `${base}${scope}/${PLURALS[kind] ?? `${kind.toLowerCase()}s`}/${metadata.name}`
}

describe('config/default', () => {
  let built: Manifest[] = []
  beforeAll(async () => {
    built = await build('config/default', 'config/components/impersonate-all', 'config/components/apply-flux')
    const namespace = built.find((manifest) => manifest.kind === 'Namespace')
    await cluster.api.apply(`/api/v1/namespaces/${NAMESPACE}`, namespace)
  })

  it('is taken by the API server, field by field', async () => {
    expect(built.length).toBeGreaterThan(12)
    for (const manifest of built) {
      const path = `${pathOf(manifest)}?fieldManager=test&force=true&dryRun=All&fieldValidation=Strict`
      const { status, body } = await cluster.api.request(
        'PATCH',
        path,
        manifest,
        'application/apply-patch+yaml',
      )
      expect({ path, status, message: (body as { message?: string }).message }).toEqual({
        path,
        status: expect.toBeOneOf([200, 201]) as number,
        message: undefined,
      })
    }
  })

  it('makes a pod that the restricted standard admits', async () => {
    const template = built.find((manifest) => manifest.kind === 'Deployment')?.spec?.template
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template?.metadata, name: 'controller', namespace: NAMESPACE },
      spec: template?.spec,
    }
    const { status, body } = await cluster.api.request(
      'POST',
      `/api/v1/namespaces/${NAMESPACE}/pods?dryRun=All`,
      pod,
    )
    expect([status, (body as { message?: string }).message]).toEqual([201, undefined])
  })
})

describe('config/samples and config/prometheus', () => {
  it('build', async () => {
    expect((await build('config/samples')).length).toBe(8)
    expect((await build('config/prometheus')).map((manifest) => manifest.kind)).toEqual([
      'PodMonitor',
      'PrometheusRule',
    ])
  })
})
