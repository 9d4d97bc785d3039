import { describe, expect, test } from 'vitest'
import { isPersonsTool, readConflicts, takeOverManagers } from '../../src/apply/field-managers.ts'
import type { KubeObject } from '../../src/ports.ts'

function newObject(managedFields: KubeObject['metadata'][]): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', managedFields } }
}

const update = (manager: string, fieldsV1: KubeObject['metadata']) => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
})

describe('takeOverManagers', () => {
  test('moves the Go controller’s and kubectl’s fields into one apply entry of ours', () => {
    const live = newObject([
      update('manager', { 'f:data': { '.': {}, 'f:a': {} } }),
      update('kubectl-edit', { 'f:data': { 'f:b': {} } }),
      update('hpa', { 'f:spec': { 'f:replicas': {} } }),
    ])
    expect(takeOverManagers(live)).toEqual([
      {
        manager: 'gitopsset-controller',
        operation: 'Apply',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } },
      },
      update('hpa', { 'f:spec': { 'f:replicas': {} } }),
    ])
  })

  test('leaves an object alone that we have applied before: "manager" is then somebody else', () => {
    const ours = { ...update('gitopsset-controller', { 'f:data': {} }), operation: 'Apply' }
    expect(takeOverManagers(newObject([ours, update('manager', { 'f:data': {} })]))).toBeUndefined()
  })

  test('does not touch entries of subresources', () => {
    expect(takeOverManagers(newObject([{ ...update('manager', {}), subresource: 'status' }]))).toBeUndefined()
  })
})

describe('readConflicts', () => {
  test('reads field and manager as kube-apiserver writes them', () => {
    const causes = [
      {
        reason: 'FieldManagerConflict',
        field: '.spec.replicas',
        message: 'conflict with "hpa-ctl" with subresource "scale" using apps/v1',
      },
      { reason: 'FieldValueInvalid', field: '.x', message: 'other' },
    ]
    expect(readConflicts(causes)).toEqual([{ field: '.spec.replicas', manager: 'hpa-ctl' }])
  })
})

test.each([
  ['kubectl-client-side-apply', true],
  ['kubectl', true],
  ['before-first-apply', true],
  ['kubectlish', false],
  ['helm', false],
  ['kustomize-controller', false],
])('%s is a person’s tool: %s', (manager, expected) => {
  expect(isPersonsTool(manager)).toBe(expected)
})
