import { findField, isJsonObject, stringField } from '../../lib/json.ts'
import type { JsonValue } from '../../lib/json.ts'
import type { PullRequestsSpec } from '../../api/types.ts'
import { ForgeAnswerError, type Ask, type Forge, type PullRequest } from './forge.ts'
import { listOf, numberField } from './json-fields.ts'

const PUBLIC_SERVER = 'https://gitlab.com'

interface Project {
  readonly name: string
  readonly cloneUrl: string
  readonly cloneSshUrl: string
}

const HIDDEN: Project = { name: '', cloneUrl: '', cloneSshUrl: '' }

/** GitLab's REST API, version 4. Merge requests name projects by number only, so each project is looked up once. */
export function createGitLab(spec: PullRequestsSpec): Forge {
  const api = `${(spec.serverURL ?? PUBLIC_SERVER).replace(/\/+$/, '')}/api/v4`
  const filter = new URLSearchParams({ state: 'opened', per_page: '100' })
  if (spec.labels !== undefined && spec.labels.length > 0) filter.set('labels', spec.labels.join(','))
  const list = `${api}/projects/${encodeURIComponent(spec.repo)}/merge_requests?${filter.toString()}`
  const projects = new Map<number, Promise<Project>>()

  function projectOf(id: number, ask: Ask): Promise<Project> {
    const known = projects.get(id) ?? lookUp(`${api}/projects/${String(id)}`, ask)
    projects.set(id, known)
    return known
  }

  async function toPullRequest(item: JsonValue, ask: Ask): Promise<PullRequest> {
    if (!isJsonObject(item)) throw new ForgeAnswerError('a merge request is not an object')
    const source = findField(item, 'source_project_id')
    const isFork = source !== numberField(item, 'target_project_id')
    const isWanted = typeof source === 'number' && (!isFork || spec.forks === true)
    const project = isWanted ? await projectOf(source, ask) : HIDDEN
    return {
      number: numberField(item, 'iid'),
      branch: stringField(item, 'source_branch'),
      sha: stringField(item, 'sha'),
      cloneUrl: project.cloneUrl,
      cloneSshUrl: project.cloneSshUrl,
      // A project may have moved since the entry was written: its number decides what is a fork.
      repository: isFork ? project.name : spec.repo,
      labels: labelsOf(findField(item, 'labels')),
    }
  }

  return {
    firstPage: '1',
    pageUrl: (page) => `${list}&page=${page}`,
    authHeaders: (token) => ({ 'private-token': token }),
    async readPage(answer, response, ask) {
      const items: PullRequest[] = []
      for (const item of listOf(answer)) items.push(await toPullRequest(item, ask))
      const next = /^\d{1,9}$/.exec(response.headers['x-next-page'] ?? '')
      return { items, next: next?.[0] }
    },
  }
}

/** A project that may not be seen is one without addresses. */
async function lookUp(url: string, ask: Ask): Promise<Project> {
  const project = await ask(url)
  if (!isJsonObject(project)) return HIDDEN
  return {
    name: stringField(project, 'path_with_namespace'),
    cloneUrl: stringField(project, 'http_url_to_repo'),
    cloneSshUrl: stringField(project, 'ssh_url_to_repo'),
  }
}

function labelsOf(labels: JsonValue | undefined): string[] {
  return Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : []
}
