import { describe, expect, test } from 'vitest'
import { parseFieldPath, removeFields } from '../../src/apply/remove-fields.ts'
import type { KubeObject } from '../../src/ports.ts'

const deployment: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'x', labels: { 'app.kubernetes.io/name': 'x', other: 'y' } },
  spec: {
    replicas: 3,
    template: {
      spec: {
        containers: [
          { name: 'app', image: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }] },
          { name: 'side]car', image: 'b' },
        ],
      },
    },
  },
}

describe('removeFields', () => {
  test.each([
    ['.spec.replicas', (o: KubeObject) => delete (o as never)['spec']['replicas']],
    [
      '.metadata.labels.app.kubernetes.io/name',
      (o: KubeObject) => delete (o as never)['metadata']['labels']['app.kubernetes.io/name'],
    ],
    [
      '.spec.template.spec.containers[name="side]car"].image',
      (o: KubeObject) => delete (o as never)['spec']['template']['spec']['containers'][1]['image'],
    ],
    [
      '.spec.template.spec.containers[name="app"].ports[containerPort=80,protocol="TCP"]',
      (o: KubeObject) => (o as never)['spec']['template']['spec']['containers'][0]['ports']['pop'](),
    ],
  ])('removes %s and nothing else', (path, mutate: (o: never) => unknown) => {
    const expected = structuredClone(deployment)
    mutate(expected as never)
    expect(removeFields(deployment, [path])).toEqual(expected)
  })

  test('gives up, rather than applying the field after all, where the path leads nowhere', () => {
    expect(removeFields(deployment, ['.spec.template.spec.containers[name="none"].image'])).toBeUndefined()
    expect(removeFields(deployment, ['.spec.strategy.type'])).toBeUndefined()
    expect(removeFields(deployment, ['spec'])).toBeUndefined()
  })

  test('does not change its input', () => {
    const before = structuredClone(deployment)
    removeFields(deployment, ['.spec.replicas'])
    expect(deployment).toEqual(before)
  })
})

test('parseFieldPath reads set members and indexes', () => {
  expect(parseFieldPath('.metadata.finalizers[="a.b/c"]')).toEqual([
    { kind: 'field', name: 'metadata' },
    { kind: 'field', name: 'finalizers' },
    { kind: 'value', value: 'a.b/c' },
  ])
  expect(parseFieldPath('.list[3]')).toEqual([
    { kind: 'field', name: 'list' },
    { kind: 'index', index: 3 },
  ])
})
