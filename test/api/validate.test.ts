import { readdirSync, readFileSync, existsSync } from 'node:fs'
import * as fc from 'fast-check'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { formatFinding, formatFindings, validateSet } from '../../src/api/validate.ts'

const minimal = {
  apiVersion: 'sets.gitops.pro/v1alpha1',
  kind: 'GitOpsSet',
  metadata: { name: 'demo', namespace: 'team' },
}

const withSpec = (spec: unknown) => validateSet({ ...minimal, spec })
const withGenerator = (generator: unknown) => withSpec({ generators: [generator] })

function problems(validation: ReturnType<typeof validateSet>): string[] {
  return validation.kind === 'valid' ? [] : validation.findings.map(formatFinding)
}

const apiClient = (fields: object) => ({ apiClient: { endpoint: 'https://x', interval: '1h', ...fields } })
const prometheus = (fields: object) => ({
  prometheus: { endpoint: 'https://x', interval: '1h', query: 'up', ...fields },
})

describe('validateSet', () => {
  it('keeps what is right', () => {
    const spec = {
      interval: '10m',
      dependsOn: [{ name: 'base', namespace: 'infra' }],
      generators: [{ list: { elements: [{ a: 1 }] } }, apiClient({ body: null, jsonPath: '{.items}' })],
      templates: [{ repeat: '{.items}', content: { kind: 'X', n: null }, when: '.Element.a' }],
    }
    expect(validateSet({ ...minimal, spec })).toEqual({ kind: 'valid', set: { ...minimal, spec } })
  })

  it('takes null and empty texts for absent, as Go does', () => {
    const result = withSpec({
      serviceAccountName: '',
      generators: [{ list: { elements: null } }, apiClient({ jsonPath: '', secretRef: null })],
    })
    expect(result).toMatchObject({ set: { spec: { generators: [{ list: {} }, apiClient({})] } } })
    expect(result).not.toHaveProperty('set.spec.serviceAccountName')
  })

  it('takes both groups and no other', () => {
    expect(problems(validateSet({ ...minimal, apiVersion: 'templates.weave.works/v1alpha1' }))).toEqual([])
    expect(problems(validateSet({ ...minimal, apiVersion: 'sets.gitops.pro/v1' }))).toEqual([
      'apiVersion: must be sets.gitops.pro/v1alpha1 or templates.weave.works/v1alpha1',
    ])
  })

  const generator = 'spec.generators[0]'
  it.each([
    [{}, `${generator}: exactly one generator is needed`],
    [{ list: null }, `${generator}: exactly one generator is needed`],
    [{ list: {}, cluster: {} }, `${generator}: exactly one generator is needed`],
    [{ lists: {} }, `${generator}.lists: unknown generator "lists"; did you mean list?`],
    [{ inventory: {} }, `${generator}.inventory: unknown generator "inventory"`],
    [{ list: { elments: [] } }, `${generator}.list.elments: unknown field "elments"; did you mean elements?`],
    [{ list: { elements: ['a'] } }, `${generator}.list.elements[0]: must be an object, not a string`],
    [{ list: { elements: {} } }, `${generator}.list.elements: must be a list, not an object`],
    [{ list: [] }, `${generator}.list: must be an object, not a list`],
    [{ apiClient: { interval: '1h' } }, `${generator}.apiClient: endpoint is required`],
    [
      { apiClient: { endpoint: 'https://x' } },
      `${generator}.apiClient: exactly one of interval and schedule is needed`,
    ],
    [
      apiClient({ schedule: '0 4 * * *' }),
      `${generator}.apiClient: exactly one of interval and schedule is needed`,
    ],
    [apiClient({ timeZone: 'UTC' }), `${generator}.apiClient.timeZone: timeZone needs schedule`],
    [
      apiClient({ interval: 'soon' }),
      `${generator}.apiClient.interval: "soon" is not a duration, such as 30s, 10m or 24h`,
    ],
    [apiClient({ interval: '1s' }), `${generator}.apiClient.interval: "1s" is shorter than 5s`],
    [apiClient({ interval: 60 }), `${generator}.apiClient.interval: must be a string, not a number`],
    [
      apiClient({ interval: undefined, schedule: '0 25 * * *' }),
      `${generator}.apiClient.schedule: not a cron schedule: Constraint error, got value 25 expected range 0-23`,
    ],
    [
      apiClient({ interval: undefined, schedule: '0 4 * * *', timeZone: 'Berlin' }),
      `${generator}.apiClient.timeZone: "Berlin" is not an IANA time zone, such as Europe/Berlin`,
    ],
    [
      apiClient({ endpoint: 'ftp://x' }),
      `${generator}.apiClient.endpoint: must start with http:// or https://`,
    ],
    [apiClient({ endpoint: 'http://' }), `${generator}.apiClient.endpoint: is not a URL`],
    [
      apiClient({ endpoint: 'http://a b' }),
      `${generator}.apiClient.endpoint: must not contain spaces or control characters`,
    ],
    [
      apiClient({ endpoint: 'https://me:hunter2@x' }),
      `${generator}.apiClient.endpoint: must not contain a user or password; use headersRef`,
    ],
    [
      apiClient({ endpoint: 'https://@x' }),
      `${generator}.apiClient.endpoint: must not contain a user or password; use headersRef`,
    ],
    [apiClient({ method: 'PUT' }), `${generator}.apiClient.method: "PUT" is none of GET, POST`],
    [
      apiClient({ method: 'get' }),
      `${generator}.apiClient.method: "get" is none of GET, POST; did you mean GET?`,
    ],
    [
      apiClient({ jsonPath: '{.items' }),
      `${generator}.apiClient.jsonPath: JSONPath "{.items": unclosed action: a closing brace is missing`,
    ],
    [
      apiClient({ jsonPath: '.items' }),
      `${generator}.apiClient.jsonPath: ".items" has no path in braces, such as {.items}`,
    ],
    [
      apiClient({ headersRef: { kind: 'Pod', name: 'x' } }),
      `${generator}.apiClient.headersRef.kind: "Pod" is none of Secret, ConfigMap`,
    ],
    [
      apiClient({ secretRef: { name: '../x' } }),
      `${generator}.apiClient.secretRef.name: "../x" is not an object’s name`,
    ],
    [
      apiClient({ bodyFormat: 'Form', body: [1] }),
      `${generator}.apiClient.body: bodyFormat Form needs an object of texts, numbers and booleans`,
    ],
    [apiClient({ timeout: '0s' }), `${generator}.apiClient.timeout: "0s" is shorter than 1ms`],
    [prometheus({ query: undefined }), `${generator}.prometheus: exactly one of query and queries is needed`],
    [
      prometheus({ query: 'sum(rate(x[5m])' }),
      `${generator}.prometheus.query: PromQL: ) is missing at the end`,
    ],
    [prometheus({ query: '# nothing' }), `${generator}.prometheus.query: PromQL: the query is empty`],
    [
      prometheus({ query: 'x{a="b}' }),
      `${generator}.prometheus.query: PromQL: the quote at character 5 is not closed`,
    ],
    [
      prometheus({ query: 'x[5m)' }),
      `${generator}.prometheus.query: PromQL: the ) at character 5 closes nothing`,
    ],
    [
      prometheus({ window: 'month' }),
      `${generator}.prometheus.window: "month" is not a Prometheus duration, such as 30d or 1h30m`,
    ],
    [
      prometheus({ window: '30d', minCoverage: '120%' }),
      `${generator}.prometheus.minCoverage: "120%" is not a share between 0% and 100%`,
    ],
    [prometheus({ minCoverage: '90%' }), `${generator}.prometheus.minCoverage: minCoverage needs window`],
    [
      prometheus({
        query: undefined,
        queries: [
          { name: 'a', query: 'x' },
          { name: 'a', query: 'y' },
        ],
      }),
      `${generator}.prometheus.queries[1].name: "a" names an earlier query already`,
    ],
    [
      { pullRequests: { interval: '5m', driver: 'gitea', repo: 'a/b' } },
      `${generator}.pullRequests.driver: "gitea" is none of github, gitlab, bitbucketserver`,
    ],
    [
      { pullRequests: { interval: '5m', driver: 'github', repo: 'a/b', serverURL: 'http://x' } },
      `${generator}.pullRequests.serverURL: must start with https://`,
    ],
    [
      { cluster: { selector: { matchExpressions: [{ key: 'a', operator: 'in', values: ['b'] }] } } },
      `${generator}.cluster.selector: "in" is not a label selector operator (In, NotIn, Exists or DoesNotExist)`,
    ],
    [{ gitRepository: {} }, `${generator}.gitRepository: repositoryRef is required`],
    [
      { matrix: { generators: [{ matrix: {} }] } },
      `${generator}.matrix.generators[0].matrix: unknown generator "matrix"`,
    ],
    [
      { matrix: { generators: [{ name: 'x' }] } },
      `${generator}.matrix.generators[0]: exactly one generator is needed`,
    ],
  ])('refuses the generator %j', (entry, problem) => {
    expect(problems(withGenerator(entry))).toEqual([problem])
  })

  it.each([
    [{ generators: {} }, 'spec.generators: must be a list, not an object'],
    [{ template: [] }, 'spec.template: unknown field "template"; did you mean templates?'],
    [{ templates: [{}] }, 'spec.templates[0]: content is required'],
    [{ templates: [{ content: 'x' }] }, 'spec.templates[0].content: must be an object, not a string'],
    [
      { templates: [{ content: {}, repeat: 'items' }] },
      'spec.templates[0].repeat: "items" has no path in braces, such as {.items}',
    ],
    [{ suspend: 'yes' }, 'spec.suspend: must be true or false, not a string'],
    [{ interval: '1d' }, 'spec.interval: "1d" is not a duration, such as 30s, 10m or 24h'],
    [{ prune: { maxPercent: 130 } }, 'spec.prune.maxPercent: 130 is not between 0 and 100'],
    [{ prune: { maxPercent: 1.5 } }, 'spec.prune.maxPercent: must be an integer, not a number'],
    [{ serviceAccountName: 'a b' }, 'spec.serviceAccountName: "a b" is not an object’s name'],
    [{ conflicts: 'force' }, 'spec.conflicts: "force" is none of Fail, Force, Skip; did you mean Force?'],
    [
      { dependsOn: [{ name: 'a', namespace: 'A' }] },
      'spec.dependsOn[0].namespace: "A" is not a namespace’s name',
    ],
    ['x', 'spec: must be an object, not a string'],
  ])('refuses the spec %j', (spec, problem) => {
    expect(problems(withSpec(spec))).toEqual([problem])
  })

  it.each([
    [undefined, 'must be an object'],
    [[], 'must be an object'],
    [{ ...minimal, metadata: null }, 'metadata: must be an object with a name'],
    [{ ...minimal, metadata: {} }, 'metadata: name is required'],
    [{ ...minimal, metadata: { name: 'A_b' } }, 'metadata.name: "A_b" is not a name that Kubernetes allows'],
    [{ ...minimal, spce: {} }, 'spce: unknown field'],
    [
      { ...minimal, metadata: { ...minimal.metadata, annotations: { 'sets.gitops.pro/delimiters': '${{' } } },
      'metadata.annotations["sets.gitops.pro/delimiters"]: "${{" does not hold two delimiters, separated by a comma',
    ],
  ])('refuses the object %j', (value, problem) => {
    expect(problems(validateSet(value))).toEqual([problem])
  })

  it('never shows a password', () => {
    const text = problems(withGenerator(apiClient({ endpoint: 'https://me:hunter2@x' }))).join()
    expect(text).not.toContain('hunter2')
  })

  it('counts what it does not list', () => {
    const result = withSpec({ templates: Array.from({ length: 80 }, () => ({})) })
    expect(result).toMatchObject({ kind: 'invalid', more: 30 })
    expect(result.kind === 'invalid' && formatFindings(result)).toContain('; and 30 more')
  })

  it('never throws, and what it takes is a set', () => {
    const spec = fc.record(
      {
        generators: fc.oneof(
          fc.jsonValue(),
          fc.array(fc.dictionary(fc.constantFrom('list', 'matrix', 'x'), fc.jsonValue())),
        ),
        templates: fc.jsonValue(),
        prune: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), spec), (value) => {
        expect(['valid', 'invalid']).toContain(withSpec(value).kind)
        expect(['valid', 'invalid']).toContain(validateSet(value).kind)
      }),
    )
  })

  it('keeps a field named __proto__ out of the prototype', () => {
    const value: unknown = JSON.parse(
      '{"apiVersion":"sets.gitops.pro/v1alpha1","kind":"GitOpsSet","metadata":{"name":"a","labels":{"__proto__":"x"}},"spec":{"__proto__":{"suspend":true}}}',
    )
    expect(problems(validateSet(value))).toEqual(['spec.__proto__: unknown field "__proto__"'])
  })
})

describe('status', () => {
  it('is taken as far as it is one', () => {
    const entry = { id: 'team_web_apps_Deployment', v: 'v1' }
    const result = validateSet({
      ...minimal,
      status: {
        observedGeneration: 3,
        conditions: [{ type: 'Ready' }, 5],
        inventory: { entries: [entry, { id: 5 }, null] },
        history: 'x',
      },
    })
    expect(result).toMatchObject({
      set: { status: { observedGeneration: 3, conditions: [], inventory: { entries: [entry] } } },
    })
    expect(result).not.toHaveProperty('set.status.history')
  })
})

describe('recorded sets', () => {
  const folder = new URL('../conformance/data/render/', import.meta.url)
  const rendered = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/want.yaml`, folder)))

  it.each(rendered)('%s is valid', (name) => {
    const text = readFileSync(new URL(`${name}/set.yaml`, folder), 'utf8')
    for (const document of text.split(/^---$/m)) {
      const value = load(document)
      if (value === undefined || value === null) continue
      expect(problems(validateSet(value))).toEqual([])
    }
  })
})
