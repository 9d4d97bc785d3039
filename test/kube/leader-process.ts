/**
 * A controller in miniature, as a process of its own that a test can freeze: it runs for leadership and, while it leads, writes as fast as
 * it can. Arguments: kubeconfig, namespace, holder. Prints what happens to it, one word a line.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { startElection } from '../../src/kube/lease.ts'
import type { Elector } from '../../src/kube/lease.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { fakeLog } from './fakes.ts'
import { openReal } from './open-cluster.ts'

const [kubeconfigPath = '', namespace = '', holder = ''] = process.argv.slice(2)
const say = (word: string): boolean => process.stdout.write(`${word}\n`)

const state: { elector?: Elector } = {}
const cluster = await openReal(kubeconfigPath, {
  userAgent: `leader-${holder}`,
  assertMayWrite: () => state.elector?.assertLeading(),
})
const client = cluster.clients.clientFor({ kind: 'controller' })

async function work(signal: AbortSignal): Promise<void> {
  for (let n = 0; !signal.aborted; n++) {
    const metadata = { name: `work-${holder}`, namespace }
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { n: String(n) } }
    await client.apply(object, { fieldManager: 'work', force: false }, signal).catch(() => undefined)
    if (n === 10) say('working')
    await sleep(5)
  }
}

const electionCluster = await openReal(kubeconfigPath, { userAgent: 'election' })
state.elector = startElection({
  requester: electionCluster.requester,
  clock: systemClock(),
  random: Math.random,
  log: fakeLog(),
  namespace,
  name: 'leader',
  holder,
  times: { leaseMs: 6_000, renewDeadlineMs: 4_000, retryMs: 500 },
  onStarted(signal) {
    say('started')
    void work(signal)
  },
  onLost() {
    say('lost')
    // The real one exits here. This one stays, to show that nothing is written anyway.
  },
})
async function end(): Promise<void> {
  await state.elector?.stop()
  say('stopped')
  await Promise.all([cluster.close(), electionCluster.close()])
}

process.on('SIGTERM', () => {
  void end()
})
