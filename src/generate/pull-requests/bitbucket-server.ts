import { findField, isJsonObject, mapField, stringField } from '../../lib/json.ts'
import type { JsonObject, JsonValue } from '../../lib/json.ts'
import { ForgeAnswerError, type Forge, type PullRequest } from './forge.ts'
import { listOf, numberField } from './json-fields.ts'

/** Bitbucket Server's and Data Center's REST API. `repository` is `PROJECT/slug`. */
export function createBitbucketServer(repository: string, serverUrl: string): Forge {
  const slash = repository.indexOf('/')
  const project = encodeURIComponent(repository.slice(0, slash))
  const slug = encodeURIComponent(repository.slice(slash + 1))
  const base = `${serverUrl.replace(/\/+$/, '')}/rest/api/1.0/projects/${project}/repos/${slug}/pull-requests`
  return {
    firstPage: '0',
    pageUrl: (start) => `${base}?state=OPEN&limit=100&start=${start}`,
    authHeaders: (token) => ({ authorization: `Bearer ${token}` }),
    readPage(answer) {
      if (!isJsonObject(answer)) throw new ForgeAnswerError('the answer is not a page')
      const items = listOf(findField(answer, 'values')).map(toPullRequest)
      return Promise.resolve({ items, next: nextStart(answer) })
    },
    labelsWarning: 'Bitbucket Server has no labels on pull requests, so that none matches',
  }
}

function nextStart(page: JsonObject): string | undefined {
  const start = findField(page, 'nextPageStart')
  const isLast = findField(page, 'isLastPage') !== false
  return isLast || typeof start !== 'number' || !Number.isSafeInteger(start) ? undefined : String(start)
}

function toPullRequest(item: JsonValue): PullRequest {
  if (!isJsonObject(item)) throw new ForgeAnswerError('a pull request is not an object')
  const from = mapField(item, 'fromRef')
  const repository = mapField(from, 'repository')
  const project = stringField(mapField(repository, 'project'), 'key')
  return {
    number: numberField(item, 'id'),
    branch: stringField(from, 'id').replace(/^refs\/heads\//, ''),
    sha: stringField(from, 'latestCommit'),
    cloneUrl: cloneLink(repository, 'http'),
    cloneSshUrl: cloneLink(repository, 'ssh'),
    repository: `${project}/${stringField(repository, 'slug')}`,
    labels: [],
  }
}

function cloneLink(repository: JsonObject, name: string): string {
  const links = findField(mapField(repository, 'links'), 'clone')
  const found = Array.isArray(links)
    ? links.filter(isJsonObject).find((link) => stringField(link, 'name') === name)
    : undefined
  return found === undefined ? '' : stringField(found, 'href')
}
