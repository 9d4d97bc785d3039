import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../stack/poll.ts'
import { useCluster } from '../support/cluster.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { SetRig, apiSpec, listSpec } from '../support/set-rig.ts'
import { startStubApi } from '../support/stub-api.ts'

const cluster = useCluster()
const { api } = cluster
let rig: SetRig

interface Lease {
  readonly spec: { readonly holderIdentity?: string; readonly leaseTransitions?: number }
}

beforeAll(async () => {
  rig = new SetRig(api, await cluster.createNamespace('leader'))
})

afterAll(async () => {
  await api.close()
})

function start(): Promise<ControllerProcess> {
  return startController({
    kubeconfigPath: cluster.kubeconfigPath,
    flags: [
      `--watch-namespaces=${rig.namespace}`,
      '--leader-elect',
      '--lease-name=e2e',
      `--lease-namespace=${rig.namespace}`,
    ],
  })
}

async function findHolder(): Promise<string> {
  const lease = await api.find<Lease>(`/apis/coordination.k8s.io/v1/namespaces/${rig.namespace}/leases/e2e`)
  return lease?.spec.holderIdentity ?? ''
}

async function takesWork(name: string): Promise<void> {
  await rig.put(name, listSpec([{ name, value: 'x' }]))
  await rig.waitReady(name)
}

describe('two replicas', () => {
  it('one acts, and the other takes over when it is killed or stopped', { timeout: 180_000 }, async () => {
    await using first = await start()
    await waitFor('a leader', async () => (await findHolder()) !== '')
    await using second = await start()
    await takesWork('by-first')
    expect(second.log()).not.toContain('reconcile finished')
    const holder = await findHolder()

    await first.kill()
    await waitFor('another leader', async () => ![holder, ''].includes(await findHolder()), {
      deadlineMs: 20_000,
    })
    await takesWork('by-second')

    await using third = await start()
    expect(await second.stop()).toBe(0)
    // The Lease was given back, so nobody waits for it to run out.
    await waitFor('the third', async () => ![holder, ''].includes(await findHolder()), { deadlineMs: 5_000 })
    await takesWork('by-third')
    expect(third.log()).toContain('reconcile finished')
  })
})

describe('SIGTERM', () => {
  it('ends the process in time, also in the middle of an evaluation', async () => {
    await using stub = await startStubApi()
    stub.answer('hang')
    const controller = await start()
    await rig.put('hanging', apiSpec(stub.url, { timeout: '60s' }))
    await waitFor('the question', () => stub.requests.length > 0)
    const startedAt = performance.now()
    expect(await controller.stop()).toBe(0)
    // Kubernetes kills after 30 s.
    expect(performance.now() - startedAt).toBeLessThan(25_000)
    expect(await findHolder()).toBe('')
  })
})
