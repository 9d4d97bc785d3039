import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../stack/poll.ts'
import { useCluster } from '../support/cluster.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { findEvents, listEvents } from '../support/events.ts'
import { SetRig, apiSpec, conditionOf, listSpec, readyOf } from '../support/set-rig.ts'
import type { SetObject } from '../support/set-rig.ts'
import { elementOfPath, startStubApi } from '../support/stub-api.ts'
import type { StubApi } from '../support/stub-api.ts'

const cluster = useCluster()
const { api } = cluster
let controller: ControllerProcess
let rig: SetRig
let stub: StubApi

beforeAll(async () => {
  rig = new SetRig(api, await cluster.createNamespace('status'))
  stub = await startStubApi()
  controller = await startController({
    kubeconfigPath: cluster.kubeconfigPath,
    flags: [`--watch-namespaces=${rig.namespace}`],
  })
})

afterAll(async () => {
  await controller?.stop()
  await stub?.[Symbol.asyncDispose]()
  await api.close()
})

async function metricLines(name: string): Promise<string[]> {
  const text = await (await fetch(controller.metricsUrl)).text()
  return text.split('\n').filter((line) => line.includes(`name="${name}"`))
}

describe('status', () => {
  it('of a ready set is what kstatus calls current', async () => {
    await rig.put('ready', listSpec([{ name: 'ready', value: 'x' }]))
    const set = await rig.waitReady('ready')
    expect(set.status?.observedGeneration).toBe(set.metadata.generation)
    expect(readyOf(set)).toMatchObject({
      status: 'True',
      reason: 'ReconciliationSucceeded',
      observedGeneration: set.metadata.generation,
    })
    expect(conditionOf(set, 'Reconciling')).toBeUndefined()
    expect(conditionOf(set, 'Stalled')).toBeUndefined()
    expect(set.status?.objects).toBe(1)
  })

  it('of a set that is tried again is in progress, and never claims a generation that was not applied', async () => {
    stub.answer({ status: 503, body: '' })
    await rig.put('retry', apiSpec(`${stub.url}retry`))
    const set = await rig.waitFailed('retry', 'GeneratorFailed')
    expect(conditionOf(set, 'Reconciling')).toMatchObject({ status: 'True', reason: 'ProgressingWithRetry' })
    expect(conditionOf(set, 'Stalled')).toBeUndefined()
    expect(set.status?.observedGeneration).toBeUndefined()
    expect(set.status?.generators?.[0]?.error).toContain('503')
  })

  it('of a set that needs a person is failed', async () => {
    await rig.put('stalled', { ...listSpec([]), templates: [{ content: { kind: '{{ nonsense }}' } }] })
    const set = await rig.waitFailed('stalled', 'TemplateInvalid')
    expect(conditionOf(set, 'Stalled')?.status).toBe('True')
    expect(conditionOf(set, 'Reconciling')).toBeUndefined()
    expect(set.status?.observedGeneration).toBe(set.metadata.generation)
  })

  it('of a suspended set says so, and comes back', async () => {
    await rig.put('paused', { ...listSpec([{ name: 'paused', value: '1' }]), suspend: true })
    const paused = await rig.waitFor('paused', 'suspended', (set) => readyOf(set)?.reason === 'Suspended')
    expect(await rig.findConfigMap('paused')).toBeUndefined()
    expect(readyOf(paused)?.status).toBe('Unknown')
    await rig.put('paused', listSpec([{ name: 'paused', value: '1' }]))
    await rig.waitReady('paused')
  })

  it('keeps a failure’s time of transition, and drops the message when all is well', async () => {
    stub.answer({ status: 500, body: '' })
    await rig.put('moving', apiSpec(`${stub.url}moving`))
    const first = await rig.waitFailed('moving', 'GeneratorFailed')
    stub.answer({ status: 502, body: '' })
    const second = await rig.waitFor(
      'moving',
      'failed anew',
      (set) => readyOf(set)?.message.includes('502') === true,
    )
    expect(readyOf(second)?.lastTransitionTime).toBe(readyOf(first)?.lastTransitionTime)
    stub.answer(elementOfPath)
    const ready = await rig.waitReady('moving')
    expect(JSON.stringify(ready.status)).not.toContain('502')
  })

  it('is not written when nothing has changed', async () => {
    await rig.put('quiet', { ...listSpec([{ name: 'quiet', value: 'x' }]), interval: '5s' })
    await rig.waitReady('quiet')
    const before = await rig.get('quiet')
    const count = async (): Promise<number> =>
      Number(
        (await metricLines('quiet'))
          .find((line) => line.includes('_seconds_count'))
          ?.split(' ')
          .at(-1),
      )
    const counted = await count()
    await waitFor('two more looks', async () => (await count()) >= counted + 2)
    expect((await rig.get('quiet')).metadata.resourceVersion).toBe(before.metadata.resourceVersion)
  })

  it('stays within what the API server takes, with a hundred failing objects', async () => {
    const elements = Array.from({ length: 100 }, (_, index) => ({
      name: `Bad_Name_${'x'.repeat(200)}_${index}`,
      value: 'x',
    }))
    await rig.put('large', listSpec(elements))
    const set = await rig.waitFor('large', 'failed', (found: SetObject) => readyOf(found)?.status === 'False')
    expect(readyOf(set)?.message.length).toBeLessThanOrEqual(4_096)
    await rig.delete('large')
  })
})

describe('events', () => {
  it('tell what was changed', async () => {
    await rig.put('told', listSpec([{ name: 'told', value: 'x' }]))
    await rig.waitReady('told')
    const [event] = await findEvents(api, rig.namespace, 'told', 'ReconciliationSucceeded')
    expect(event).toMatchObject({ type: 'Normal', note: `ConfigMap/${rig.namespace}/told created` })
  })

  it('warn once of a failure that lasts, and tell when it is over', async () => {
    stub.answer({ status: 500, body: '' })
    await rig.put('lasting', apiSpec(`${stub.url}lasting`))
    await waitFor('three attempts', () => stub.requests.filter(({ url }) => url === '/lasting').length >= 3)
    const warnings = await findEvents(api, rig.namespace, 'lasting', 'GeneratorFailed')
    expect(warnings).toHaveLength(1)
    stub.answer(elementOfPath)
    await rig.waitReady('lasting')
    await findEvents(api, rig.namespace, 'lasting', 'ReconciliationSucceeded')
    expect(await listEvents(api, rig.namespace, 'lasting')).toHaveLength(2)
  })

  it('say nothing where nothing has changed', async () => {
    await rig.put('silent', listSpec([{ name: 'silent', value: 'x' }]))
    await rig.waitReady('silent')
    await findEvents(api, rig.namespace, 'silent', 'ReconciliationSucceeded')
    for (let i = 0; i < 3; i++) await rig.request('silent')
    await sleep(300)
    expect(await listEvents(api, rig.namespace, 'silent')).toHaveLength(1)
  })
})

describe('metrics', () => {
  it('show a set as Flux’s dashboards expect, and forget it when it is deleted', async () => {
    stub.answer(elementOfPath)
    await rig.put('metered', apiSpec(`${stub.url}metered`))
    await rig.waitReady('metered')
    const labels = `kind="GitOpsSet",name="metered",namespace="${rig.namespace}"`
    const lines = await waitFor('the series', async () => {
      const found = await metricLines('metered')
      return found.some((line) => line.startsWith('gotk_reconcile_duration_seconds_count')) && found
    })
    expect(lines).toContain(`gotk_reconcile_condition{${labels},type="Ready",status="True"} 1`)
    expect(lines).toContain(`gotk_reconcile_condition{${labels},type="Ready",status="False"} 0`)
    expect(lines).toContain(`gotk_suspend_status{${labels}} 0`)
    expect(lines).toContain(`gitopsset_objects{name="metered",namespace="${rig.namespace}"} 1`)
    await rig.delete('metered')
    await waitFor('the series to go', async () => (await metricLines('metered')).length === 0)
  })

  it('count requests to the API server, and are served beside healthz and readyz', async () => {
    const text = await (await fetch(controller.metricsUrl)).text()
    expect(text).toMatch(/gitopsset_api_requests_total\{verb="[A-Z]+",code="200"\} \d+/)
    expect(text).toContain('gitopsset_queue_depth')
    for (const page of ['healthz', 'readyz']) {
      expect((await fetch(`${controller.healthUrl}/${page}`)).status).toBe(200)
    }
    expect((await fetch(`${controller.healthUrl}/metrics`)).status).toBe(404)
  })
})
