import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { clusterGenerator } from '../../src/generate/cluster.ts'
import type { KubeObject, ObjectReader } from '../../src/ports.ts'
import { fakeContext, fakeReader } from './fakes.ts'

function cluster(namespace: string, name: string, labels?: Record<string, string>): KubeObject {
  return {
    apiVersion: 'gitops.weave.works/v1alpha1',
    kind: 'GitopsCluster',
    metadata: { name, namespace, ...(labels !== undefined && { labels }) },
  }
}

describe('cluster', () => {
  it('asks for what the selector says, in all namespaces, and sorts', async () => {
    const asked: unknown[] = []
    const reader: ObjectReader = {
      ...fakeReader(),
      list(kind, options) {
        asked.push(kind, options?.labelSelector)
        return Promise.resolve([cluster('b', 'x', { env: 'prod' }), cluster('a', 'z')])
      },
    }
    const selector = { matchLabels: { env: 'prod' }, matchExpressions: [{ key: 'team', operator: 'Exists' }] }
    const { elements } = await clusterGenerator.generate({ selector }, fakeContext({ reader }))
    expect(asked).toEqual([
      { group: 'gitops.weave.works', version: 'v1alpha1', kind: 'GitopsCluster', namespace: '' },
      'env=prod,team',
    ])
    expect(elements).toEqual([
      { ClusterName: 'z', ClusterNamespace: 'a', ClusterLabels: {}, ClusterAnnotations: {} },
      { ClusterName: 'x', ClusterNamespace: 'b', ClusterLabels: { env: 'prod' }, ClusterAnnotations: {} },
    ])
  })

  it('means all clusters without a selector, and none with an empty one', async () => {
    const context = fakeContext({ reader: fakeReader([cluster('a', 'x')]) })
    expect((await clusterGenerator.generate({}, context)).elements).toHaveLength(1)
    expect((await clusterGenerator.generate({ selector: {} }, context)).elements).toHaveLength(0)
  })

  it('refuses a selector that cannot be read', async () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'Near', values: ['b'] }] }
    await expect(clusterGenerator.generate({ selector }, fakeContext())).rejects.toMatchObject({
      reason: 'InvalidSpec',
      disposition: 'stall',
      path: 'spec.generators[0].list.selector',
    })
  })

  it('fails where the account may not list clusters', async () => {
    const list = (): Promise<never> => Promise.reject(new AppError('AccessDenied', 'retry', 'cannot list'))
    const context = fakeContext({ reader: { ...fakeReader(), list } })
    await expect(clusterGenerator.generate({}, context)).rejects.toMatchObject({ reason: 'AccessDenied' })
  })
})
