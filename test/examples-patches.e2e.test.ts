import { expect, it } from 'vitest'

import { buildPatched, type Base } from './support/example-bases.ts'
import { readWanted, type RenderedObject } from './support/example-files.ts'

function kustomizationOf(setFile: string, name: string): RenderedObject {
  const found = readWanted(setFile).find(
    ({ kind, metadata }) => kind === 'Kustomization' && metadata.name === name,
  )
  return found!
}

const podinfo: Base = {
  kind: 'Deployment',
  name: 'podinfo',
  containers: [{ name: 'istio-proxy' }, { name: 'podinfod', image: 'podinfo:6' }],
}
const resources = (memory: string) => ({ requests: { memory }, limits: { memory } })

it('a patch of the safe recipe: on the container of that name, which needs no resources before', async () => {
  const kustomization = kustomizationOf('examples/prometheus-right-sizing/set.yaml', 'podinfo')
  const { containers } = (await buildPatched(kustomization, podinfo)).spec.template.spec
  expect(containers.find(({ name }) => name === 'podinfod')).toEqual({
    name: 'podinfod',
    image: 'podinfo:6',
    resources: { requests: { memory: '300Mi' }, limits: { memory: '360Mi' } },
  })
  expect(containers.find(({ name }) => name === 'istio-proxy')).not.toHaveProperty('resources')
})

it('a patch of the first recipe: on the first container, which needs resources before', async () => {
  const kustomization = kustomizationOf('examples/prometheus-right-sizing/seed.yaml', 'podinfo')
  const containers = [{ name: 'podinfod', resources: resources('64Mi') }]
  const built = await buildPatched(kustomization, { ...podinfo, containers })
  expect(built.spec.template.spec.containers[0]?.resources).toEqual({
    requests: { memory: '307200Ki' },
    limits: { memory: '368640Ki' },
  })
  await expect(buildPatched(kustomization, podinfo)).rejects.toThrow('missing path')
})

it('a patch of the prometheus generator', async () => {
  const kustomization = kustomizationOf('examples/prometheus/set.yaml', 'shop-api')
  const built = await buildPatched(kustomization, {
    kind: 'Deployment',
    name: 'api',
    containers: [{ name: 'api' }],
  })
  expect(built.spec.template.spec.containers[0]?.resources).toEqual({
    requests: { cpu: '1301m', memory: '1380Mi' },
    limits: { memory: '1380Mi' },
  })
})

it('a patch of a list', async () => {
  const kustomization = kustomizationOf('examples/list/set.yaml', 'shop-production')
  const built = await buildPatched(kustomization, {
    kind: 'Deployment',
    name: 'web',
    containers: [{ name: 'web' }],
  })
  expect(built.spec.replicas).toBe(6)
})

it('a patch of Dremio’s engines', async () => {
  const kustomization = kustomizationOf('examples/dremio-autoscaling/set.yaml', 'dremio-executor')
  const containers = [{ name: 'dremio-executor', image: 'dremio:24.3' }]
  const built = await buildPatched(kustomization, {
    kind: 'StatefulSet',
    name: 'dremio-executor',
    containers,
  })
  const { terminationGracePeriodSeconds, containers: patched } = built.spec.template.spec
  expect(terminationGracePeriodSeconds).toBe(720)
  expect(patched).toEqual([
    {
      name: 'dremio-executor',
      image: 'dremio:24.3',
      ports: [{ name: 'prometheus', containerPort: 9010, protocol: 'TCP' }],
    },
  ])
})
