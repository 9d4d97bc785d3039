import { expect } from 'vitest'
import type { PrometheusSpec } from '../../src/api/types.ts'
import { AppError } from '../../src/errors.ts'
import type { Generation } from '../../src/generate/generator.ts'
import { prometheusGenerator } from '../../src/generate/prometheus.ts'
import type { HttpRequest } from '../../src/ports.ts'
import { fakeContext, fakeHttp, fakeReader, NOW_MS, secret, type Answer } from './fakes.ts'

export const NOW_S = NOW_MS / 1000

export type Item = [metric: Record<string, string>, value: string]

export function vector(...items: Item[]): Answer {
  return success(
    'vector',
    items.map(([metric, value]) => ({ metric, value: [NOW_S, value] })),
  )
}

export function success(resultType: string, result: unknown, extra: object = {}): Answer {
  return {
    json: { status: 'success', data: { resultType, result }, ...extra },
    headers: { 'content-type': 'application/json' },
  }
}

export function failure(status: number, errorType: string, error: string): Answer {
  return {
    status,
    json: { status: 'error', errorType, error },
    headers: { 'content-type': 'application/json' },
  }
}

export function formOf(request: HttpRequest): URLSearchParams {
  return new URLSearchParams(request.body ?? new URL(request.url).search)
}

/** Asks with a server that answers from the query's form. */
export async function generate(
  spec: Partial<PrometheusSpec>,
  answer: (form: URLSearchParams, request: HttpRequest, index: number) => Answer,
  objects = [secret('tenant', { 'X-Scope-OrgID': 'team-a' })],
): Promise<{ generation: Generation; requests: HttpRequest[] }> {
  const http = fakeHttp((request, index) => answer(formOf(request), request, index))
  const context = fakeContext({ http, reader: fakeReader(objects), path: 'spec.generators[0].prometheus' })
  const whole = {
    endpoint: 'http://prometheus:9090',
    interval: '24h',
    ...(spec.queries === undefined && { query: 'up' }),
    ...spec,
  }
  const generation = await prometheusGenerator.generate(whole, context)
  return { generation, requests: http.requests }
}

export async function errorOf(spec: Partial<PrometheusSpec>, answer: Answer): Promise<AppError> {
  const error: unknown = await generate(spec, () => answer).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}
