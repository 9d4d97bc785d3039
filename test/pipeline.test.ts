import { describe, expect, it } from 'vitest'
import type { GeneratorEntry, GitOpsSet, GitOpsSetSpec } from '../src/api/types.ts'
import { AppError, type Disposition } from '../src/errors.ts'
import {
  build,
  builtinScopes,
  prepareSet,
  type BuildOptions,
  type BuildPorts,
  type GroupVersionKind,
} from '../src/pipeline.ts'
import { fakeArtifacts, fakeHttp, fakeReader, fixedClock, silentLog } from './generate/fakes.ts'

const api = { endpoint: 'http://api.example.com/x', interval: '1h' }
const content = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Element.name }}' } }

function makeSet(spec: GitOpsSetSpec): GitOpsSet {
  return {
    apiVersion: 'sets.gitops.pro/v1alpha1',
    kind: 'GitOpsSet',
    metadata: { name: 'demo', namespace: 'team' },
    spec: { templates: [{ content }], ...spec },
  }
}

function makePorts(overrides: Partial<BuildPorts> = {}): BuildPorts {
  return {
    reader: fakeReader(),
    http: fakeHttp(() => ({ json: [] })),
    artifacts: fakeArtifacts({}),
    scopes: builtinScopes,
    clock: fixedClock(),
    log: silentLog,
    ...overrides,
  }
}

const run = (spec: GitOpsSetSpec, ports: Partial<BuildPorts> = {}, options: BuildOptions = {}) =>
  build(makeSet(spec), makePorts(ports), options)

async function objectsOf(...args: Parameters<typeof run>) {
  const result = await run(...args)
  if (result.error !== undefined) throw result.error
  return result
}

describe('build', () => {
  it('goes from a list to finished objects', async () => {
    const result = await objectsOf({ generators: [{ list: { elements: [{ name: 'a' }] } }] })
    expect(result.objects.map(({ object }) => object)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'a',
          namespace: 'team',
          labels: { 'sets.gitops.pro/name': 'demo', 'sets.gitops.pro/namespace': 'team' },
        },
      },
    ])
    expect(result).toMatchObject({ complete: true, keep: [], warnings: [] })
  })

  it('numbers elements over all generators, and says where objects come from', async () => {
    const { objects } = await objectsOf({
      generators: [{ list: { elements: [{ name: 'a' }] } }, { list: { elements: [{ name: 'b' }] } }],
    })
    expect(objects.map(({ source }) => source)).toMatchObject([
      { elementIndex: 0, generatorPath: 'spec.generators[0].list' },
      { elementIndex: 1, generatorPath: 'spec.generators[1].list' },
    ])
  })

  it('fails as a whole where one generator does, with the outcomes of all', async () => {
    const http = fakeHttp(() => {
      throw new AppError('GeneratorFailed', 'retry', 'connection refused')
    })
    const generators = [{ list: { elements: [{ name: 'a' }] } }, { apiClient: api }]
    const result = await run({ generators }, { http })
    expect(result.error).toMatchObject({ reason: 'GeneratorFailed', disposition: 'retry' })
    expect(result.error?.path).toBe('spec.generators[1].apiClient')
    expect(result.outcomes.map((outcome) => outcome.error === undefined)).toEqual([true, false])
    expect(result).not.toHaveProperty('objects')
  })

  it('keeps what exists where an answer is empty', async () => {
    const result = await objectsOf({ generators: [{ apiClient: api }] })
    expect(result).toMatchObject({ objects: [], complete: false })
    expect(result.keep).toHaveLength(1)
  })

  it('uses earlier answers in place of generators that are not due', async () => {
    const http = fakeHttp(() => ({ status: 500 }))
    const generation = { elements: [{ name: 'old' }], complete: true, warnings: [] }
    const reuse = () => ({ generation, evaluatedAtMs: 1 })
    const { objects } = await objectsOf({ generators: [{ apiClient: api }] }, { http }, { reuse })
    expect(objects[0]?.object.metadata['name']).toBe('old')
    expect(http.requests).toHaveLength(0)
  })

  it('stalls on an invalid set, with every finding', async () => {
    const result = await run({ generators: [{ list: {} }, {}], interval: 'soon' })
    expect(result.error).toMatchObject({ reason: 'InvalidSpec', disposition: 'stall' })
    expect(result.error?.message).toMatch(
      /spec\.interval.*spec\.generators\[1\]|spec\.generators\[1\].*spec\.interval/,
    )
  })

  it.each<[GeneratorEntry, Disposition]>([
    [{ list: { elements: [{}] } }, 'stall'],
    [{ apiClient: api }, 'retry'],
  ])('fails to render elements of %j with disposition %s', async (generator, disposition) => {
    const http = fakeHttp(() => ({ json: [{}] }))
    const result = await run({ generators: [generator] }, { http })
    expect(result.error).toMatchObject({
      reason: 'RenderFailed',
      disposition,
      path: 'spec.templates[0].content.metadata.name',
    })
  })

  it('warns of functions that change objects each time', async () => {
    const templates = [{ content: { ...content, data: { at: '{{ now }}' } } }]
    const { warnings } = await objectsOf({ generators: [{ list: { elements: [{ name: 'a' }] } }], templates })
    expect(warnings.join()).toContain('now')
  })

  it('asks for the scope of each kind once', async () => {
    const asked: GroupVersionKind[][] = []
    const scopes: BuildPorts['scopes'] = {
      resolve: (kinds) => {
        asked.push([...kinds])
        return Promise.resolve(() => 'Cluster' as const)
      },
    }
    const elements = [{ name: 'a' }, { name: 'b' }]
    const { objects } = await objectsOf({ generators: [{ list: { elements } }] }, { scopes })
    expect(asked).toEqual([[{ group: '', version: 'v1', kind: 'ConfigMap' }]])
    expect(objects[0]?.object.metadata).not.toHaveProperty('namespace')
  })

  it('lists what the generators read', async () => {
    const generators = [{ config: { kind: 'ConfigMap' as const, name: 'settings' } }]
    const result = await run({ generators })
    expect(result.references).toMatchObject([{ kind: 'ConfigMap', name: 'settings', namespace: 'team' }])
  })

  it('renders with templates that were prepared before', async () => {
    const spec = { generators: [{ list: { elements: [{ name: 'a' }] } }] }
    const prepared = prepareSet(makeSet(spec))
    const first = await objectsOf(spec, {}, { prepared })
    const second = await objectsOf(spec, {}, { prepared })
    expect(second.objects).toEqual(first.objects)
  })

  it('gives equal objects for equal input', async () => {
    const spec = { generators: [{ list: { elements: [{ name: 'a' }, { name: 'b' }] } }] }
    expect((await objectsOf(spec)).objects).toEqual((await objectsOf(spec)).objects)
  })
})
