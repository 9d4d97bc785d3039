import { describe, expect, test } from 'vitest'
import { parseFieldPath, removeFields } from '../../src/apply/remove-fields.ts'
import type { JsonObject } from '../../helpers/go/value.ts'
import type { KubeObject } from '../../src/ports.ts'

/** The object, with parts of it as given; undefined leaves a part out. */
function newDeployment(parts: {
  replicas?: number | undefined
  nameLabel?: string | undefined
  sidecarImage?: string | undefined
  ports?: JsonObject[]
}): KubeObject {
  const given = {
    replicas: 3,
    nameLabel: 'x',
    sidecarImage: 'b',
    ports: [{ containerPort: 80, protocol: 'TCP' }],
    ...parts,
  }
  const optional = (name: string, value: string | number | undefined): JsonObject =>
    value === undefined ? {} : { [name]: value }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'x', labels: { ...optional('app.kubernetes.io/name', given.nameLabel), other: 'y' } },
    spec: {
      ...optional('replicas', given.replicas),
      template: {
        spec: {
          containers: [
            { name: 'app', image: 'a', ports: given.ports },
            { name: 'side]car', ...optional('image', given.sidecarImage) },
          ],
        },
      },
    },
  }
}

const deployment = newDeployment({})

describe('removeFields', () => {
  test.each([
    ['.spec.replicas', newDeployment({ replicas: undefined })],
    ['.metadata.labels.app.kubernetes.io/name', newDeployment({ nameLabel: undefined })],
    ['.spec.template.spec.containers[name="side]car"].image', newDeployment({ sidecarImage: undefined })],
    [
      '.spec.template.spec.containers[name="app"].ports[containerPort=80,protocol="TCP"]',
      newDeployment({ ports: [] }),
    ],
  ])('removes %s and nothing else', (path, expected) => {
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
