import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startStack } from '../stack/stack.ts'
import type { Stack } from '../stack/stack.ts'
import { waitFor } from '../stack/poll.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { SetRig, apiSpec, listSpec, readyOf } from '../support/set-rig.ts'
import { startStubApi } from '../support/stub-api.ts'
import type { StubApi } from '../support/stub-api.ts'

const CRDS = join(import.meta.dirname, '..', '..', 'crds', 'gitopssets.yaml')
const NAMESPACE = 'default'

let stack: Stack
let controller: ControllerProcess
let stub: StubApi
let rig: SetRig

beforeAll(async () => {
  stack = await startStack({ parts: ['kubernetes'], ownCluster: true })
  await installPermissiveCrds()
  stub = await startStubApi()
  rig = new SetRig(stack.cluster.api, NAMESPACE)
})

afterAll(async () => {
  await controller?.stop()
  await stub?.[Symbol.asyncDispose]()
  await stack?.stop()
})

interface Definition {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly group: string
    readonly names: { readonly plural: string }
    readonly versions: { schema: unknown }[]
  }
}

/** Our definitions as an older release may have left them: without any rule. */
async function installPermissiveCrds(): Promise<void> {
  const { api } = stack.cluster
  for (const definition of loadAll(readFileSync(CRDS, 'utf8')) as (Definition | null)[]) {
    if (definition === null) continue
    for (const version of definition.spec.versions) {
      version.schema = {
        openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      }
    }
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}`
    await api.apply(path, definition)
    const { group, names } = definition.spec
    const list = `/apis/${group}/v1alpha1/${names.plural}?limit=1`
    await waitFor(`${list} to be served`, async () => (await api.request('GET', list)).status === 200)
  }
}

/** Sets that only the controller can refuse, and what it must say of them. */
const MALFORMED: readonly (readonly [string, unknown, RegExp])[] = [
  ['interval-soon', { ...listSpec([]), interval: 'soon' }, /interval.*soon/],
  [
    'generator-interval-soon',
    { generators: [{ apiClient: { endpoint: 'http://127.0.0.1:1/', interval: 'soon' } }], templates: [] },
    /interval.*soon/,
  ],
  ['timeout-number', { ...listSpec([]), timeout: 5 }, /timeout/],
  ['timeout-years', { ...listSpec([{ name: 'timeout-years', value: 'x' }]), timeout: '5y' }, /timeout/],
  ['generators-text', { generators: 'all of them', templates: [] }, /generators/],
  ['generators-null-item', { generators: [null], templates: [] }, /generators\[0\]/],
  ['generators-two-kinds', { generators: [{ list: {}, cluster: {} }], templates: [] }, /generators\[0\]/],
  ['templates-map', { generators: [], templates: { content: 1 } }, /templates/],
  [
    'template-open',
    { generators: [{ list: { elements: [{}] } }], templates: [{ content: { kind: '{{ if' } }] },
    /./,
  ],
  ['suspend-text', { suspend: 'yes', generators: [], templates: [] }, /suspend/],
  ['spec-text', 'nothing', /spec/],
  ['spec-list', [], /spec/],
  ['unknown-field', { ...listSpec([]), intervall: '5m' }, /intervall/],
  ['prune-percent', { ...listSpec([]), prune: { maxPercent: 'half' } }, /maxPercent/],
  ['depends-on-text', { ...listSpec([]), dependsOn: ['other'] }, /dependsOn/],
]

describe('malformed sets', () => {
  beforeAll(async () => {
    for (const [name, spec] of MALFORMED) await create(name, spec)
    await create('no-spec', undefined)
    await create('wild-status', listSpec([{ name: 'wild-status', value: 'x' }]), {
      conditions: 'fine',
      inventory: { entries: [{ id: 7 }, null, 'x'] },
      observedGeneration: 'one',
      history: 12,
    })
    await rig.put('good', listSpec([{ name: 'good', value: 'x' }]))
    controller = await startController({ kubeconfigPath: stack.cluster.kubeconfigPath })
  })

  it.each(MALFORMED)('%s gets a condition that says what is wrong', async (name, _spec, message) => {
    const set = await rig.waitFor(name, 'refused', (found) => readyOf(found)?.status === 'False')
    expect(readyOf(set)?.message).toMatch(message)
    expect(['InvalidSpec', 'TemplateInvalid']).toContain(readyOf(set)?.reason)
    expect(set.status?.conditions?.find(({ type }) => type === 'Stalled')?.status).toBe('True')
  })

  it('the others reconcile, also one whose status somebody has written nonsense into', async () => {
    await rig.waitReady('good')
    expect(await rig.ownedConfigMaps('good')).toEqual(['good'])
    await rig.waitReady('wild-status')
    expect(await rig.ownedConfigMaps('wild-status')).toEqual(['wild-status'])
  })

  it('a malformed set becomes a good one by a change of its spec', async () => {
    await rig.api.patch(rig.path('interval-soon'), {
      spec: { ...listSpec([{ name: 'soon', value: 'x' }]), interval: '5m' },
    })
    await rig.waitReady('interval-soon')
    expect(await rig.ownedConfigMaps('interval-soon')).toEqual(['soon'])
  })

  it('the process lives and is healthy', async () => {
    expect((await fetch(`${controller.healthUrl}/healthz`)).status).toBe(200)
    expect(controller.log()).not.toMatch(/TypeError|RangeError|"level":"error"/)
  })
})

describe('a slow endpoint', () => {
  it('delays only the sets that ask it, even if they are more than the workers', async () => {
    stub.answer('hang')
    const slow = Array.from({ length: 12 }, (_, index) => `slow-${index}`)
    for (const name of slow) await rig.put(name, apiSpec(`${stub.url}${name}`, { timeout: '20s' }))
    await waitFor('the endpoint to be asked', () => stub.requests.length > 0)
    const startedAt = performance.now()
    await rig.put('quick', listSpec([{ name: 'quick', value: 'x' }]))
    await rig.waitReady('quick')
    const tookMs = performance.now() - startedAt
    for (const name of slow) await rig.api.delete(rig.path(name))
    // The slow ones take 20 s each.
    expect(tookMs).toBeLessThan(10_000)
  })

  it('a dead endpoint fails its own set, with words', async () => {
    await rig.put('dead', apiSpec('http://127.0.0.1:1/metrics?token=hidden'))
    const set = await rig.waitFailed('dead', 'GeneratorFailed')
    expect(readyOf(set)?.message).toContain('127.0.0.1:1')
    expect(JSON.stringify(set.status)).not.toContain('hidden')
  })
})

describe('a set of the older group', () => {
  it('works the same, with labels and finalizer of its own group', async () => {
    const older = new SetRig(stack.cluster.api, NAMESPACE, 'templates.weave.works')
    await older.put('older', listSpec([{ name: 'older', value: 'x' }]))
    const set = await older.waitReady('older')
    expect(set.metadata.finalizers).toEqual(['finalizers.templates.weave.works'])
    expect(await older.ownedConfigMaps('older')).toEqual(['older'])
    await older.delete('older')
    expect(await older.findConfigMap('older')).toBeUndefined()
  })
})

async function create(name: string, spec: unknown, status?: unknown): Promise<void> {
  const set = {
    apiVersion: 'sets.gitops.pro/v1alpha1',
    kind: 'GitOpsSet',
    metadata: { name, namespace: NAMESPACE },
    ...(spec === undefined ? {} : { spec }),
  }
  await rig.api.create(rig.path('').replace(/\/$/, ''), set)
  if (status !== undefined) await rig.api.patch(`${rig.path(name)}/status`, { status })
}
