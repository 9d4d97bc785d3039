import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MIB, PODINFO_FILES, memoryHistory, memoryNow } from '../../scripts/demo/podinfo.ts'
import { DEFAULT_COALESCE } from '../../src/http/coalesce.ts'
import type { ApiObject } from '../stack/api.ts'
import { installCrds } from '../stack/crds.ts'
import { waitFor } from '../stack/poll.ts'
import { startStack } from '../stack/stack.ts'
import type { Stack } from '../stack/stack.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { SetRig, readyOf } from '../support/set-rig.ts'
import { startStubApi } from '../support/stub-api.ts'
import type { StubAnswer, StubApi } from '../support/stub-api.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const NAMESPACE = 'flux-system'
const NAME = 'podinfo-seed'
const IN_CLUSTER_PROMETHEUS = 'http://prometheus.monitoring:9090'
const KUSTOMIZATION = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${NAMESPACE}/kustomizations/podinfo`
const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/podinfo`

interface Kustomization extends ApiObject {
  readonly spec: { readonly patches: readonly { readonly patch: string }[] }
}

interface Deployment extends ApiObject {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly resources: { readonly requests: Memory; readonly limits: Memory }
        }[]
      }
    }
  }
}

interface Memory {
  readonly memory: string
}

let stack: Stack
let controller: ControllerProcess
let stub: StubApi
let rig: SetRig
let count = 0

beforeAll(async () => {
  stack = await startStack({
    parts: ['controller-manager', 'flux', 'prometheus'],
    ownCluster: true,
    auditLog: true,
  })
  const { api, kubeconfigPath } = stack.cluster
  await stack.prometheus.stop()
  await stack.prometheus.backfill(memoryHistory(nowSeconds(), 300))
  await stack.prometheus.start()
  await installCrds(api, join(ROOT, 'crds'))
  await stack.flux.publishGitRepository({ namespace: NAMESPACE, name: NAMESPACE, files: PODINFO_FILES })
  await api.apply(DEPLOYMENT, PODINFO_FILES['apps/podinfo/deployment.yaml'])
  controller = await startController({ kubeconfigPath })
  stub = await startStubApi()
  rig = new SetRig(api, NAMESPACE)
})

afterAll(async () => {
  await controller?.stop()
  await stub?.[Symbol.asyncDispose]()
  await stack?.stop()
})

describe('the original recipe, word for word', () => {
  it('writes 300 MiB of the last 30 days as a request of 307200Ki and a limit of 368640Ki', async () => {
    await putSeed(stack.prometheus.url)
    await rig.waitReady(NAME)
    expect(await patchValues()).toEqual(['368640Ki', '307200Ki'])
    await waitForMemory({ limits: '360Mi', requests: '300Mi' })
  })

  it('follows a peak of 1,200 MiB with quantities that the API server takes', async () => {
    await stack.prometheus.push(memoryNow(nowSeconds(), 1_200))
    await untilAskedAnew()
    await rig.request(NAME)
    await rig.waitReady(NAME)
    const [limit = '', request = ''] = await patchValues()
    for (const quantity of [limit, request]) expect(quantity).toMatch(/^[0-9]+Ki$/)
    expect([limit, request]).toEqual([`${1_200 * 1_024 * 1.2}Ki`, `${1_200 * 1_024}Ki`])
    await waitForMemory({ limits: '1440Mi', requests: '1200Mi' })
  })

  it('writes nothing in ten forced reconciles with equal data', async () => {
    await waitUntilFluxIsDone()
    const before = await stack.cluster.api.get(KUSTOMIZATION)
    const writesBefore = kustomizationWrites()
    for (let i = 0; i < 10; i++) await rig.request(NAME)
    const after = await stack.cluster.api.get(KUSTOMIZATION)
    expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion)
    expect(writesBefore).toBeGreaterThan(0)
    expect(kustomizationWrites()).toBe(writesBefore)
  })
})

describe('without data', () => {
  it('keeps the last values while Prometheus is stopped, and recovers alone', async () => {
    const before = await patchValues()
    await stack.prometheus.stop()
    await untilAskedAnew()
    try {
      await rig.request(NAME)
      const failed = await rig.waitFailed(NAME, 'GeneratorFailed')
      expect(readyOf(failed)?.message).toContain('ECONNREFUSED')
      expectNoQuery(failed)
      expect(await patchValues()).toEqual(before)
    } finally {
      await stack.prometheus.start()
    }
    await rig.waitReady(NAME)
    expect(await patchValues()).toEqual(before)
  })

  const vector = (result: unknown): string =>
    JSON.stringify({ status: 'success', data: { resultType: 'vector', result } })
  const faults: [string, StubAnswer, RegExp][] = [
    ['503', { status: 503, body: 'overloaded' }, /503/],
    ['HTML with 200', { body: '<html><body>Sign in</body></html>' }, /HTML/],
    ['an empty result', { body: vector([]) }, /index|element|result|empty/i],
    ['NaN', { body: vector([{ metric: {}, value: [1_700_000_000, 'NaN'] }]) }, /NaN/],
    ['+Inf', { body: vector([{ metric: {}, value: [1_700_000_000, '+Inf'] }]) }, /Inf/],
    ['no JSON at all', { body: '{"status": "succ' }, /JSON/],
    ['an error with 200', { body: '{"status":"error","errorType":"timeout"}' }, /./],
  ]

  it.each(faults)(
    'keeps the last values when the server answers %s, and recovers alone',
    async (_, answer, why) => {
      stub.answer({ body: vector([{ metric: {}, value: [1_700_000_000, String(200 * 1_024)] }]) })
      await putSeed(`${stub.url}${count++}`)
      await rig.waitReady(NAME)
      const before = await stack.cluster.api.get<Kustomization>(KUSTOMIZATION)
      expect(await patchValues()).toEqual([`${200 * 1_024 * 1.2}Ki`, `${200 * 1_024}Ki`])

      stub.answer(answer)
      await untilAskedAnew()
      await rig.request(NAME)
      const failed = await rig.waitFor(NAME, 'failed', (set) => readyOf(set)?.status === 'False')
      expect(readyOf(failed)?.message).toMatch(why)
      expectNoQuery(failed)
      const during = await stack.cluster.api.get<Kustomization>(KUSTOMIZATION)
      expect(during.spec).toEqual(before.spec)
      expect(during.metadata.uid).toBe(before.metadata.uid)

      stub.answer({ body: vector([{ metric: {}, value: [1_700_000_000, String(250 * 1_024)] }]) })
      await rig.waitReady(NAME)
      expect(await patchValues()).toEqual([`${250 * 1_024 * 1.2}Ki`, `${250 * 1_024}Ki`])
    },
  )
})

/** Sets that ask the same within a second share the answer. */
function untilAskedAnew(): Promise<void> {
  return sleep(DEFAULT_COALESCE.windowMs + 100)
}

/** Flux's controller writes the object's status after each change; then it leaves it alone for its interval. */
async function waitUntilFluxIsDone(): Promise<void> {
  let version = ''
  const hasSettled = async (): Promise<boolean> => {
    const previous = version
    version = (await stack.cluster.api.get(KUSTOMIZATION)).metadata.resourceVersion
    return version === previous
  }
  await waitFor('Flux to have settled', hasSettled, { intervalMs: 2_000 })
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000)
}

async function putSeed(prometheusUrl: string): Promise<void> {
  const source = readFileSync(join(ROOT, 'examples/prometheus-right-sizing/seed.yaml'), 'utf8')
  await stack.cluster.api.apply(
    rig.path(NAME),
    source.replaceAll(IN_CLUSTER_PROMETHEUS, prometheusUrl.replace(/\/$/, '')),
  )
}

/** The quantities of the patch: limit, then request. */
async function patchValues(): Promise<string[]> {
  const { spec } = await stack.cluster.api.get<Kustomization>(KUSTOMIZATION)
  return [...(spec.patches[0]?.patch ?? '').matchAll(/value: (.*)/g)].map(([, value = '']) => value)
}

async function waitForMemory(wanted: { limits: string; requests: string }): Promise<void> {
  await waitFor(
    'the Deployment to follow',
    async () => {
      const { spec } = await stack.cluster.api.get<Deployment>(DEPLOYMENT)
      const resources = spec.template.spec.containers[0]?.resources
      const bytesOf = (quantity = '0Ki'): number =>
        Number.parseInt(quantity, 10) * (quantity.endsWith('Mi') ? MIB : MIB / 1_024)
      return (
        bytesOf(resources?.limits.memory) === bytesOf(wanted.limits) &&
        bytesOf(resources?.requests.memory) === bytesOf(wanted.requests)
      )
    },
    { deadlineMs: 60_000 },
  )
}

/** Writes of the Kustomization's spec by the controller; its own controller writes status and finalizers. */
function kustomizationWrites(): number {
  return stack.cluster
    .readAuditLog()
    .filter(
      ({ objectRef }) => objectRef?.resource === 'kustomizations' && objectRef.subresource === undefined,
    )
    .filter(({ verb }) => ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(verb))
    .filter(({ userAgent }) => userAgent?.startsWith('gitopsset-controller')).length
}

function expectNoQuery(set: object): void {
  const status = JSON.stringify((set as { status?: unknown }).status)
  expect(status).not.toContain('max_over_time')
  expect(status).not.toContain('query=')
}
