import { describe, expect, test } from 'vitest'
import { PATH_NOT_FOUND, cleanText, toApiError } from '../../src/kube/api-error.ts'
import { statusOf } from './fakes.ts'

const target = { group: 'apps', version: 'v1', plural: 'deployments', namespace: 'ns', name: 'web' }
const answer = { contentType: 'application/json', retryAfterMs: undefined }

describe('toApiError', () => {
  test('says what, where and why, with the causes', () => {
    const causes = [
      { reason: 'FieldManagerConflict', field: '.spec.replicas', message: 'conflict with "hpa"' },
    ]
    const body = statusOf(409, 'Conflict', 'Apply failed with 1 conflict', { name: 'web', causes })
    const error = toApiError({ method: 'PATCH', target }, { ...answer, status: 409, body })
    expect(error.message).toBe(
      'PATCH deployments.apps "ns/web": HTTP 409 Conflict: Apply failed with 1 conflict',
    )
    expect(error).toMatchObject({ status: 409, reason: 'Conflict', causes })
  })

  test('tells nothing of what the server says about a Secret', () => {
    const secret = { group: '', version: 'v1', plural: 'secrets', namespace: 'ns', name: 's' }
    const causes = [{ reason: 'FieldValueInvalid', field: 'data[key]', message: 'Invalid value: "hunter2"' }]
    const body = statusOf(422, 'Invalid', 'Secret "s" is invalid: data: "hunter2"', { name: 's', causes })
    const error = toApiError({ method: 'PATCH', target: secret }, { ...answer, status: 422, body })
    expect(JSON.stringify([error.message, error.causes, error.cause])).not.toContain('hunter2')
    expect(error).toMatchObject({
      status: 422,
      reason: 'Invalid',
      causes: [{ field: 'data[key]', message: '' }],
    })
  })

  test('but names the kind of a refusal that no repetition helps', () => {
    const secret = { group: '', version: 'v1', plural: 'secrets', namespace: 'ns', name: 's' }
    const body = statusOf(500, '', 'failed to create typed patch object (ns/s): .data.p: hunter2')
    const { message } = toApiError({ method: 'PATCH', target: secret }, { ...answer, status: 500, body })
    expect(message).toContain('HTTP 500: failed to create typed patch object: ')
    expect(message).not.toContain('hunter2')
  })

  test('does not quote a body that is no status', () => {
    const html = { ...answer, status: 502, body: undefined, contentType: 'text/html' }
    expect(toApiError({ method: 'GET', target }, html).message).toBe(
      'GET deployments.apps "ns/web": HTTP 502, not a Kubernetes status (text/html)',
    )
  })

  test('a 404 that names no object is about the path', () => {
    const about = (body: ReturnType<typeof statusOf> | undefined): string =>
      toApiError({ method: 'GET', target }, { ...answer, status: 404, body }).reason
    expect(about(statusOf(404, 'NotFound', 'deployments "web" not found', { name: 'web' }))).toBe('NotFound')
    expect(about(statusOf(404, 'NotFound', 'the server could not find the requested resource'))).toBe(
      PATH_NOT_FOUND,
    )
    expect(about(undefined)).toBe(PATH_NOT_FOUND)
  })

  test('survives a status of the wrong shape', () => {
    const body = { kind: 'Status', message: 5, reason: null, details: { causes: [1, null, { field: 7 }] } }
    const error = toApiError({ method: 'GET', target }, { ...answer, status: 400, body })
    expect(error.causes).toEqual([{ reason: '', field: '', message: '' }])
  })
})

test('cleanText gives one line of bounded length', () => {
  expect(cleanText('a\r\nb\u001b[31m\u2028c')).toBe('a b [31m c')
  expect(cleanText('x'.repeat(5000))).toHaveLength(1024)
})
