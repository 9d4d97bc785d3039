import type { ServerResponse } from 'node:http'
import type { PullRequestsSpec } from '../../src/api/types.ts'
import { pem, startServer, type LoopbackServer, type ReceivedRequest } from '../http/loopback-server.ts'

export type Driver = PullRequestsSpec['driver']

/** A pull request as the test thinks of it; each forge writes it in its own way. */
export interface Pull {
  readonly number: number
  readonly isFork: boolean
  readonly labels: readonly string[]
}

export interface ForgeServer extends AsyncDisposable {
  readonly url: string
  readonly requests: LoopbackServer['requests']
  /** Answers this page in another way, for example with a fault. Pages count from 1. */
  intercept: (page: number, response: ServerResponse) => boolean
  pulls: readonly Pull[]
}

/** A page as a forge sends it. */
interface Listing {
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

export const TOKEN = 'canary-token-8c21'
const PAGE = 100
const REPOSITORY = 'org/app'
const FORK = 'someone/app'

/** Forges over https with paging, ETags and tokens, as their documentation describes them. */
export async function startForge(driver: Driver): Promise<ForgeServer> {
  const tls = { cert: pem('server.crt'), key: pem('server.key') }
  const server = await startServer((request, response) => answer(driver, forge, request, response), tls)
  const forge: ForgeServer = {
    url: `https://127.0.0.1:${server.port}`,
    requests: server.requests,
    intercept: () => false,
    pulls: [],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
  return forge
}

/** Tokens are where the forge expects them; whoever has none may not even know that the repository exists. */
const IS_ALLOWED: Readonly<Record<Driver, (request: ReceivedRequest) => boolean>> = {
  github: ({ headers }) => headers.authorization === `Bearer ${TOKEN}`,
  gitlab: ({ headers }) => headers['private-token'] === TOKEN,
  bitbucketserver: ({ headers }) => headers.authorization === `Bearer ${TOKEN}`,
}

const LIST: Readonly<Record<Driver, (url: URL, pulls: readonly Pull[]) => Listing | undefined>> = {
  github: (url, pulls) => {
    if (url.pathname !== `/api/v3/repos/${REPOSITORY}/pulls`) return undefined
    const page = Number(url.searchParams.get('page'))
    const link = `<https://elsewhere.example/?state=open&page=${page + 1}>; rel="next"`
    const hasNext = page * PAGE < pulls.length
    return { body: pageOf(pulls, page).map(toGitHub), headers: hasNext ? { link } : {} }
  },
  gitlab: (url, pulls) => {
    const project = /^\/api\/v4\/projects\/(\d)$/.exec(url.pathname)?.[1]
    if (project !== undefined)
      return { body: gitlabProject(project === '1' ? REPOSITORY : FORK), headers: {} }
    if (url.pathname !== `/api/v4/projects/${encodeURIComponent(REPOSITORY)}/merge_requests`) return undefined
    const wanted = url.searchParams.get('labels')?.split(',') ?? []
    const found = pulls.filter((pull) => wanted.every((label) => pull.labels.includes(label)))
    const page = Number(url.searchParams.get('page'))
    const next = page * PAGE < found.length ? String(page + 1) : ''
    return { body: pageOf(found, page).map(toGitLab), headers: { 'x-next-page': next } }
  },
  bitbucketserver: (url, pulls) => {
    if (url.pathname !== '/rest/api/1.0/projects/org/repos/app/pull-requests') return undefined
    const start = Number(url.searchParams.get('start'))
    const isLastPage = start + PAGE >= pulls.length
    const values = pulls.slice(start, start + PAGE).map(toBitbucket)
    return { body: { values, isLastPage, nextPageStart: isLastPage ? null : start + PAGE }, headers: {} }
  },
}

function answer(
  driver: Driver,
  forge: ForgeServer,
  request: ReceivedRequest,
  response: ServerResponse,
): void {
  const url = new URL(request.url, forge.url)
  if (!IS_ALLOWED[driver](request)) return void response.writeHead(401).end(TOKEN)
  const listing = LIST[driver](url, forge.pulls)
  if (listing === undefined) return void response.writeHead(404).end()
  const start = Number(url.searchParams.get('start') ?? 0)
  const page = url.searchParams.has('start') ? start / PAGE + 1 : Number(url.searchParams.get('page') ?? 0)
  if (forge.intercept(page, response)) return
  const body = JSON.stringify(listing.body)
  const etag = `W/"${driver}-${String(body.length)}-${String(forge.pulls.length)}"`
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end()
  response.writeHead(200, { ...listing.headers, etag, 'content-type': 'application/json' }).end(body)
}

function pageOf(pulls: readonly Pull[], page: number): readonly Pull[] {
  return pulls.slice((page - 1) * PAGE, page * PAGE)
}

function toGitHub({ number, isFork, labels }: Pull): object {
  const name = isFork ? FORK : REPOSITORY
  const repo = { full_name: name, clone_url: `https://forge/${name}.git`, ssh_url: `git@forge:${name}.git` }
  return {
    number,
    head: { ref: `topic-${number}`, sha: `sha-${number}`, repo },
    labels: labels.map((label) => ({ name: label })),
  }
}

function toGitLab({ number, isFork, labels }: Pull): object {
  return {
    iid: number,
    source_branch: `topic-${number}`,
    sha: `sha-${number}`,
    source_project_id: isFork ? 2 : 1,
    target_project_id: 1,
    labels,
  }
}

function gitlabProject(name: string): object {
  return {
    path_with_namespace: name,
    http_url_to_repo: `https://forge/${name}.git`,
    ssh_url_to_repo: `git@forge:${name}.git`,
  }
}

function toBitbucket({ number, isFork }: Pull): object {
  const name = isFork ? FORK : REPOSITORY
  const [key = '', slug = ''] = name.split('/')
  const clone = [
    { name: 'http', href: `https://forge/${name}.git` },
    { name: 'ssh', href: `git@forge:${name}.git` },
  ]
  return {
    id: number,
    fromRef: {
      id: `refs/heads/topic-${number}`,
      latestCommit: `sha-${number}`,
      repository: { slug, project: { key }, links: { clone } },
    },
  }
}
