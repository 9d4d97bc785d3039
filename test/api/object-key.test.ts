import { expect, test } from 'vitest'
import { keyOf, splitApiVersion } from '../../src/api/object-key.ts'
import type { KubeObject } from '../../src/api/types.ts'

test.each([
  ['v1', { group: '', version: 'v1' }],
  ['apps/v1', { group: 'apps', version: 'v1' }],
  ['', { group: '', version: '' }],
])('splits %j', (apiVersion, expected) => {
  expect(splitApiVersion(apiVersion)).toEqual(expected)
})

test('an object without apiVersion has a key that no server knows, and stops nothing', () => {
  const rendered = { kind: 'ConfigMap', metadata: { name: 'a', namespace: 'team' } } as unknown as KubeObject
  expect(keyOf(rendered)).toEqual({ group: '', version: '', kind: 'ConfigMap', namespace: 'team', name: 'a' })
})
