import { expect, test } from 'vitest'
import { createClientFactory } from '../../src/kube/client.ts'
import { toObjectReader } from '../../src/kube/reader.ts'
import { ApiError } from '../../src/ports.ts'
import type { ObjectReader } from '../../src/ports.ts'
import { configMaps, fakeDiscovery, fakeRequester } from './fakes.ts'

const key = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'a' }

function readerThat(fails: Error, kinds = [configMaps]): ObjectReader {
  const requester = fakeRequester(() => {
    throw fails
  })
  const factory = createClientFactory({ requester, discovery: fakeDiscovery(kinds) })
  return toObjectReader(factory.clientFor({ kind: 'serviceAccount', namespace: 'ns', name: 'sa' }))
}

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
  expect(await readerThat(new ApiError('x', { status: 404, reason: 'NotFound' })).get(key)).toBeUndefined()
})

test('a kind that is not served is waited for', async () => {
  const reader = readerThat(new Error('not reached'), [])
  await expect(reader.list(key)).rejects.toMatchObject({ disposition: 'wait', retryAfterMs: 60_000 })
})

test('the reason of an aborted signal goes through', async () => {
  await expect(readerThat(new Error('shutting down')).get(key)).rejects.toThrow('shutting down')
})
