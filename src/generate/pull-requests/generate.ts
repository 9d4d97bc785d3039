import type { JsonValue } from '../../lib/json.ts'
import type { PullRequestsSpec } from '../../api/types.ts'
import { AppError } from '../../errors.ts'
import type { HttpRequest, HttpResponse } from '../../ports.ts'
import { checkStatus, parseAnswer } from '../answer.ts'
import { readConfiguration } from '../configuration.ts'
import { atPath, generatorError } from '../errors.ts'
import type { Element, GenerateContext, Generation } from '../generator.ts'
import { DEFAULT_TIMEOUT_MS, hostOf } from '../request.ts'
import { createBitbucketServer } from './bitbucket-server.ts'
import type { EtagCache } from './etag-cache.ts'
import { ForgeAnswerError, type Ask, type Forge, type Page, type PullRequest } from './forge.ts'
import { createGitHub } from './github.ts'
import { createGitLab } from './gitlab.ts'
import { checkRateLimit } from './rate-limit.ts'

/** More open pull requests than anybody previews; a forge that never ends its list is cut here. */
const MAX_PAGES = 100

interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  readonly tls: HttpRequest['tls'] | undefined
}

/** A forge's answer before it is read. */
type Fetch = (url: string) => Promise<HttpResponse>

/** Lists all pages. A page after the first that fails leaves the listing incomplete. Throws AppError. */
export async function generateFromForge(
  spec: PullRequestsSpec,
  context: GenerateContext,
  cache: EtagCache,
): Promise<Generation> {
  const forge = createForge(spec, context)
  const credentials = await readCredentials(spec, context, forge)
  const fetch = createFetch(credentials, context, cache)
  const listing = await listPages(forge, fetch, context)
  const labels = spec.labels ?? []
  const warnings = [...listing.warnings]
  if (labels.length > 0 && forge.labelsWarning !== undefined) warnings.push(forge.labelsWarning)
  const elements = uniqueByNumber(listing.items)
    .filter((item) => labels.every((label) => item.labels.includes(label)))
    .filter((item) => spec.forks === true || !isFork(item, spec.repo))
    .map((item) => toElement(item, spec.repo))
  return { elements, complete: listing.warnings.length === 0, warnings }
}

function createForge(spec: PullRequestsSpec, context: GenerateContext): Forge {
  if (spec.driver === 'github') return createGitHub(spec.repo, spec.serverURL)
  if (spec.driver === 'gitlab') return createGitLab(spec)
  if (spec.serverURL === undefined || !spec.repo.includes('/'))
    throw generatorError(
      context.path,
      'stall',
      'bitbucketserver needs serverURL, and repo as PROJECT/slug',
      'InvalidSpec',
    )
  return createBitbucketServer(spec.repo, spec.serverURL)
}

/** The Secret has the token under `password`, as Flux has it, and maybe the forge's authority under `ca.crt` or `caFile`. */
async function readCredentials(
  spec: PullRequestsSpec,
  context: GenerateContext,
  forge: Forge,
): Promise<Credentials> {
  if (spec.secretRef === undefined) return { headers: {}, tls: undefined }
  const data = await readConfiguration(context, { kind: 'Secret', name: spec.secretRef.name })
  const token = data.get('password')?.trim()
  if (token === undefined || token === '')
    throw generatorError(
      `${context.path}.secretRef`,
      'stall',
      `Secret ${spec.secretRef.name} does not contain the key password`,
    )
  const ca = data.get('ca.crt') ?? data.get('caFile')
  return { headers: forge.authHeaders(token), tls: ca === undefined ? undefined : { ca } }
}

function createFetch(credentials: Credentials, context: GenerateContext, cache: EtagCache): Fetch {
  return async (url) => {
    const request: HttpRequest = {
      url,
      method: 'GET',
      headers: credentials.headers,
      timeoutMs: DEFAULT_TIMEOUT_MS,
      maxBytes: context.limits.maxResponseBytes,
      carriesSecret: Object.keys(credentials.headers).length > 0,
      ...(credentials.tls !== undefined && { tls: credentials.tls }),
    }
    return cache.ask(request, (asked) => sendOnce(asked, context))
  }
}

async function sendOnce(request: HttpRequest, context: GenerateContext): Promise<HttpResponse> {
  const response = await context.http.send(request, context.signal).catch((error: unknown) => {
    throw atPath(error, context.path)
  })
  const { url } = request
  checkRateLimit(response, { path: context.path, host: hostOf(url), nowMs: context.clock.nowMs() })
  return response
}

interface Listing {
  readonly items: readonly PullRequest[]
  readonly warnings: readonly string[]
}

async function listPages(forge: Forge, fetch: Fetch, context: GenerateContext): Promise<Listing> {
  const items: PullRequest[] = []
  let cursor: string | undefined = forge.firstPage
  for (let page = 1; cursor !== undefined; page++) {
    if (page > MAX_PAGES) return { items, warnings: [`the listing was cut after ${String(MAX_PAGES)} pages`] }
    const result: Page | AppError = await readPage(forge, cursor, { fetch, context }).catch(
      (error: unknown) => atPath(error, context.path),
    )
    if (result instanceof AppError) {
      if (page === 1) throw result
      return { items, warnings: [`page ${String(page)} of the listing failed: ${result.message}`] }
    }
    items.push(...result.items)
    cursor = result.next
  }
  return { items, warnings: [] }
}

async function readPage(
  forge: Forge,
  cursor: string,
  around: { fetch: Fetch; context: GenerateContext },
): Promise<Page> {
  const { fetch, context } = around
  const ask: Ask = async (url) => {
    const response = await fetch(url)
    return response.status === 404 ? undefined : readJson(response, url, context)
  }
  const url = forge.pageUrl(cursor)
  const response = await fetch(url)
  const answer = readJson(response, url, context)
  try {
    return await forge.readPage(answer, response, ask)
  } catch (error) {
    if (!(error instanceof ForgeAnswerError)) throw error
    throw generatorError(
      context.path,
      'retry',
      `the answer of ${hostOf(url)} cannot be read: ${error.message}`,
    )
  }
}

function readJson(response: HttpResponse, url: string, context: GenerateContext): JsonValue {
  const source = { path: context.path, host: hostOf(url), nowMs: context.clock.nowMs() }
  checkStatus(response, source)
  return parseAnswer(response, source)
}

/** A pull request can move to the next page while pages are read. */
function uniqueByNumber(items: readonly PullRequest[]): PullRequest[] {
  return [...new Map(items.map((item) => [item.number, item])).values()]
}

function toElement(item: PullRequest, repository: string): Element {
  return {
    Number: String(item.number),
    Branch: item.branch,
    HeadSHA: item.sha,
    CloneURL: item.cloneUrl,
    CloneSSHURL: item.cloneSshUrl,
    Fork: isFork(item, repository),
  }
}

/** Forges do not tell names apart by case. */
function isFork(item: PullRequest, repository: string): boolean {
  return item.repository.toLowerCase() !== repository.toLowerCase()
}
