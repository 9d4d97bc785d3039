import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { waitFor } from '../stack/poll.ts'
import { useCluster } from '../support/cluster.ts'

const shared = useCluster()
const script = join(import.meta.dirname, 'leader-process.ts')

interface Leader {
  readonly process: ChildProcess
  readonly said: string[]
}

const leaders: Leader[] = []
let namespace: string

beforeEach(async () => {
  namespace = await shared.createNamespace('kube-lease')
})

afterEach(() => {
  for (const leader of leaders.splice(0)) leader.process.kill('SIGKILL')
})

afterAll(() => shared.api.close())

function startLeader(holder: string): Leader {
  const child = spawn(process.execPath, [script, shared.kubeconfigPath, namespace, holder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const leader = { process: child, said: [] as string[] }
  child.stdout.on('data', (chunk: Buffer) => leader.said.push(...chunk.toString().trim().split('\n')))
  leaders.push(leader)
  return leader
}

/** When its writes were received, by its user agent. */
function writesOf(holder: string): number[] {
  return shared
    .readAuditLog()
    .filter((event) => event.userAgent === `leader-${holder}` && event.objectRef?.namespace === namespace)
    .filter((event) => event.objectRef?.resource === 'configmaps')
    .map((event) => Date.parse(event.requestReceivedTimestamp))
}

const says = (leader: Leader, word: string): Promise<boolean> =>
  waitFor(`a leader to say ${word}`, () => leader.said.includes(word))

test('a frozen leader is followed, and writes nothing when it wakes up', async () => {
  const first = startLeader('frozen')
  await says(first, 'working')
  const second = startLeader('second')
  first.process.kill('SIGSTOP')
  await says(second, 'working')
  const wokenAtMs = Date.now()
  first.process.kill('SIGCONT')
  await says(first, 'lost')
  await waitFor('the second leader to go on', () =>
    writesOf('second').some((atMs) => atMs > wokenAtMs + 1_000),
  )
  const late = writesOf('frozen').filter((atMs) => atMs >= wokenAtMs)
  expect(late).toEqual([])
})

test('a killed leader is followed when its lease has run out, and their writes do not overlap', async () => {
  const first = startLeader('killed')
  await says(first, 'working')
  const second = startLeader('heir')
  first.process.kill('SIGKILL')
  await says(second, 'working')
  expect(Math.max(...writesOf('killed'))).toBeLessThan(Math.min(...writesOf('heir')))
})

test('a leader that is stopped gives the lease back', async () => {
  const first = startLeader('polite')
  await says(first, 'working')
  first.process.kill('SIGTERM')
  await says(first, 'stopped')
  const lease = await shared.api.get<{ spec: { holderIdentity?: string } }>(
    `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/leader`,
  )
  expect(lease.spec.holderIdentity ?? '').toBe('')
})
