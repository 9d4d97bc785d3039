import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api, ApiObject } from '../stack/api.ts'
import { installCrds } from '../stack/crds.ts'
import { waitFor } from '../stack/poll.ts'
import { startStack } from '../stack/stack.ts'
import type { Stack } from '../stack/stack.ts'
import { grantAccount } from '../support/account.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { SetRig, apiSpec, configMapTemplate, listSpec, readyOf } from '../support/set-rig.ts'
import { elementOfPath, startStubApi } from '../support/stub-api.ts'
import type { StubApi } from '../support/stub-api.ts'

const CRDS = join(import.meta.dirname, '..', '..', 'crds')
const NAMESPACE = 'default'

let stack: Stack
let api: Api
let controller: ControllerProcess
let stub: StubApi
let rig: SetRig

beforeAll(async () => {
  stack = await startStack({ parts: ['flux'], ownCluster: true })
  api = stack.cluster.api
  await installCrds(api, CRDS)
  stub = await startStubApi()
  stub.answer(elementOfPath)
  rig = new SetRig(api, NAMESPACE)
  await grantAccount(api, { namespace: NAMESPACE, name: 'team' }, ['*'], ['configmaps', 'secrets'])
  controller = await start()
})

afterAll(async () => {
  await controller?.stop()
  await stub?.[Symbol.asyncDispose]()
  await stack?.stop()
})

function start(): Promise<ControllerProcess> {
  return startController({ kubeconfigPath: stack.cluster.kubeconfigPath })
}

const asked = (name: string): number => stub.requests.filter(({ url }) => url === `/${name}`).length

/** A set that asks the stub at a path of its own, once a day. */
async function putAsking(name: string, generator: object = {}, spec: object = {}): Promise<void> {
  await rig.put(name, { ...apiSpec(stub.url + name, generator), ...spec })
  await rig.waitReady(name)
}

function putSecret(name: string, value: string): Promise<ApiObject> {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: { 'x-key': value } }
  return api.apply(`/api/v1/namespaces/${NAMESPACE}/secrets/${name}`, secret)
}

async function reconcilesOf(name: string): Promise<number> {
  const text = await (await fetch(controller.metricsUrl)).text()
  const line = text
    .split('\n')
    .find(
      (entry) =>
        entry.startsWith('gotk_reconcile_duration_seconds_count') && entry.includes(`name="${name}"`),
    )
  return Number(line?.split(' ').at(-1) ?? 0)
}

describe('a change of what a set reads', () => {
  it('a rotated Secret evaluates the sets that use it, and only those', async () => {
    await putSecret('one', 'old')
    await putSecret('two', 'old')
    const headers = (name: string): object => ({ headersRef: { kind: 'Secret', name } })
    const account = { serviceAccountName: 'team' }
    await putAsking('uses-one', headers('one'), account)
    await putAsking('uses-one-as-controller', headers('one'))
    await putAsking('uses-two', headers('two'), account)
    await sleep(500)
    await putSecret('one', 'new')
    await waitFor('both to be asked', () => asked('uses-one') === 2 && asked('uses-one-as-controller') === 2)
    expect(stub.requests.at(-1)?.headers['x-key']).toBe('new')
    await sleep(500)
    expect([asked('uses-one'), asked('uses-one-as-controller'), asked('uses-two')]).toEqual([2, 2, 1])
  })

  it('a changed ConfigMap renders the sets that use it anew', async () => {
    const config = (value: string): Promise<ApiObject> =>
      api.apply(rig.configMapPath('settings'), {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings' },
        data: { value },
      })
    await config('1')
    const generators = [{ config: { kind: 'ConfigMap', name: 'settings' } }]
    await rig.put('copies', {
      generators,
      templates: [configMapTemplate('copy', { value: '{{ .Element.value }}' })],
      serviceAccountName: 'team',
    })
    await rig.waitReady('copies')
    await sleep(500)
    await config('2')
    await waitFor('the copy', async () => (await rig.findConfigMap('copy'))?.data?.['value'] === '2')
  })

  it('a new revision of a GitRepository renders the sets that use it anew, and fetches no other', async () => {
    const publish = (name: string, value: string): Promise<unknown> =>
      stack.flux.publishGitRepository({
        namespace: NAMESPACE,
        name,
        files: { 'app.yaml': `name: from-${name}\nvalue: ${value}\n` },
      })
    await publish('repo-a', 'first')
    await publish('repo-b', 'first')
    for (const name of ['repo-a', 'repo-b']) {
      const generators = [{ gitRepository: { repositoryRef: name, files: [{ path: 'app.yaml' }] } }]
      await rig.put(name, { ...listSpec([]), generators })
      await rig.waitReady(name)
    }
    const before = await reconcilesOf('repo-b')
    await sleep(500)
    await publish('repo-a', 'second')
    await waitFor(
      'the new value',
      async () => (await rig.findConfigMap('from-repo-a'))?.data?.['value'] === 'second',
    )
    expect(await reconcilesOf('repo-b')).toBe(before)
  })

  it('an object that comes later evaluates the set that waits for it', async () => {
    const generators = [{ config: { kind: 'ConfigMap', name: 'later' } }]
    await rig.put('waits', {
      generators,
      templates: [configMapTemplate('waited', { a: '{{ .Element.a }}' })],
    })
    await rig.waitFor('waits', 'failed', (set) => readyOf(set)?.status === 'False')
    await api.apply(rig.configMapPath('later'), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'later' },
      data: { a: 'b' },
    })
    await rig.waitReady('waits')
    expect((await rig.findConfigMap('waited'))?.data).toEqual({ a: 'b' })
  })
})

describe('a change of what a set has applied', () => {
  const path = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${NAMESPACE}/kustomizations/drifter`
  const template = {
    content: {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'drifter' },
      spec: { interval: '10m', prune: true, sourceRef: { kind: 'GitRepository', name: 'nothing' } },
    },
  }
  interface Kustomization extends ApiObject {
    readonly spec: { readonly interval: string }
  }

  beforeAll(async () => {
    await rig.put('drifter', { generators: [{ list: { elements: [{}] } }], templates: [template] })
    await rig.waitReady('drifter')
    await rig.put('drifts', listSpec([{ name: 'drifts', value: 'ours' }]))
    await rig.waitReady('drifts')
    // The watches are opened by the first apply of a kind.
    await sleep(1_000)
  })

  it('by a person is put back', async () => {
    const query = '?fieldManager=kubectl-edit'
    const json = 'application/merge-patch+json'
    await api.request('PATCH', path + query, { spec: { interval: '1m' } }, json)
    await api.request('PATCH', rig.configMapPath('drifts') + query, { data: { value: 'theirs' } }, json)
    await waitFor('the interval', async () => (await api.get<Kustomization>(path)).spec.interval === '10m')
    await waitFor('the value', async () => (await rig.findConfigMap('drifts'))?.data?.['value'] === 'ours')
  })

  it('by deleting it is put back', async () => {
    const before = await api.get(path)
    await api.delete(path)
    await api.delete(rig.configMapPath('drifts'))
    await waitFor('another one', async () => {
      const found = await api.find(path)
      return found !== undefined && found.metadata.uid !== before.metadata.uid
    })
    await waitFor('the ConfigMap', async () => (await rig.findConfigMap('drifts')) !== undefined)
  })
})

describe('time', () => {
  it('a daily question is asked once, however often the controller is restarted', async () => {
    await putAsking('daily')
    for (let restart = 0; restart < 5; restart++) {
      await controller.stop()
      controller = await start()
      await waitFor('a first look', async () => (await reconcilesOf('daily')) > 0)
    }
    expect(asked('daily')).toBe(1)
  })

  it('after a restart a rotated Secret still evaluates the set', async () => {
    await putSecret('three', 'old')
    await putAsking('uses-three', { headersRef: { kind: 'Secret', name: 'three' } })
    await controller.stop()
    controller = await start()
    await waitFor('a first look', async () => (await reconcilesOf('uses-three')) > 0)
    await sleep(500)
    expect(asked('uses-three')).toBe(1)
    await putSecret('three', 'new')
    await waitFor('it to be asked', () => asked('uses-three') === 2)
  })

  it('an object that went while the controller was away is put back', async () => {
    await putAsking('away')
    await controller.stop()
    await api.delete(rig.configMapPath('away'))
    controller = await start()
    await waitFor('the ConfigMap', async () => (await rig.findConfigMap('away')) !== undefined)
  })

  it('an interval beyond the longest timer does not spin', async () => {
    const name = 'years'
    await putAsking(name, { interval: '10000h' }, { interval: '10000h', timeout: '10000h' })
    const before = await reconcilesOf(name)
    await sleep(2_000)
    expect([asked(name), await reconcilesOf(name)]).toEqual([1, before])
  })

  it('a cron schedule is kept in its time zone', async () => {
    const schedule = { interval: undefined, schedule: '0 0 1 1 *', timeZone: 'Europe/Berlin' }
    await putAsking('yearly', schedule)
    const set = await rig.get('yearly')
    expect(set.status?.generators?.[0]?.nextEvaluation).toMatch(/^\d{4}-12-31T23:0\d:\d\dZ$/)
    expect(set.status?.nextEvaluation).toBe(set.status?.generators?.[0]?.nextEvaluation)
  })

  it('a request is answered at once and echoed, also by a set that fails', async () => {
    await putAsking('forced')
    await sleep(1_100)
    await rig.request('forced')
    expect(asked('forced')).toBe(2)
    stub.answer({ status: 500, body: '' })
    await sleep(1_100)
    const set = await rig.request('forced')
    expect(readyOf(set)?.status).toBe('False')
    stub.answer(elementOfPath)
    await rig.waitReady('forced')
  })
})
