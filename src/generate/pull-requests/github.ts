import { isJsonObject, mapField, stringField } from '../../lib/json.ts'
import type { JsonObject, JsonValue } from '../../lib/json.ts'
import { ForgeAnswerError, type Forge, type PullRequest } from './forge.ts'
import { listOf, numberField } from './json-fields.ts'

const PUBLIC_API = 'https://api.github.com'
const PUBLIC_HOSTS = ['github.com', 'www.github.com', 'api.github.com']

/** GitHub's REST API. `serverUrl` of an Enterprise Server is its web address, or its API's. */
export function createGitHub(repository: string, serverUrl: string | undefined): Forge {
  const pulls = `${apiUrl(serverUrl)}/repos/${repository.split('/').map(encodeURIComponent).join('/')}/pulls`
  return {
    firstPage: '1',
    pageUrl: (page) => `${pulls}?state=open&per_page=100&page=${page}`,
    authHeaders: (token) => ({ authorization: `Bearer ${token}` }),
    readPage(answer, response) {
      const items = listOf(answer).map(toPullRequest)
      return Promise.resolve({ items, next: nextPage(response.headers['link']) })
    },
  }
}

function apiUrl(serverUrl: string | undefined): string {
  if (serverUrl === undefined) return PUBLIC_API
  const url = new URL(serverUrl)
  if (PUBLIC_HOSTS.includes(url.hostname)) return PUBLIC_API
  const path = url.pathname.replace(/\/+$/, '')
  return `${url.origin}${path.endsWith('/api/v3') ? path : `${path}/api/v3`}`
}

/** Only the number: the address in the header is not followed, since the token goes with every request. */
function nextPage(link: string | undefined): string | undefined {
  for (const part of (link ?? '').split(',')) {
    const match = /<[^>]*[?&]page=(\d{1,9})[^>]*>\s*;\s*rel="next"/.exec(part)
    if (match !== null) return match[1]
  }
  return undefined
}

function toPullRequest(item: JsonValue): PullRequest {
  if (!isJsonObject(item)) throw new ForgeAnswerError('a pull request is not an object')
  const head = mapField(item, 'head')
  const repository = mapField(head, 'repo')
  return {
    number: numberField(item, 'number'),
    branch: stringField(head, 'ref'),
    sha: stringField(head, 'sha'),
    cloneUrl: stringField(repository, 'clone_url'),
    cloneSshUrl: stringField(repository, 'ssh_url'),
    repository: stringField(repository, 'full_name'),
    labels: labelNames(item),
  }
}

function labelNames(item: JsonObject): string[] {
  const labels = Object.hasOwn(item, 'labels') ? item['labels'] : []
  if (!Array.isArray(labels)) return []
  return labels.filter(isJsonObject).map((label) => stringField(label, 'name'))
}
