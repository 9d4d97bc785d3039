import { describe, expect, it } from 'vitest'
import type { PullRequestsSpec } from '../../src/api/types.ts'
import { AppError } from '../../src/errors.ts'
import type { Generation, Generator } from '../../src/generate/generator.ts'
import { createPullRequestsGenerator } from '../../src/generate/pull-requests.ts'
import type { HttpRequest } from '../../src/ports.ts'
import { fakeContext, fakeHttp, fakeReader, NOW_MS, secret, type Answer } from './fakes.ts'

type Forge = (url: URL, request: HttpRequest) => Answer

async function list(
  spec: Partial<PullRequestsSpec>,
  forge: Forge,
  generator: Generator<PullRequestsSpec> = createPullRequestsGenerator(),
): Promise<{ generation: Generation; requests: HttpRequest[] }> {
  const http = fakeHttp((request) => forge(new URL(request.url), request))
  const reader = fakeReader([
    secret('token', { password: 'canary-token\n', 'ca.crt': 'CA' }),
    secret('other', { username: 'canary' }),
  ])
  const context = fakeContext({ http, reader, path: 'spec.generators[0].pullRequests' })
  const whole: PullRequestsSpec = { driver: 'github', repo: 'org/app', interval: '5m', ...spec }
  return { generation: await generator.generate(whole, context), requests: http.requests }
}

async function errorOf(spec: Partial<PullRequestsSpec>, forge: Forge): Promise<AppError> {
  const error: unknown = await list(spec, forge).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(AppError)
  expect((error as AppError).message).not.toContain('canary')
  return error as AppError
}

function numbers(generation: Generation): number[] {
  return generation.elements.map((element) => Number(element['Number']))
}

function githubPull(number: number, options: { from?: string | null; labels?: string[] } = {}): object {
  const name = options.from === undefined ? 'org/app' : options.from
  const repo = {
    full_name: name,
    clone_url: `https://github.com/${name}.git`,
    ssh_url: `git@github.com:${name}.git`,
  }
  return {
    number,
    head: { ref: `topic-${number}`, sha: `sha-${number}`, repo: name === null ? null : repo },
    labels: (options.labels ?? []).map((label) => ({ name: label })),
  }
}

/** GitHub's listing of `count` pull requests, 100 a page. */
function github(count: number, answer: (page: number) => Answer = () => ({})): Forge {
  return (url) => {
    const page = Number(url.searchParams.get('page'))
    const last = Math.max(1, Math.ceil(count / 100))
    const size = Math.min(100, count - (page - 1) * 100)
    const link =
      page < last
        ? `<https://evil.example/?page=${page + 1}>; rel="next", <https://x/?page=${last}>; rel="last"`
        : ''
    return {
      json: Array.from({ length: size }, (_, index) => githubPull((page - 1) * 100 + index + 1)),
      headers: { link },
      ...answer(page),
    }
  }
}

describe('github', () => {
  it('gives every pull request of every page', async () => {
    const { generation, requests } = await list({ secretRef: { name: 'token' } }, github(250))
    expect(numbers(generation)).toEqual(Array.from({ length: 250 }, (_, index) => index + 1))
    expect(generation).toMatchObject({ complete: true, warnings: [] })
    expect(generation.elements[0]).toEqual({
      Number: '1',
      Branch: 'topic-1',
      HeadSHA: 'sha-1',
      CloneURL: 'https://github.com/org/app.git',
      CloneSSHURL: 'git@github.com:org/app.git',
      Fork: false,
    })
    expect(requests.map((request) => request.url)).toEqual(
      [1, 2, 3].map(
        (page) => `https://api.github.com/repos/org/app/pulls?state=open&per_page=100&page=${page}`,
      ),
    )
    expect(requests[0]).toMatchObject({
      headers: { authorization: 'Bearer canary-token' },
      tls: { ca: 'CA' },
      carriesSecret: true,
    })
  })

  it.each([
    ['https://github.com', 'https://api.github.com/repos/'],
    ['https://ghe.example', 'https://ghe.example/api/v3/repos/'],
    ['https://ghe.example/api/v3/', 'https://ghe.example/api/v3/repos/'],
  ])('of %s has its API at %s', async (serverURL, prefix) => {
    const { requests } = await list({ serverURL }, github(1))
    expect(requests[0]?.url).toContain(prefix)
    expect(requests[0]).toMatchObject({ headers: {}, carriesSecret: false })
  })

  it('leaves out forks, unless they are wanted', async () => {
    const forge: Forge = () => ({
      json: [
        githubPull(1),
        githubPull(2, { from: 'someone/app' }),
        githubPull(3, { from: null }),
        githubPull(4, { from: 'Org/App' }),
      ],
    })
    expect(numbers((await list({}, forge)).generation)).toEqual([1, 4])
    const { generation } = await list({ forks: true }, forge)
    expect(generation.elements.map((element) => element['Fork'])).toEqual([false, true, true, false])
    expect(generation.elements[2]).toMatchObject({ CloneURL: '', Branch: 'topic-3' })
  })

  it('gives those that have all labels', async () => {
    const forge: Forge = () => ({
      json: [githubPull(1, { labels: ['a', 'b', 'c'] }), githubPull(2, { labels: ['a'] }), githubPull(3)],
    })
    expect(numbers((await list({ labels: ['a', 'b'] }, forge)).generation)).toEqual([1])
  })

  it('gives one that moved to another page while pages were read once', async () => {
    const forge: Forge = (url) =>
      url.searchParams.get('page') === '1'
        ? { json: [githubPull(1), githubPull(2)], headers: { link: '<https://x/?page=2>; rel="next"' } }
        : { json: [githubPull(2), githubPull(3)] }
    expect(numbers((await list({}, forge)).generation)).toEqual([1, 2, 3])
  })

  it.each<[string, Answer]>([
    ['500', { status: 500, body: 'canary' }],
    ['404', { status: 404 }],
    ['HTML', { body: '<html>canary' }],
    ['something else', { json: { message: 'canary' } }],
    ['the rate limit', { status: 403, headers: { 'x-ratelimit-remaining': '0' } }],
  ])('whose second page is %s is incomplete', async (_what, answer) => {
    const { generation } = await list(
      {},
      github(250, (page) => (page === 2 ? { json: undefined, ...answer } : {})),
    )
    expect(generation.elements).toHaveLength(100)
    expect(generation.complete).toBe(false)
    expect(generation.warnings[0]).toContain('page 2 of the listing failed')
    expect(generation.warnings[0]).not.toContain('canary')
  })

  it('that never ends is cut, and incomplete', async () => {
    const { generation, requests } = await list({}, github(100_000))
    expect(requests).toHaveLength(100)
    expect(generation).toMatchObject({ complete: false, warnings: ['the listing was cut after 100 pages'] })
  })

  it('that has nothing is complete', async () => {
    expect((await list({}, github(0))).generation).toMatchObject({ elements: [], complete: true })
  })

  it('is asked what has changed, and only that', async () => {
    const generator = createPullRequestsGenerator()
    const asked: (string | undefined)[] = []
    const forge: Forge = (_url, request) => {
      asked.push(request.headers?.['if-none-match'])
      return asked.length === 2
        ? { status: 304 }
        : { json: [githubPull(asked.length)], headers: { etag: `"${asked.length}"` } }
    }
    const results = []
    for (let count = 0; count < 4; count++) {
      const secretRef = count === 3 ? {} : { secretRef: { name: 'token' } }
      results.push(numbers((await list(secretRef, forge, generator)).generation))
    }
    expect(asked).toEqual([undefined, '"1"', '"1"', undefined])
    expect(results).toEqual([[1], [1], [3], [4]])
  })

  it.each<[Record<string, string>, number, number | undefined]>([
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW_MS / 1000 + 600) }, 403, 600_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999' }, 403, 3_600_000],
    [{ 'retry-after': '999999999' }, 429, 3_600_000],
    [{ 'retry-after': '60' }, 403, 60_000],
    [{ 'retry-after': '60' }, 429, 60_000],
    [{}, 429, undefined],
  ])('with its rate limit used up, %j, is asked later', async (headers, status, retryAfterMs) => {
    const error = await errorOf({ secretRef: { name: 'token' } }, () => ({ status, headers, body: 'canary' }))
    expect(error).toMatchObject({
      disposition: 'retry',
      message: 'the rate limit of api.github.com is used up',
    })
    expect(error.retryAfterMs).toBe(retryAfterMs)
  })

  it.each<[Partial<PullRequestsSpec>, Partial<AppError>]>([
    [{ secretRef: { name: 'missing' } }, { disposition: 'wait', message: 'Secret team/missing not found' }],
    [
      { secretRef: { name: 'other' } },
      { disposition: 'stall', message: 'Secret other does not contain the key password' },
    ],
    [{ driver: 'bitbucketserver', repo: 'P/app' }, { reason: 'InvalidSpec' }],
    [{ driver: 'bitbucketserver', repo: 'app', serverURL: 'https://b' }, { reason: 'InvalidSpec' }],
  ])('is not asked with %j', async (spec, expected) => {
    let asked = 0
    const error = await errorOf(spec, () => ({ json: [asked++] }))
    expect(error).toMatchObject(expected)
    expect(asked).toBe(0)
  })

  it.each([[7], [{ head: {} }], ['canary']])('that lists %j cannot be read', async (item) => {
    const error = await errorOf({}, () => ({ json: [item] }))
    expect(error.message).toContain('the answer of api.github.com cannot be read')
  })
})

describe('gitlab', () => {
  function mergeRequest(iid: number, source: number | null, labels: string[] = []): object {
    return {
      iid,
      source_branch: `b${iid}`,
      sha: `s${iid}`,
      source_project_id: source,
      target_project_id: 1,
      labels,
    }
  }

  const forge: Forge = (url) => {
    const project = /\/api\/v4\/projects\/(\d+)$/.exec(url.pathname)?.[1]
    if (project === '9') return { status: 404 }
    if (project !== undefined) {
      const name = project === '1' ? 'org/sub/app' : `user${project}/app`
      return {
        json: {
          path_with_namespace: name,
          http_url_to_repo: `https://gl/${name}.git`,
          ssh_url_to_repo: `git@gl:${name}.git`,
        },
      }
    }
    return url.searchParams.get('page') === '1'
      ? { json: [mergeRequest(1, 1, ['x']), mergeRequest(2, 7, ['x'])], headers: { 'x-next-page': '2' } }
      : {
          json: [mergeRequest(3, 9, ['x']), mergeRequest(4, null, ['x']), mergeRequest(5, 1)],
          headers: { 'x-next-page': '' },
        }
  }

  it('looks every project up once', async () => {
    const spec = { driver: 'gitlab' as const, repo: 'org/sub/app', secretRef: { name: 'token' }, forks: true }
    const { generation, requests } = await list(spec, forge)
    expect(generation.elements).toEqual([
      {
        Number: '1',
        Branch: 'b1',
        HeadSHA: 's1',
        CloneURL: 'https://gl/org/sub/app.git',
        CloneSSHURL: 'git@gl:org/sub/app.git',
        Fork: false,
      },
      {
        Number: '2',
        Branch: 'b2',
        HeadSHA: 's2',
        CloneURL: 'https://gl/user7/app.git',
        CloneSSHURL: 'git@gl:user7/app.git',
        Fork: true,
      },
      { Number: '3', Branch: 'b3', HeadSHA: 's3', CloneURL: '', CloneSSHURL: '', Fork: true },
      { Number: '4', Branch: 'b4', HeadSHA: 's4', CloneURL: '', CloneSSHURL: '', Fork: true },
      {
        Number: '5',
        Branch: 'b5',
        HeadSHA: 's5',
        CloneURL: 'https://gl/org/sub/app.git',
        CloneSSHURL: 'git@gl:org/sub/app.git',
        Fork: false,
      },
    ])
    expect(requests.map((request) => request.url.replace('https://gitlab.com/api/v4', ''))).toEqual([
      '/projects/org%2Fsub%2Fapp/merge_requests?state=opened&per_page=100&page=1',
      '/projects/1',
      '/projects/7',
      '/projects/org%2Fsub%2Fapp/merge_requests?state=opened&per_page=100&page=2',
      '/projects/9',
    ])
    expect(requests[0]?.headers).toEqual({ 'private-token': 'canary-token' })
  })

  it('asks for labels, and does not look forks up that are not wanted', async () => {
    const spec = {
      driver: 'gitlab' as const,
      repo: 'org/sub/app',
      labels: ['x'],
      serverURL: 'https://gl.example/sub/',
    }
    const { generation, requests } = await list(spec, forge)
    expect(numbers(generation)).toEqual([1])
    expect(requests).toHaveLength(3)
    expect(requests[0]?.url).toBe(
      'https://gl.example/sub/api/v4/projects/org%2Fsub%2Fapp/merge_requests?state=opened&per_page=100&labels=x&page=1',
    )
  })

  it('with a project that cannot be read now fails, or is incomplete', async () => {
    const broken: Forge = (url, request) =>
      /projects\/\d+$/.test(url.pathname) ? { status: 500 } : forge(url, request)
    const error = await errorOf({ driver: 'gitlab', repo: 'org/sub/app' }, broken)
    expect(error.message).toBe('got 500 response from gitlab.com (0 bytes)')
  })
})

describe('bitbucket server', () => {
  function pull(id: number, key: string): object {
    const clone = [
      { name: 'ssh', href: `ssh://git@bb/${key}/app.git` },
      { name: 'http', href: `https://bb/scm/${key}/app.git` },
    ]
    return {
      id,
      fromRef: {
        id: `refs/heads/feature/${id}`,
        latestCommit: `c${id}`,
        repository: { slug: 'app', project: { key }, links: { clone } },
      },
    }
  }

  const forge: Forge = (url) =>
    url.searchParams.get('start') === '0'
      ? { json: { values: [pull(1, 'ORG')], isLastPage: false, nextPageStart: 100 } }
      : { json: { values: [pull(2, '~USER')], isLastPage: true, nextPageStart: null } }

  const spec = {
    driver: 'bitbucketserver' as const,
    repo: 'ORG/app',
    serverURL: 'https://bb.example/git',
    secretRef: { name: 'token' },
  }

  it('gives every pull request of every page', async () => {
    const { generation, requests } = await list({ ...spec, forks: true }, forge)
    expect(generation.elements).toEqual([
      {
        Number: '1',
        Branch: 'feature/1',
        HeadSHA: 'c1',
        CloneURL: 'https://bb/scm/ORG/app.git',
        CloneSSHURL: 'ssh://git@bb/ORG/app.git',
        Fork: false,
      },
      {
        Number: '2',
        Branch: 'feature/2',
        HeadSHA: 'c2',
        CloneURL: 'https://bb/scm/~USER/app.git',
        CloneSSHURL: 'ssh://git@bb/~USER/app.git',
        Fork: true,
      },
    ])
    expect(requests.map((request) => request.url)).toEqual(
      [0, 100].map(
        (start) =>
          `https://bb.example/git/rest/api/1.0/projects/ORG/repos/app/pull-requests?state=OPEN&limit=100&start=${start}`,
      ),
    )
  })

  it('says that it has no labels', async () => {
    const { generation } = await list({ ...spec, labels: ['x'] }, forge)
    expect(generation).toMatchObject({
      elements: [],
      complete: true,
      warnings: ['Bitbucket Server has no labels on pull requests, so that none matches'],
    })
  })
})
