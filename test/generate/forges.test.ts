import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PullRequestsSpec } from '../../src/api/types.ts'
import { createHttpClient } from '../../src/http/client.ts'
import { build, builtinScopes, type BuildResult, type BuiltSet } from '../../src/pipeline.ts'
import { pem } from '../http/loopback-server.ts'
import { fakeArtifacts, fakeReader, fakeSet, fixedClock, NOW_MS, secret, silentLog } from './fakes.ts'
import { startForge, TOKEN, type Driver, type ForgeServer, type Pull } from './forge-server.ts'

const DRIVERS: readonly Driver[] = ['github', 'gitlab', 'bitbucketserver']
const CANARY = 'canary-body-51aa'

/** Of 250, every tenth comes from a fork, and every fifth has a label. */
const PULLS: readonly Pull[] = Array.from({ length: 250 }, (_, index) => ({
  number: index + 1,
  isFork: index % 10 === 3,
  labels: index % 5 === 0 ? ['preview', 'x'] : ['x'],
}))

const content = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'pr-{{ .Element.Number }}' },
  data: {
    from: '{{ .Element.Branch }}@{{ .Element.HeadSHA }}',
    url: '{{ .Element.CloneURL }} {{ .Element.CloneSSHURL }}',
    fork: '{{ .Element.Fork }}',
  },
}

const http = createHttpClient({ allowLoopback: true, retry: { maxAttempts: 2, baseMs: 1, maxMs: 1 } })
const reader = fakeReader([
  secret('forge', { password: `${TOKEN}\n`, 'ca.crt': pem('ca.crt') }),
  secret('stranger', { password: TOKEN, 'ca.crt': pem('other-ca.crt') }),
  secret('wrong', { password: 'canary-wrong-token', 'ca.crt': pem('ca.crt') }),
])

afterAll(() => http.close())

describe.each(DRIVERS)('%s over https', (driver) => {
  let forge: ForgeServer

  beforeEach(async () => {
    forge = await startForge(driver)
    forge.pulls = PULLS
  })
  afterEach(() => forge[Symbol.asyncDispose]())

  async function run(spec: Partial<PullRequestsSpec> = {}): Promise<BuildResult> {
    const pullRequests: PullRequestsSpec = {
      driver,
      repo: 'org/app',
      serverURL: forge.url,
      schedule: '0 5 * * *',
      secretRef: { name: 'forge' },
      ...spec,
    }
    const set = fakeSet([{ pullRequests }])
    const ports = { reader, http, artifacts: fakeArtifacts({}), clock: fixedClock(), log: silentLog }
    const result = await build(
      { ...set, spec: { ...set.spec, templates: [{ content }] } },
      { ...ports, scopes: builtinScopes },
    )
    expectNoCanary(result)
    return result
  }

  async function built(spec: Partial<PullRequestsSpec> = {}): Promise<BuiltSet> {
    const result = await run(spec)
    if (result.error !== undefined) throw result.error
    return result
  }

  it('gives 250 pull requests of all pages', async () => {
    const { objects, complete, warnings } = await built({ forks: true })
    expect(objects.map(({ object }) => object['data'])).toEqual(
      PULLS.map(({ number, isFork }) => dataOf(number, isFork)),
    )
    expect({ complete, warnings }).toEqual({ complete: true, warnings: [] })
  })

  it('leaves out forks where they are not wanted', async () => {
    expect((await built()).objects).toHaveLength(225)
  })

  it('gives those with all labels', async () => {
    const { objects, warnings } = await built({ labels: ['x', 'preview'] })
    const hasLabels = driver !== 'bitbucketserver'
    expect(objects).toHaveLength(hasLabels ? 50 : 0)
    expect(warnings).toHaveLength(hasLabels ? 0 : 1)
  })

  it('has nothing sent again that has not changed', async () => {
    const first = await built()
    const before = forge.requests.length
    let unchanged = 0
    forge.intercept = (_page, response) => {
      response.on('finish', () => (unchanged += response.statusCode === 304 ? 1 : 0))
      return false
    }
    const second = await built()
    expect(second.objects).toEqual(first.objects)
    expect(unchanged).toBe(forge.requests.length - before)
    forge.pulls = PULLS.slice(0, 120)
    expect((await built()).objects).toHaveLength(108)
  })

  it.each<[string, (response: ServerResponse) => void]>([
    ['a fault', (response) => void response.writeHead(500).end(CANARY)],
    ['a broken connection', (response) => void response.destroy()],
    ['HTML', (response) => void response.end(`<html>${CANARY}`)],
    ['something else', (response) => void response.end(JSON.stringify({ [CANARY]: CANARY }))],
    ['a redirect', (response) => void response.writeHead(302, { location: `/${CANARY}` }).end()],
  ])('removes nothing when the second page is %s', async (_what, fail) => {
    forge.intercept = (page, response) => {
      if (page !== 2) return false
      fail(response)
      return true
    }
    const { objects, complete, keep, outcomes } = await built()
    expect(objects).toHaveLength(90)
    expect(complete).toBe(false)
    expect(keep).toEqual([expect.stringMatching(/^page 2 of the listing failed: /)])
    expect(outcomes[0]).toMatchObject({ retryAfterMs: 6 * 60_000 })
  })

  it('waits until its rate limit starts anew', async () => {
    forge.intercept = (_page, response) => {
      const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW_MS / 1000 + 90) }
      response.writeHead(driver === 'github' ? 403 : 429, headers).end(CANARY)
      return true
    }
    const { error } = await run()
    expect(error).toMatchObject({ disposition: 'retry', retryAfterMs: 90_000 })
    expect(error?.message).toBe(`the rate limit of ${new URL(forge.url).host} is used up`)
  })

  it('gets no token where its certificate is not trusted', async () => {
    const { error } = await run({ secretRef: { name: 'stranger' } })
    expect(error?.message).toContain('its certificate is signed by an unknown authority')
    expect(forge.requests).toHaveLength(0)
  })

  it('stalls with a token that is refused', async () => {
    const { error } = await run({ secretRef: { name: 'wrong' } })
    expect(error).toMatchObject({ disposition: 'stall' })
    expect(error?.message).toContain('got 401 response from 127.0.0.1:')
  })
})

function dataOf(number: number, isFork: boolean): object {
  const name = isFork ? 'someone/app' : 'org/app'
  return {
    from: `topic-${number}@sha-${number}`,
    url: `https://forge/${name}.git git@forge:${name}.git`,
    fork: String(isFork),
  }
}

/** Whatever is said ends in status, events and logs. */
function expectNoCanary({ error, warnings, outcomes }: BuildResult): void {
  const said = [...warnings, ...outcomes.map((outcome) => outcome.error?.message)]
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    said.push(cause.message, cause.stack, JSON.stringify(Object.entries(cause)))
  expect(said.join('\n')).not.toContain('canary')
}
