import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_GROUPS } from '../../src/api/group.ts'
import { validateSet } from '../../src/api/validate.ts'
import type { ApiResponse } from '../stack/api.ts'
import { useCluster } from '../support/cluster.ts'

const cluster = useCluster()
let namespace = ''
let count = 0

beforeAll(async () => {
  namespace = await cluster.createNamespace('crd')
})
afterAll(async () => cluster.api.close())

function setWith(spec: unknown, apiVersion = 'sets.gitops.pro/v1alpha1') {
  return { apiVersion, kind: 'GitOpsSet', metadata: { name: `set-${count++}`, namespace }, spec }
}

const pathOf = (apiVersion: string) => `/apis/${apiVersion}/namespaces/${namespace}/gitopssets`

async function post(spec: unknown, query = ''): Promise<ApiResponse> {
  const set = setWith(spec)
  return cluster.api.request('POST', pathOf(set.apiVersion) + query, set)
}

/** What the API server says is wrong; empty where it took the set. */
async function refusal(spec: unknown): Promise<string> {
  const { status, body } = await post(spec, '?fieldValidation=Strict')
  return status < 300 ? '' : (body as { message: string }).message
}

const api = { endpoint: 'https://example.com', interval: '1h' }
const prometheus = { ...api, query: 'up' }
const generator = (entry: unknown) => ({ generators: [entry] })

describe('the API server', () => {
  const folder = new URL('../conformance/data/render/', import.meta.url)
  const recorded = readdirSync(folder).filter(
    (name) => existsSync(new URL(`${name}/want.yaml`, folder)) && !name.startsWith('cli-'),
  )

  it('takes every recorded set, and gives it back as it was', async () => {
    expect(recorded.length).toBeGreaterThan(60)
    for (const name of recorded) {
      const set = load(readFileSync(new URL(`${name}/set.yaml`, folder), 'utf8')) as ReturnType<typeof setWith>
      const path = pathOf(set.apiVersion)
      const metadata = { ...set.metadata, name: `${name}-${count++}`, namespace }
      const { status, body } = await cluster.api.request('POST', `${path}?fieldValidation=Strict`, { ...set, metadata })
      expect([name, status]).toEqual([name, 201])
      const { templates } = (body as typeof set).spec as { templates: unknown }
      expect([name, templates]).toEqual([name, (set.spec as { templates: unknown }).templates])
      expect([name, validateSet(body).kind]).toEqual([name, 'valid'])
    }
  })

  it.each(API_GROUPS.map((group) => group.apiVersion))('serves %s', async (apiVersion) => {
    const set = setWith({ suspend: true }, apiVersion)
    const created = await cluster.api.create(pathOf(apiVersion), set)
    expect(created).toMatchObject({ spec: { suspend: true } })
  })

  it('stores the method that the Go controller’s definition stores', async () => {
    const { body } = await post(generator({ apiClient: api }))
    expect(body).toMatchObject({ spec: { generators: [{ apiClient: { method: 'GET' } }] } })
  })

  it('takes the new fields', async () => {
    const spec = {
      engine: 'handlebars',
      mode: 'Plan',
      interval: '10m',
      conflicts: 'Skip',
      prune: { enabled: true, allowEmpty: false, maxPercent: 10 },
      deletionPolicy: 'Orphan',
      timeout: '1m30s',
      wait: true,
      dependsOn: [{ name: 'base', namespace: 'infra' }],
      generators: [
        {
          prometheus: {
            endpoint: 'https://mimir/prometheus',
            schedule: '0 4 * * *',
            timeZone: 'Europe/Berlin',
            queries: [
              { name: 'memory', query: 'a' },
              { name: 'cpu', query: 'b' },
            ],
            joinOn: ['namespace'],
            join: 'Left',
            window: '30d',
            minCoverage: '90%',
            maxAge: '10m',
            onEmpty: 'Fail',
            onWarnings: 'Accept',
          },
        },
        { apiClient: { ...api, body: [1, 'a', { b: null }], bodyFormat: 'Form', timeout: '5s' } },
        { matrix: { generators: [{ name: 'a', prometheus }, { list: { elements: [{ any: { thing: [1] } }] } }] } },
      ],
      templates: [{ when: '.Element.a', apply: 'Fields', content: { kind: 'X', deep: { any: [null, 1] } } }],
    }
    expect(await refusal(spec)).toBe('')
  })

  it.each([
    [generator({}), 'exactly one generator is needed'],
    [generator({ list: {}, cluster: {} }), 'exactly one generator is needed'],
    [generator({ matrix: { generators: [{ name: 'x' }] } }), 'exactly one generator is needed'],
    [generator({ matrix: { generators: [{ matrix: {} }] } }), 'unknown field'],
    [generator({ lists: {} }), 'unknown field'],
    [generator({ list: { elements: ['a'] } }), 'must be of type object'],
    [generator({ apiClient: { endpoint: 'https://x' } }), 'exactly one of interval and schedule is needed'],
    [generator({ apiClient: { ...api, schedule: '0 4 * * *' } }), 'exactly one of interval and schedule is needed'],
    [generator({ apiClient: { ...api, timeZone: 'UTC' } }), 'timeZone needs schedule'],
    [generator({ apiClient: { ...api, endpoint: 'ftp://x' } }), 'should match'],
    [generator({ apiClient: { ...api, method: 'PUT' } }), 'Unsupported value'],
    [generator({ pullRequests: { interval: '5m', driver: 'github', repo: 'a/b', serverURL: 'http://x' } }), 'should match'],
    [generator({ prometheus: { ...prometheus, queries: [] } }), 'exactly one of query and queries is needed'],
    [generator({ prometheus: { ...prometheus, minCoverage: '90%' } }), 'minCoverage needs window'],
    [{ interval: 'soon' }, 'should match'],
    [{ prune: { maxPercent: 101 } }, 'less than or equal to 100'],
    [{ templates: [{}] }, 'Required value'],
    [{ template: [] }, 'unknown field'],
  ])('refuses %j', async (spec, message) => {
    expect(await refusal(spec)).toContain(message)
  })

  it('leaves to us what would lock an old set out: durations that are none', async () => {
    const { body } = await post(generator({ apiClient: { ...api, interval: 'soon' } }))
    expect(validateSet(body)).toMatchObject({ kind: 'invalid' })
  })

  it('keeps status apart, and shows it in columns', async () => {
    const set = setWith({})
    const path = `${pathOf(set.apiVersion)}/${set.metadata.name}`
    await cluster.api.create(pathOf(set.apiVersion), set)
    await cluster.api.patch(`${path}/status`, {
      status: {
        objects: 3,
        nextEvaluation: '2026-01-02T03:04:05Z',
        conditions: [
          { type: 'Ready', status: 'True', reason: 'Ok', message: 'all is well', lastTransitionTime: '2026-01-01T00:00:00Z' },
        ],
        inventory: { entries: [{ id: 'team_web_apps_Deployment', v: 'v1' }] },
      },
    })
    const table = await tableOf(path)
    expect(table).toMatchObject({ Ready: 'True', Status: 'all is well', Objects: 3, Next: '2026-01-02T03:04:05Z' })
  })
})

async function tableOf(path: string): Promise<Record<string, unknown>> {
  const { apiServerUrl, ca, token } = cluster.access
  const response = await fetch(apiServerUrl + path, {
    dispatcher: new Agent({ connect: ca === undefined ? {} : { ca } }),
    headers: {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  })
  const table = (await response.json()) as {
    columnDefinitions: { name: string }[]
    rows: { cells: unknown[] }[]
  }
  return Object.fromEntries(
    table.columnDefinitions.map((column, index) => [column.name, table.rows[0]?.cells[index]]),
  )
}
