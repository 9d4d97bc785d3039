import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../helpers/go/value.ts'
import type { KubeObject } from '../../src/ports.ts'
import { finishAll, finishObject, type Scope } from '../../src/render/finish.ts'
import type { RenderedObject } from '../../src/render/render.ts'
import { findBuiltinScope } from '../../src/render/scopes.ts'
import { makeSet } from './fixture.ts'

const set = makeSet([])

function object(kind: string, metadata: JsonObject = {}, apiVersion = 'v1'): KubeObject {
  return { apiVersion, kind, metadata }
}

function rendered(item: KubeObject, elementIndex = 0): RenderedObject {
  return {
    object: item,
    apply: 'Object',
    source: {
      templateIndex: 0,
      elementIndex,
      repeatIndex: undefined,
      generatorPath: 'spec.generators[0].list',
    },
  }
}

const namespaced = { findScope: (): Scope => 'Namespaced', isOwned: true }

describe('finishObject', () => {
  it('adds owner labels that win, and keeps the others', () => {
    const labels = { 'sets.gitops.pro/name': 'other', team: 'core' }
    expect(finishObject(object('ConfigMap', { labels }), set, namespaced).metadata['labels']).toEqual({
      'sets.gitops.pro/name': 'demo',
      'sets.gitops.pro/namespace': 'team',
      team: 'core',
    })
  })

  it("uses the labels of the set's own API group", () => {
    const old = { ...set, apiVersion: 'templates.weave.works/v1alpha1' }
    const labels = finishObject(object('ConfigMap'), old, namespaced).metadata['labels'] as JsonObject
    expect(Object.keys(labels)).toEqual(['templates.weave.works/name', 'templates.weave.works/namespace'])
  })

  it('takes away status, and changes nothing that it was given', () => {
    const given = Object.freeze({ ...object('ConfigMap', Object.freeze({ name: 'a' })), status: { x: 1 } })
    expect(finishObject(given, set, namespaced)).not.toHaveProperty('status')
    expect(given).toHaveProperty('status')
    expect(given.metadata).toEqual({ name: 'a' })
  })

  it.each([
    ['Namespaced', undefined, 'team'],
    ['Namespaced', '', 'team'],
    ['Namespaced', 'else', 'else'],
    ['Cluster', undefined, undefined],
    [undefined, undefined, 'team'],
  ] as const)('gives a %s object in namespace %j the namespace %j', (scope, namespace, want) => {
    const metadata: JsonObject = namespace === undefined ? {} : { namespace }
    const options = { findScope: () => scope, isOwned: true }
    expect(finishObject(object('X', metadata), set, options).metadata['namespace']).toBe(want)
  })
})

describe('finishAll', () => {
  it('refuses two objects with one identity, naming both elements', () => {
    const twins = [
      rendered(object('Deployment', { name: 'a' }, 'apps/v1'), 0),
      rendered(object('Deployment', { name: 'a', namespace: 'team' }, 'apps/v1beta1'), 7),
    ]
    expect(() => finishAll(twins, set, () => 'Namespaced')).toThrow(
      expect.objectContaining({
        reason: 'RenderFailed',
        disposition: 'stall',
        message: expect.stringMatching(
          /Deployment team\/a is rendered twice.*element 0.*element 7/,
        ) as string,
      }),
    )
  })

  it('takes groups, kinds, namespaces and names apart', () => {
    const items = [
      object('A', { name: 'x' }),
      object('B', { name: 'x' }),
      object('A', { name: 'y' }),
      object('A', { name: 'x', namespace: 'n' }),
      object('A', { name: 'x' }, 'g/v1'),
    ].map((item) => rendered(item))
    expect(finishAll(items, set, () => 'Namespaced')).toHaveLength(5)
  })
})

describe('findBuiltinScope', () => {
  it.each([
    ['', 'Namespace', 'Cluster'],
    ['', 'ConfigMap', 'Namespaced'],
    ['rbac.authorization.k8s.io', 'ClusterRole', 'Cluster'],
    ['rbac.authorization.k8s.io', 'Role', 'Namespaced'],
    ['kustomize.toolkit.fluxcd.io', 'Kustomization', 'Namespaced'],
    ['example.com', 'Namespace', 'Namespaced'],
  ])('knows %s/%s', (group, kind, scope) => {
    expect(findBuiltinScope({ group, kind })).toBe(scope)
  })
})
