import { describe, expect, test } from 'vitest'
import { WorkQueue } from '../../src/controller/queue.ts'
import type { Cause } from '../../src/controller/queue.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'

interface Gate {
  readonly key: string
  readonly causes: readonly Cause[]
  readonly open: () => void
}

function newQueue(concurrency: number) {
  const clock = new FakeClock()
  const gates: Gate[] = []
  const queue = new WorkQueue({
    clock,
    concurrency,
    handle: (key, causes) =>
      new Promise((resolve) => {
        gates.push({ key, causes, open: resolve })
      }),
  })
  const keys = () => gates.map((gate) => gate.key)
  return { clock, gates, queue, keys }
}

const SPEC: Cause = { kind: 'spec' }

describe('WorkQueue', () => {
  test('handles a key once for several causes that came before its turn', async () => {
    const { queue, gates } = newQueue(1)
    queue.add('a/x', SPEC)
    queue.add('a/x', SPEC)
    queue.add('a/x', { kind: 'drift' })
    queue.start()
    expect(gates).toHaveLength(1)
    expect(gates[0]?.causes).toEqual([SPEC, { kind: 'drift' }])
    gates[0]?.open()
    await settle()
    expect(gates).toHaveLength(1)
  })

  test('never handles a key twice at once, and again afterwards when asked meanwhile', async () => {
    const { queue, gates } = newQueue(4)
    queue.start()
    queue.add('a/x', SPEC)
    queue.add('a/x', SPEC)
    expect(gates).toHaveLength(1)
    gates[0]?.open()
    await settle()
    expect(gates).toHaveLength(2)
  })

  test('lets namespaces take turns', async () => {
    const { queue, gates, keys } = newQueue(1)
    for (const name of ['1', '2', '3']) queue.add(`noisy/${name}`, SPEC)
    queue.add('quiet/1', SPEC)
    queue.start()
    for (let i = 0; i < 4; i++) {
      gates[i]?.open()
      await settle()
    }
    expect(keys()).toEqual(['noisy/1', 'quiet/1', 'noisy/2', 'noisy/3'])
  })

  test('replaces an earlier timer of the same key', async () => {
    const { queue, clock, gates } = newQueue(1)
    queue.start()
    queue.schedule('a/x', 1_000)
    queue.schedule('a/x', 5_000)
    await clock.advance(4_999)
    expect(gates).toHaveLength(0)
    await clock.advance(1)
    expect(gates[0]?.causes).toEqual([{ kind: 'timer' }])
  })

  test('stop waits for what is being handled and starts nothing more', async () => {
    const { queue, clock, gates } = newQueue(1)
    queue.start()
    queue.add('a/x', SPEC)
    queue.add('a/y', SPEC)
    queue.schedule('a/z', 10)
    let stopped = false
    const stopping = queue.stop().then(() => (stopped = true))
    await clock.advance(100)
    expect(stopped).toBe(false)
    gates[0]?.open()
    await stopping
    expect(gates).toHaveLength(1)
  })

  test('a key that takes long gives its place to the next, and is still not handled twice at once', async () => {
    const { clock, queue, gates, keys } = newQueue(1)
    queue.start()
    queue.add('a/slow', SPEC)
    queue.add('a/next', SPEC)
    queue.add('a/slow', SPEC)
    expect(keys()).toEqual(['a/slow'])
    await clock.advance(5_000)
    expect(keys()).toEqual(['a/slow', 'a/next'])
    gates[1]?.open()
    await clock.advance(5_000)
    expect(keys()).toEqual(['a/slow', 'a/next'])
    gates[0]?.open()
    await settle()
    expect(keys()).toEqual(['a/slow', 'a/next', 'a/slow'])
  })

  test('but no more than a bounded number of keys at a time', async () => {
    const { clock, queue, keys } = newQueue(1)
    queue.start()
    for (let i = 0; i < 40; i++) queue.add(`a/slow-${i}`, SPEC)
    for (let i = 0; i < 40; i++) await clock.advance(5_000)
    expect(keys()).toHaveLength(17)
  })
})
