import { afterAll, expect, test } from 'vitest'

import { readStackEnvironment } from '../stack/environment.ts'
import { waitFor } from '../stack/poll.ts'
import { startStack } from '../stack/stack.ts'
import { useCluster } from './cluster.ts'

const cluster = useCluster()
afterAll(async () => cluster.api.close())

test('suites get namespaces of their own, which can go again', async () => {
  const [first, second] = await Promise.all([
    cluster.createNamespace('mine'),
    cluster.createNamespace('mine'),
  ])
  expect(first).not.toBe(second)
  const path = `/api/v1/namespaces/${first}`
  await cluster.api.delete(path)
  await waitFor('the namespace to be gone', async () => (await cluster.api.find(path)) === undefined)
})

test('an existing cluster is used and left running', async () => {
  const environment = { ...readStackEnvironment({}), kubeconfigPath: cluster.kubeconfigPath }
  const stack = await startStack({ parts: ['kubernetes'], environment })
  expect(stack.cluster.access).toEqual(cluster.access)
  await stack.stop()
  expect(await cluster.api.request('GET', '/readyz')).toMatchObject({ status: 200 })
})
