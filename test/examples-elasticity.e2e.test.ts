import { afterAll, beforeAll, expect, it } from 'vitest'

import { SETS_GROUP } from '../src/api/group.ts'
import { AppliedRecords } from '../src/apply/applied-records.ts'
import { applyObject } from '../src/apply/apply-object.ts'
import type { Cluster } from '../src/kube/cluster.ts'
import type { KubeObject } from '../src/ports.ts'
import { openReal } from './kube/open-cluster.ts'
import { useCluster } from './support/cluster.ts'
import { installExampleCrds } from './support/example-cluster.ts'
import { readWanted, type RenderedObject } from './support/example-files.ts'

const cluster = useCluster()
const { api } = cluster
let ours: Cluster
beforeAll(async () => {
  await installExampleCrds(api)
  ours = await openReal(cluster.kubeconfigPath)
})
afterAll(async () => {
  await ours.close()
  await api.close()
})

/** The example's first MiniCluster, in a namespace of this test. */
async function miniCluster(): Promise<RenderedObject & { readonly spec: object }> {
  const namespace = await cluster.createNamespace('elastic')
  const [found] = readWanted('examples/flux-minicluster/set.yaml').filter(
    ({ kind }) => kind === 'MiniCluster',
  )
  return { ...found!, spec: { ...(found!.spec as object) }, metadata: { ...found!.metadata, namespace } }
}

/** Applies one object as the controller does for the example's set. */
async function applyAsController(object: RenderedObject, conflicts: 'Fail' | 'Skip') {
  return applyObject(object as unknown as KubeObject, {
    client: ours.clients.clientFor({ kind: 'controller' }),
    records: new AppliedRecords(),
    owner: { group: SETS_GROUP.name, name: 'miniclusters', namespace: 'flux-operator' },
    group: SETS_GROUP,
    conflicts,
    fieldValidation: 'Strict',
    signal: AbortSignal.timeout(10_000),
  })
}

it('a size that an autoscaler has taken is left to it, and the rest is kept in step', async () => {
  const rendered = await miniCluster()
  const { name, namespace } = rendered.metadata
  const path = `/apis/${rendered.apiVersion}/namespaces/${namespace}/miniclusters/${name}`
  expect(await applyAsController(rendered, 'Skip')).toMatchObject({ change: { action: 'created' } })
  await api.patch(`${path}/scale?fieldManager=kube-controller-manager`, { spec: { replicas: 3 } })

  const changed = { ...rendered, spec: { ...rendered.spec, tasks: 5 } }
  const failed = await applyAsController(changed, 'Fail')
  expect(failed.change).toMatchObject({
    action: 'conflict',
    message: expect.stringContaining('.spec.size') as string,
  })
  expect(await applyAsController(changed, 'Skip')).toMatchObject({ change: { action: 'configured' } })
  expect(await api.get(path)).toMatchObject({ spec: { size: 3, tasks: 5, maxSize: 10 } })
})
