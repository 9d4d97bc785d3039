import { expect, it } from 'vitest'
import { createEtagCache, type EtagCache } from '../../src/generate/pull-requests/etag-cache.ts'
import type { HttpRequest, HttpResponse } from '../../src/ports.ts'

function requestFor(page: number): HttpRequest {
  const url = `https://forge.example/?page=${page}`
  return { url, method: 'GET', timeoutMs: 1, maxBytes: 1, carriesSecret: false }
}

function answerWith(etag: string, body: string): HttpResponse {
  return { status: 200, headers: { etag }, body }
}

/** What the cache sends to ask for a page, and what comes of `answer`. */
async function ask(
  cache: EtagCache,
  page: number,
  answer: HttpResponse,
): Promise<{ condition: string | undefined; body: string }> {
  let condition: string | undefined
  const { body } = await cache.ask(requestFor(page), (request) => {
    condition = request.headers?.['if-none-match']
    return Promise.resolve(answer)
  })
  return { condition, body }
}

const UNCHANGED: HttpResponse = { status: 304, headers: {}, body: '' }

it('keeps the answers that were of use last', async () => {
  const cache = createEtagCache()
  for (let page = 0; page < 500; page++) await ask(cache, page, answerWith(`"${page}"`, `page ${page}`))
  expect(await ask(cache, 0, UNCHANGED)).toEqual({ condition: '"0"', body: 'page 0' })
  await ask(cache, 500, answerWith('"500"', 'page 500'))
  expect(await ask(cache, 0, UNCHANGED)).toEqual({ condition: '"0"', body: 'page 0' })
  expect(await ask(cache, 1, answerWith('"new"', 'new'))).toEqual({ condition: undefined, body: 'new' })
})

it('keeps no more than it may', async () => {
  const cache = createEtagCache()
  const large = 'x'.repeat(6 * 1024 * 1024)
  for (let page = 0; page < 3; page++) await ask(cache, page, answerWith('"a"', large))
  expect((await ask(cache, 0, answerWith('"a"', ''))).condition).toBeUndefined()
  expect((await ask(cache, 2, UNCHANGED)).body).toBe(large)
})

it('has the answer at hand although it was dropped while the forge was asked', async () => {
  const cache = createEtagCache()
  await ask(cache, 0, answerWith('"0"', 'page 0'))
  const response = await cache.ask(requestFor(0), async () => {
    for (let page = 1; page <= 500; page++) await ask(cache, page, answerWith('"x"', ''))
    return UNCHANGED
  })
  expect(response.body).toBe('page 0')
})
