import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GeneratorEntry } from '../../src/api/types.ts'
import { ALL_GENERATORS } from '../../src/generate/entry.ts'
import { generateAll } from '../../src/generate/run.ts'
import { fakeContext, fakeHttp, fakeSet } from './fakes.ts'

const ENTRIES: GeneratorEntry[] = [
  { apiClient: { endpoint: 'http://a', interval: '1h' } },
  { apiClient: { endpoint: 'http://a', interval: '1h', singleElement: true } },
  { apiClient: { endpoint: 'http://a', interval: '1h', jsonPath: '{.data.result[*].metric}' } },
  { prometheus: { endpoint: 'http://p', interval: '1h', query: 'up', window: '30d', maxAge: '1h' } },
  { prometheus: { endpoint: 'http://p', interval: '1h', query: 'up', singleElement: true } },
  {
    prometheus: {
      endpoint: 'http://p',
      interval: '1h',
      queries: [
        { name: '__proto__', query: 'a' },
        { name: 'constructor', query: 'b' },
      ],
      join: 'Full',
    },
  },
  { pullRequests: { driver: 'github', repo: 'a/b', interval: '1h', forks: true } },
  { pullRequests: { driver: 'gitlab', repo: 'a/b', interval: '1h', forks: true } },
  {
    pullRequests: {
      driver: 'bitbucketserver',
      repo: 'a/b',
      serverURL: 'https://b',
      interval: '1h',
      forks: true,
    },
  },
]

const key = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'a', '', 'ż')
const scalar = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, '', 'NaN', '1e5', 'vector', 'success'),
  fc.string(),
  fc.double(),
)
const json = fc.oneof(scalar, fc.jsonValue({ maxDepth: 3 }), fc.dictionary(key, scalar))
const list = fc.array(json, { maxLength: 4 })

/** Answers that are right in parts, so that what comes after the first check is reached. */
const vector = fc.record({
  status: fc.constantFrom<unknown>('success', 'error', 1),
  data: fc.oneof(
    json,
    fc.record({
      resultType: fc.constantFrom('vector', 'vector', 'matrix'),
      result: fc.oneof(
        json,
        fc.array(
          fc.record({
            metric: fc.oneof(fc.dictionary(key, fc.string()), json),
            value: fc.oneof(
              fc.tuple(fc.double({ noNaN: true }), fc.constantFrom('1', '2.5', 'NaN', '')),
              json,
            ),
          }),
          { maxLength: 4 },
        ),
      ),
    }),
  ),
  warnings: json,
  error: json,
})
const branch = fc.oneof(
  json,
  fc.record({
    ref: json,
    id: json,
    repo: json,
    repository: fc.oneof(json, fc.record({ project: json, links: json })),
  }),
)
const pull = fc.record({
  number: fc.oneof(fc.integer(), json),
  iid: fc.oneof(fc.integer(), json),
  id: fc.oneof(fc.integer(), json),
  source_project_id: fc.oneof(fc.integer(), json),
  target_project_id: fc.oneof(fc.integer(), json),
  head: branch,
  fromRef: branch,
  labels: fc.oneof(json, list),
})
const pulls = fc.array(pull, { maxLength: 3 })
const page = fc.record({ values: fc.oneof(json, pulls), isLastPage: json, nextPageStart: json })

describe('whatever a server answers', () => {
  it('each entry ends with elements or with an error that says something', async () => {
    const answers = fc.oneof(json, vector, pulls, page)
    const headers = fc.dictionary(
      fc.constantFrom('link', 'x-next-page', 'retry-after', 'etag', 'content-type'),
      fc.string(),
    )
    const status = fc.constantFrom(200, 200, 200, 204, 304, 403, 500)
    await fc.assert(
      fc.asyncProperty(answers, headers, status, async (answer, headers, status) => {
        const http = fakeHttp(() => ({ status, headers, body: JSON.stringify(answer) ?? '' }))
        const outcomes = await generateAll(fakeSet(ENTRIES), fakeContext({ http }), {
          enabled: ALL_GENERATORS,
        })
        for (const outcome of outcomes) {
          if (outcome.error !== undefined) expect(outcome.error.message).not.toContain('unexpected')
          for (const element of outcome.generation?.elements ?? [])
            expect(Object.getPrototypeOf(element)).toBe(Object.prototype)
        }
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('is never executed, and never more than its limit', async () => {
    const many = Array.from({ length: 10_001 }, (_, index) => ({
      metric: { index: String(index) },
      value: [1, '1'],
    }))
    const json = { status: 'success', data: { resultType: 'vector', result: many } }
    const http = fakeHttp(() => ({ json }))
    const entry = {
      prometheus: { endpoint: 'http://p', interval: '1h', query: 'up', window: '30d', maxAge: '1h' },
    }
    const [outcome] = await generateAll(fakeSet([entry]), fakeContext({ http }), { enabled: ALL_GENERATORS })
    expect(outcome?.error?.message).toBe('10001 elements, more than the limit of 10000')
  })
})
