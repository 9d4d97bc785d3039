import { expect, test } from 'vitest'
import { toObjectReader } from '../../src/generate/object-reader.ts'
import { ApiError } from '../../src/ports.ts'
import { build, builtinScopes } from '../../src/pipeline.ts'
import type { ObjectReader } from '../../src/ports.ts'
import type { GitOpsSet } from '../../src/api/types.ts'
import { fakeArtifacts, fakeHttp, fixedClock, silentLog } from './fakes.ts'

const key = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'a' }

function failing(failure: Error): ObjectReader {
  return { get: () => Promise.reject(failure), list: () => Promise.reject(failure) }
}

const readerThat = (failure: Error): ObjectReader => toObjectReader(failing(failure))

test.each([
  [403, 'Forbidden', { reason: 'AccessDenied', disposition: 'retry' }],
  [503, 'ServiceUnavailable', { reason: 'GeneratorFailed', disposition: 'retry', retryAfterMs: 7 }],
  [0, 'NoAnswer', { reason: 'GeneratorFailed', disposition: 'retry' }],
])('%d is an error with a disposition', async (status, reason, want) => {
  const reader = readerThat(new ApiError('what the server said', { status, reason, retryAfterMs: 7 }))
  await expect(reader.get(key)).rejects.toMatchObject({ ...want, message: 'what the server said' })
  await expect(reader.list(key)).rejects.toMatchObject(want)
})

test('what is not there is undefined', async () => {
  const reader = toObjectReader({ get: async () => undefined, list: async () => [] })
  expect(await reader.get(key)).toBeUndefined()
  expect(await reader.list(key)).toEqual([])
})

test('a kind that is not served is waited for', async () => {
  const reader = readerThat(new ApiError('x', { status: 404, reason: 'KindNotServed' }))
  await expect(reader.list(key)).rejects.toMatchObject({ disposition: 'wait', retryAfterMs: 60_000 })
})

test('the reason of an aborted signal goes through', async () => {
  await expect(readerThat(new Error('shutting down')).get(key)).rejects.toThrow('shutting down')
})

test('a build says why an object cannot be read', async () => {
  const reader = failing(new ApiError('secrets is forbidden', { status: 403, reason: 'Forbidden' }))
  const set: GitOpsSet = {
    apiVersion: 'sets.gitops.pro/v1alpha1',
    kind: 'GitOpsSet',
    metadata: { name: 'demo', namespace: 'team' },
    spec: { generators: [{ config: { kind: 'Secret', name: 's' } }], templates: [{ content: {} }] },
  }
  const built = await build(set, {
    reader,
    http: fakeHttp(() => ({ json: [] })),
    artifacts: fakeArtifacts({}),
    scopes: builtinScopes,
    clock: fixedClock(),
    log: silentLog,
  })
  expect(built.error).toMatchObject({ reason: 'AccessDenied', path: 'spec.generators[0].config' })
})
