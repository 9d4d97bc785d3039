import { array, assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidPathError, describeTarget, isConfidential, targetPath } from '../../src/kube/paths.ts'

const configMap = { group: '', version: 'v1', plural: 'configmaps', namespace: 'ns' }

describe('targetPath', () => {
  test('of objects, collections and subresources', () => {
    expect(targetPath({ ...configMap, name: 'a' })).toBe('/api/v1/namespaces/ns/configmaps/a')
    expect(targetPath({ group: 'apps', version: 'v1', plural: 'deployments' })).toBe(
      '/apis/apps/v1/deployments',
    )
    expect(
      targetPath({
        group: 'apps',
        version: 'v1',
        plural: 'deployments',
        namespace: 'n',
        name: 'a',
        subresource: 'scale',
      }),
    ).toBe('/apis/apps/v1/namespaces/n/deployments/a/scale')
    expect(targetPath({ serverPath: '/apis' })).toBe('/apis')
  })

  test('keeps the case of names and takes what RBAC names may hold', () => {
    const role = { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterroles' }
    expect(targetPath({ ...role, name: 'Tenant-Admin' })).toMatch(/\/clusterroles\/Tenant-Admin$/)
    expect(targetPath({ ...role, name: 'system:node' })).toMatch(/\/clusterroles\/system%3Anode$/)
  })

  test.each([
    '',
    '.',
    '..',
    '../x',
    'a/b',
    'a%2fb',
    '%2e%2e',
    'a\\b',
    'a b',
    'a\r\nb',
    'a\0b',
    '\ud800',
    'x'.repeat(1025),
  ])('refuses the name %j', (name) => {
    expect(() => targetPath({ ...configMap, name })).toThrow(InvalidPathError)
    expect(() => targetPath({ ...configMap, namespace: name })).toThrow(InvalidPathError)
  })

  test('refuses a group that is a path', () => {
    expect(() => targetPath({ group: 'x/../apps', version: 'v1', plural: 'deployments' })).toThrow(
      InvalidPathError,
    )
  })

  test('gives a path that names exactly one object, or throws', () => {
    assert(
      property(array(integer({ max: 0xffff, min: 0 }), { maxLength: 8 }), (codes) => {
        const name = String.fromCharCode(...codes)
        let path: string
        try {
          path = targetPath({ ...configMap, name })
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidPathError)
          return
        }
        const segments = new URL(path, 'https://server').pathname.split('/')
        expect(segments).toHaveLength(7)
        expect(decodeURIComponent(segments[6]!)).toBe(name)
      }),
    )
  })
})

test('describeTarget names resource and object', () => {
  expect(describeTarget({ ...configMap, name: 'a' })).toBe('configmaps "ns/a"')
  expect(describeTarget({ group: 'apps', version: 'v1', plural: 'deployments' })).toBe('deployments.apps')
})

test('only Secrets are confidential', () => {
  expect(isConfidential({ ...configMap, plural: 'secrets' })).toBe(true)
  expect(isConfidential(configMap)).toBe(false)
  expect(isConfidential({ serverPath: '/api' })).toBe(false)
})
