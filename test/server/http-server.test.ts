import { describe, expect, it } from 'vitest'
import { servePages } from '../../src/server/http-server.ts'
import { healthPages } from '../../src/server/health.ts'
import { FakeClock } from '../support/fake-clock.ts'

const page = (status: number, body: string) => async () => ({ status, contentType: 'text/plain', body })

async function serve(
  pages: Parameters<typeof servePages>[1],
): Promise<{ url: string; abort: AbortController }> {
  const abort = new AbortController()
  const port = await servePages('127.0.0.1:0', pages, abort.signal)
  return { url: `http://127.0.0.1:${String(port)}`, abort }
}

describe('the pages', () => {
  it('are served by their exact path, whatever the query', async () => {
    const { url, abort } = await serve({ '/a': page(200, 'here') })
    expect(await (await fetch(`${url}/a?x=1`)).text()).toBe('here')
    for (const path of ['/', '/a/', '/b', '/__proto__', '/constructor']) {
      expect((await fetch(url + path)).status).toBe(404)
    }
    abort.abort()
  })

  it('that fail say no more than that', async () => {
    const { url, abort } = await serve({ '/a': () => Promise.reject(new Error('hunter2')) })
    const response = await fetch(`${url}/a`)
    expect([response.status, await response.text()]).toEqual([500, 'internal error\n'])
    abort.abort()
  })

  it('go with the process', async () => {
    const { url, abort } = await serve({ '/a': page(200, '') })
    abort.abort()
    await expect(fetch(`${url}/a`)).rejects.toThrow()
  })

  it.each(['', '0'])('are not served at %j', async (address) => {
    expect(await servePages(address, {}, new AbortController().signal)).toBeUndefined()
  })

  it.each(['8080', 'localhost', ':99999', 'a:b:c', '::1:80'])('%j is no address', async (address) => {
    await expect(servePages(address, {}, new AbortController().signal)).rejects.toMatchObject({
      reason: 'InvalidSpec',
    })
  })

  it('say so where the address is taken', async () => {
    const { url, abort } = await serve({})
    const address = url.slice('http://'.length)
    await expect(servePages(address, {}, abort.signal)).rejects.toThrow(/cannot listen on port \d+/)
    abort.abort()
  })
})

describe('health', () => {
  function newPages(state: { synced: boolean; fresh: boolean }) {
    const clock = new FakeClock()
    const pages = healthPages({ clock, isSynced: () => state.synced, isFresh: () => state.fresh })
    const statusOf = async (path: string): Promise<number | undefined> => (await pages[path]?.())?.status
    return { clock, statusOf }
  }

  it('is ready once every set has been seen', async () => {
    const state = { synced: false, fresh: false }
    const { statusOf } = newPages(state)
    expect([await statusOf('/readyz'), await statusOf('/healthz')]).toEqual([503, 200])
    state.synced = true
    expect(await statusOf('/readyz')).toBe(200)
  })

  it('is lost only when watches are stale for long', async () => {
    const state = { synced: true, fresh: true }
    const { clock, statusOf } = newPages(state)
    expect(await statusOf('/healthz')).toBe(200)
    state.fresh = false
    await clock.advance(9 * 60_000)
    expect(await statusOf('/healthz')).toBe(200)
    await clock.advance(2 * 60_000)
    expect(await statusOf('/healthz')).toBe(503)
    state.fresh = true
    expect(await statusOf('/healthz')).toBe(200)
  })
})
