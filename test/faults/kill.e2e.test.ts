import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../fuzz/random.ts'
import { useCluster } from '../support/cluster.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { SetRig, inventoryOf, listSpec, readyOf } from '../support/set-rig.ts'
import type { SetObject } from '../support/set-rig.ts'

const KILLS = 50
/** To replay a run, put the seed here that it printed. */
const SEED = randomInt(2 ** 32)
/** The requests of one step take about this long at the rate that the controller is held to. */
const STEP_MS = 1_000
const SETS = ['alpha', 'beta', 'gamma']

/** What every set renders after a step; undefined: the sets are deleted. */
const STEPS: readonly {
  readonly name: string
  readonly data: Readonly<Record<string, string>> | undefined
}[] = [
  { name: 'first apply', data: { a: '1', b: '1', c: '1', d: '1', e: '1' } },
  { name: 'update', data: { a: '2', b: '2', c: '2', d: '2', f: '2' } },
  { name: 'prune', data: { a: '2' } },
  { name: 'deletion', data: undefined },
]

const cluster = useCluster()
const logs: string[] = []
let controller: ControllerProcess
let rig: SetRig
let killedInBetween = 0

beforeAll(async () => {
  rig = new SetRig(cluster.api, await cluster.createNamespace('kill'))
  controller = await start()
})

afterAll(async () => {
  await controller?.stop()
  await cluster.api.close()
})

function start(): Promise<ControllerProcess> {
  return startController({
    kubeconfigPath: cluster.kubeconfigPath,
    flags: [`--watch-namespaces=${rig.namespace}`, '--kube-api-qps=60', '--kube-api-burst=1'],
    waitUntilReady: false,
  })
}

async function takeStep(data: Readonly<Record<string, string>> | undefined): Promise<void> {
  for (const set of SETS) {
    if (data === undefined) await cluster.api.delete(rig.path(set))
    else await rig.put(set, listSpec(elementsOf(set, data)))
  }
}

function elementsOf(set: string, data: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(data).map(([key, value]) => ({ name: `${set}-${key}`, value }))
}

async function isDone(set: string, data: Readonly<Record<string, string>> | undefined): Promise<boolean> {
  const found = await cluster.api.find<SetObject>(rig.path(set))
  if (data === undefined || found === undefined) return data === undefined && found === undefined
  return found.status?.observedGeneration === found.metadata.generation && readyOf(found)?.status === 'True'
}

/** Nothing lost, nothing left over, and the inventory tells the truth. */
async function expectConverged(data: Readonly<Record<string, string>> | undefined): Promise<void> {
  for (const set of SETS) {
    if (data === undefined) {
      await rig.waitGone(set)
      expect(await rig.ownedConfigMaps(set)).toEqual([])
      continue
    }
    const object = await rig.waitReady(set)
    const names = elementsOf(set, data).map(({ name }) => name)
    expect(await rig.ownedConfigMaps(set)).toEqual(names.sort())
    expect(inventoryOf(object)).toEqual(names.map((name) => `${rig.namespace}_${name}__ConfigMap`))
    for (const { name, value } of elementsOf(set, data)) {
      expect((await rig.findConfigMap(name))?.data).toEqual({ value })
    }
    expect(JSON.stringify(object.status)).not.toMatch(/already ?exists/i)
  }
}

describe(`a controller that is killed at random points (seed ${SEED})`, () => {
  const random = new Random(SEED)

  it(`loses and leaves nothing in ${KILLS} kills`, { timeout: 400_000 }, async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const { name, data } = STEPS[kill % STEPS.length] ?? { name: '', data: undefined }
      await takeStep(data)
      await sleep(random.next() * STEP_MS)
      await controller.kill()
      const done = await Promise.all(SETS.map((set) => isDone(set, data)))
      if (done.includes(false)) killedInBetween++
      logs.push(controller.log())
      controller = await start()
      await expectConverged(data).catch((error: unknown) => {
        throw new Error(`after kill ${kill} in ${name}, seed ${SEED}`, { cause: error })
      })
    }
    expect(logs.join('')).not.toMatch(/already ?exists/i)
    // Kills after the work is done show little.
    expect(killedInBetween).toBeGreaterThan(KILLS / 2)
  })

  it('writes nothing more once everything is as it should be', async () => {
    await takeStep({ a: '3', b: '3' })
    await expectConverged({ a: '3', b: '3' })
    const writes = (): number =>
      cluster
        .readAuditLog()
        .filter(({ objectRef }) => objectRef?.namespace === rig.namespace && objectRef.resource !== 'events')
        .filter(({ verb }) => ['create', 'update', 'patch', 'delete'].includes(verb)).length
    await sleep(1_000)
    const before = writes()
    for (const set of SETS) await rig.request(set)
    // The annotation is our own write, its echo in the status the controller's.
    expect(writes() - before).toBe(2 * SETS.length)
  })
})
