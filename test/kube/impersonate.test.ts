import { expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { impersonationHeaders } from '../../src/kube/impersonate.ts'
import type { Identity } from '../../src/ports.ts'

test('the controller acts as itself', () => {
  expect(impersonationHeaders({ kind: 'controller' })).toEqual({})
})

test('a service account is one header', () => {
  expect(impersonationHeaders({ kind: 'serviceAccount', namespace: 'team-a', name: 'deploy.er' })).toEqual({
    'impersonate-user': 'system:serviceaccount:team-a:deploy.er',
  })
})

const bad = [
  '',
  ' ',
  'a b',
  ' a',
  'a ',
  'a\r\nImpersonate-Group: system:masters',
  'a\n',
  'A',
  'a:b',
  'a/b',
  'ä',
  '-a',
  'a-',
]

test.each(bad)('refuses the account name %j', (name) => {
  expect(() => impersonationHeaders({ kind: 'serviceAccount', namespace: 'ns', name })).toThrow(AppError)
})

test.each([...bad, 'a.b'])('refuses the namespace %j', (namespace) => {
  expect(() => impersonationHeaders({ kind: 'serviceAccount', namespace, name: 'a' })).toThrow(AppError)
})

test('refuses what is not an identity', () => {
  expect(() => impersonationHeaders({} as Identity)).toThrow(AppError)
})
