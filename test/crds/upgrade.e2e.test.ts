import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crdOf } from '../../scripts/crd.ts'
import { SETS_GROUP } from '../../src/api/group.ts'
import { validateSet } from '../../src/api/validate.ts'
import { waitFor } from '../stack/poll.ts'
import { useCluster } from '../support/cluster.ts'

/** A group of this test's own, so that its definition can change under the other suites. */
const GROUP = 'upgrade.example.com'
const CRD_PATH = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gitopssets.${GROUP}`

interface Crd {
  spec: { versions: { schema: { openAPIV3Schema: { properties: Record<string, unknown> } } }[] }
}

const cluster = useCluster()
let path = ''

/** Objects as a controller without our rules let them be stored. */
const OLD_SPECS: Readonly<Record<string, unknown>> = {
  'no-generator': { generators: [{}] },
  'two-generators': { generators: [{ list: {}, config: { kind: 'ConfigMap', name: 'a' } }] },
  'no-duration': { generators: [{ apiClient: { endpoint: 'https://x', interval: 'soon' } }] },
  'no-timing': { generators: [{ apiClient: { endpoint: 'https://x' } }] },
  'no-reference': { generators: [{ gitRepository: {} }] },
  'a-scalar-element': { generators: [{ list: { elements: ['a'] } }] },
}

beforeAll(async () => {
  const namespace = await cluster.createNamespace('upgrade')
  const strict = crdOf({ ...SETS_GROUP, name: GROUP })
  const loose = structuredClone(strict) as unknown as Crd
  const { properties } = loose.spec.versions[0]!.schema.openAPIV3Schema
  properties['spec'] = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  path = `/apis/${GROUP}/v1alpha1/namespaces/${namespace}/gitopssets`
  await cluster.api.apply(CRD_PATH, loose)
  await waitFor('the definition', async () => (await cluster.api.request('GET', path)).status === 200)
  for (const [name, spec] of Object.entries(OLD_SPECS)) {
    const metadata = { name, namespace, finalizers: ['example.com/wait'] }
    await cluster.api.create(path, { apiVersion: `${GROUP}/v1alpha1`, kind: 'GitOpsSet', metadata, spec })
  }
  await cluster.api.apply(CRD_PATH, strict)
  await waitFor('the new definition', async () => {
    const probe = { apiVersion: `${GROUP}/v1alpha1`, kind: 'GitOpsSet', metadata: { name: 'probe', namespace } }
    const spec = { generators: [{}] }
    return (await cluster.api.request('POST', `${path}?dryRun=All`, { ...probe, spec })).status === 422
  })
})
afterAll(async () => {
  await cluster.api.delete(CRD_PATH)
  await cluster.api.close()
})

describe('sets that were stored before our definition', () => {
  it.each(Object.keys(OLD_SPECS))('%s can be read, told about, and deleted', async (name) => {
    const stored = await cluster.api.get(`${path}/${name}`)
    const asOurs = { ...stored, apiVersion: SETS_GROUP.apiVersion }
    expect(validateSet(asOurs).kind).toBe('invalid')
    await cluster.api.patch(`${path}/${name}/status`, {
      status: {
        conditions: [
          { type: 'Ready', status: 'False', reason: 'InvalidSpec', message: 'x', lastTransitionTime: '2026-01-01T00:00:00Z' },
        ],
      },
    })
    await cluster.api.patch(`${path}/${name}`, { metadata: { finalizers: [] } })
    await cluster.api.delete(`${path}/${name}`)
    expect(await cluster.api.find(`${path}/${name}`)).toBeUndefined()
  })
})
