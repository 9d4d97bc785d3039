import { afterEach, describe, expect, test } from 'vitest'
import type { JsonValue } from '../../helpers/go/value.ts'
import { ApiError } from '../../src/ports.ts'
import { settle } from '../support/fake-clock.ts'
import { configMaps, statusOf } from './fakes.ts'
import { listOf, nameOf, object, start, stopAll, target } from './watch-rig.ts'
import type { Rig } from './watch-rig.ts'

afterEach(stopAll)

describe('listing and watching', () => {
  test('lists, then watches from there, with bookmarks and a random end', async () => {
    const rig = await start()
    expect(rig.seen).toEqual(['+a@5', 'synced'])
    expect(rig.last().call.query).toEqual({
      watch: '1',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '450',
      resourceVersion: '10',
    })
    rig.last().send('ADDED', object('b', '11'))
    rig.last().send('MODIFIED', object('a', '12'))
    rig.last().send('DELETED', object('b', '13'))
    await settle()
    expect(rig.seen.slice(2)).toEqual(['+b@11', '+a@12', '-b@13'])
  })

  test('pages a long list and watches from its version', async () => {
    const pages = [
      { metadata: { resourceVersion: '10', continue: 'c' }, items: [object('a', '1')] },
      { metadata: { resourceVersion: '10' }, items: [object('b', '2')] },
    ]
    const rig = await start({ list: () => pages.shift()! })
    expect(rig.seen).toEqual(['+a@1', '+b@2', 'synced'])
    expect(rig.lists[1]?.query).toMatchObject({ continue: 'c' })
    expect(rig.last().call.query).toMatchObject({ resourceVersion: '10' })
  })

  test('selectors, one object, metadata only', async () => {
    const rig = await start({
      target: { ...target, namespace: 'ns', name: 'a', labelSelector: 'x=y', metadataOnly: true },
    })
    const selectors = { fieldSelector: 'metadata.name=a', labelSelector: 'x=y' }
    expect(rig.lists[0]).toMatchObject({ query: selectors, target: { namespace: 'ns' } })
    expect(rig.lists[0]?.accept).toBe('application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1')
    expect(rig.last().call).toMatchObject({ query: selectors })
    expect(rig.last().call.accept).toBe('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1')
  })

  test('a name cannot widen its selector', async () => {
    const rig = await start({ target: { ...target, name: 'a,metadata.name!=b\\' } })
    const selector = 'metadata.name=a\\,metadata.name!\\=b\\\\'
    expect(rig.last().call.query).toMatchObject({ fieldSelector: selector })
  })

  test('acts as the identity of its target, or as the controller', async () => {
    const identity = { kind: 'serviceAccount', namespace: 'ns', name: 'sa' } as const
    const rig = await start({ target: { ...target, identity } })
    expect([rig.lists[0]?.identity, rig.last().call.identity]).toEqual([identity, identity])
    const other = await start()
    expect(other.last().call.identity).toEqual({ kind: 'controller' })
  })

  test('gives objects their own kind', async () => {
    const kinds: string[] = []
    const rig = await start({
      handler: { onChange: (changed) => kinds.push(`${changed.apiVersion} ${changed.kind}`) },
    })
    rig
      .last()
      .send('ADDED', { ...object('b', '11'), apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' })
    await settle()
    expect(kinds).toEqual(['v1 ConfigMap', 'v1 ConfigMap'])
  })

  test('after the end of a watch goes on from the last version seen, bookmarks counted', async () => {
    const rig = await start()
    rig.last().send('MODIFIED', object('a', '12'))
    rig.last().send('BOOKMARK', { metadata: { resourceVersion: '99' } })
    rig.last().end()
    await settle()
    expect(rig.streams).toHaveLength(2)
    expect(rig.last().call.query).toMatchObject({ resourceVersion: '99' })
    expect(rig.lists).toHaveLength(1)
  })

  test('an object without a version does not move the cursor', async () => {
    const rig = await start()
    rig.last().send('ADDED', { metadata: { name: 'odd', namespace: 'ns' } })
    rig.last().end()
    await settle()
    expect(rig.last().call.query).toMatchObject({ resourceVersion: '10' })
  })

  test('lists again now and then, and tells only what differs', async () => {
    const rig = await start({
      list: () => listOf('10', object('a', '5'), object('b', '6'), object('c', '7')),
    })
    await rig.clock.advance(60_000)
    for (let minute = 0; minute < 10; minute++) {
      rig.last().send('BOOKMARK', { metadata: { resourceVersion: '20' } })
      await rig.clock.advance(60_000)
    }
    rig.seen.length = 0
    rig.list = () => listOf('30', object('a', '5'), object('b', '25'), object('d', '26'))
    rig.last().end()
    await settle()
    expect(rig.seen).toEqual(['+b@25', '+d@26', '-c@7'])
  })
})

describe('what goes wrong', () => {
  test.each([
    ['HTTP 410', undefined],
    ['an ERROR event 410', statusOf(410, 'Expired', 'too old resource version')],
  ])('%s: lists again, and finds what was deleted meanwhile, with its labels', async (_name, event) => {
    const deleted: JsonValue[] = []
    const rig = await start({
      list: () => listOf('10', object('a', '5'), object('b', '6')),
      handler: { onDelete: (gone) => deleted.push(gone.metadata) },
    })
    rig.list = () => listOf('50', object('b', '40'), object('c', '41'))
    if (event === undefined) {
      rig.refusal = new ApiError('gone', { status: 410, reason: 'Expired' })
      rig.last().end()
    } else {
      rig.last().send('ERROR', event)
    }
    await settle()
    await rig.clock.advance(800)
    rig.refusal = undefined
    await rig.clock.advance(2_000)
    expect(rig.seen.slice(3)).toEqual(['+b@40', '+c@41'])
    expect(deleted).toEqual([
      { name: 'a', namespace: 'ns', uid: 'uid-a', resourceVersion: '5', labels: { app: 'a' } },
    ])
    expect(rig.last().call.query).toMatchObject({ resourceVersion: '50' })
  })

  test('an object that was replaced by one of the same name is deleted first', async () => {
    const rig = await start()
    rig.list = () => listOf('50', object('a', '40', 'other'))
    rig.last().send('ERROR', statusOf(410, 'Expired', 'x'))
    await settle()
    await rig.clock.advance(2_000)
    expect(rig.seen.slice(2)).toEqual(['-a@5', '+a@40'])
  })

  test.each([
    ['the list fails', new ApiError('x', { status: 503, reason: 'ServiceUnavailable' })],
    ['the list is forbidden', new ApiError('x', { status: 403, reason: 'Forbidden' })],
    ['the connection breaks', new Error('socket hang up')],
  ])('%s: tries for ever, ever less often', async (_name, error) => {
    const rig = await start({
      list: () => {
        throw error
      },
    })
    await rig.clock.advance(60_000)
    const firstMinute = rig.lists.length
    await rig.clock.advance(3_600_000)
    const hour = rig.lists.length - firstMinute
    expect(firstMinute).toBeLessThan(12)
    expect(hour).toBeGreaterThan(100)
    expect(hour).toBeLessThan(260)
    rig.list = () => listOf('10', object('a', '5'))
    await rig.clock.advance(30_000)
    expect(rig.seen).toEqual(['+a@5', 'synced'])
    expect(rig.log.lines.filter((line) => line.level === 'warn')).toHaveLength(1)
  })

  test.each([
    ['429', new ApiError('x', { status: 429, reason: 'TooManyRequests' })],
    ['500', new ApiError('x', { status: 500, reason: 'InternalError' })],
    ['a reset', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
  ])('a watch that ends with %s goes on from where it was', async (_name, error) => {
    const rig = await start()
    rig.last().send('MODIFIED', object('a', '12'))
    rig.last().fail(error)
    await settle()
    await rig.clock.advance(2_000)
    expect(rig.streams).toHaveLength(2)
    expect(rig.last().call.query).toMatchObject({ resourceVersion: '12' })
    expect(rig.lists).toHaveLength(1)
  })

  test('honours Retry-After', async () => {
    const rig = await start()
    rig.refusal = new ApiError('x', { status: 429, reason: 'TooManyRequests', retryAfterMs: 20_000 })
    rig.last().end()
    await rig.clock.advance(2_000)
    rig.refusal = undefined
    await rig.clock.advance(17_000)
    expect(rig.streams).toHaveLength(1)
    await rig.clock.advance(5_000)
    expect(rig.streams).toHaveLength(2)
  })

  test('a version that the server refuses again and again is given up: it may have been restored', async () => {
    const rig = await start()
    rig.refusal = new ApiError('Too large resource version', { status: 504, reason: 'Timeout' })
    rig.list = () => listOf('3', object('a', '2'))
    rig.last().end()
    await settle()
    for (let i = 0; i < 20; i++) await rig.clock.advance(1_000)
    rig.refusal = undefined
    await rig.clock.advance(30_000)
    expect(rig.lists).toHaveLength(2)
    expect(rig.last().call.query).toMatchObject({ resourceVersion: '3' })
  })

  test('an unreachable server is not a reason to list again', async () => {
    const rig = await start()
    rig.refusal = new ApiError('x', { status: 0, reason: 'ConnectionFailed' })
    rig.last().end()
    for (let i = 0; i < 60; i++) await rig.clock.advance(5_000)
    rig.refusal = undefined
    await rig.clock.advance(30_000)
    expect(rig.lists).toHaveLength(1)
    expect(rig.streams).toHaveLength(2)
  })

  test('a watch that always ends at once does not spin', async () => {
    const rig = await start()
    for (let second = 0; second < 120; second++) {
      rig.last().endAtOnce()
      await rig.clock.advance(1_000)
    }
    expect(rig.streams.length).toBeLessThan(20)
  })

  test('silence ends a watch: its connection may be dead', async () => {
    const rig = await start()
    rig.last().send('BOOKMARK', { metadata: { resourceVersion: '15' } })
    await rig.clock.advance(79_000)
    expect(rig.last().call.signal.aborted).toBe(false)
    rig.last().send('BOOKMARK', { metadata: { resourceVersion: '16' } })
    await settle()
    await rig.clock.advance(79_000)
    expect(rig.last().call.signal.aborted).toBe(false)
    await rig.clock.advance(1_000)
    expect(rig.streams).toHaveLength(2)
    expect(rig.streams[0]?.call.signal.aborted).toBe(true)
    expect(rig.last().call.query).toMatchObject({ resourceVersion: '16' })
  })

  test('a quiet kind is watched anew each time without a pause, and is no failure', async () => {
    const rig = await start()
    for (let minute = 0; minute < 9; minute++) {
      await rig.clock.advance(60_000)
      expect(rig.watch.isFresh()).toBe(true)
    }
    expect(rig.streams).toHaveLength(7)
    expect(rig.lists).toHaveLength(1)
    expect(rig.log.lines).toEqual([])
  })

  test.each([
    ['not JSON', 'hunter2\n'],
    ['not an object', '[1]\n'],
    ['without an object', '{"type":"ADDED"}\n'],
    ['of an unknown type', '{"type":"HUNTER2","object":{}}\n'],
    ['endless', 'x'.repeat(8 * 1024 * 1024 + 1)],
  ])('a line that is %s ends the watch, and is not quoted', async (_name, text) => {
    const rig = await start()
    rig.last().sendText(text)
    await settle()
    await rig.clock.advance(2_000)
    expect(rig.streams).toHaveLength(2)
    expect(JSON.stringify(rig.log.lines).toLowerCase()).not.toContain('hunter2')
  })

  test('a handler that throws gets the next events all the same', async () => {
    const seen: string[] = []
    const rig = await start({
      list: () => listOf('10', object('a', '1'), object('b', '2')),
      handler: {
        onChange: (changed) => {
          seen.push(nameOf(changed))
          if (nameOf(changed) === 'a') throw new Error('cannot take it')
        },
        onSynced: () => {
          throw new Error('nor this')
        },
      },
    })
    rig.last().send('ADDED', object('c', '11'))
    await settle()
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(rig.watch.isFresh()).toBe(true)
  })

  test('a kind whose definition is removed loses its objects, and comes back', async () => {
    const rig = await start({ resources: { now: [configMaps], afterRefresh: [] } })
    rig.refusal = new ApiError('x', { status: 404, reason: 'PathNotFound' })
    rig.last().end()
    for (let i = 0; i < 5; i++) await rig.clock.advance(2_000)
    expect(rig.seen.slice(2)).toEqual(['-a@5'])
  })
})

describe('stop', () => {
  test('delivers nothing after it, wherever it comes', async () => {
    const rig = await start()
    rig.last().send('ADDED', object('b', '11'))
    rig.watch.stop()
    rig.last().send('ADDED', object('c', '12'))
    await settle()
    await rig.clock.advance(60_000)
    expect(rig.seen).toEqual(['+a@5', 'synced'])
    expect(rig.clock.pendingTimers).toBe(0)
    expect(rig.streams).toHaveLength(1)
  })

  test('from inside a handler, also for the rest of the same list', async () => {
    const seen: string[] = []
    const rigs: Rig[] = []
    const rig = await start({
      list: () => listOf('10', object('a', '1')),
      handler: {
        onChange: (changed) => {
          seen.push(nameOf(changed))
          rigs[0]?.watch.stop()
        },
      },
    })
    rigs.push(rig)
    rig.last().send('ADDED', object('b', '11'))
    rig.last().send('ADDED', object('c', '12'))
    await settle()
    expect(seen).toEqual(['a', 'b'])
  })

  test('while it waits for another attempt', async () => {
    const rig = await start({
      list: () => {
        throw new Error('down')
      },
    })
    rig.watch.stop()
    rig.list = () => listOf('10', object('a', '5'))
    await rig.clock.advance(120_000)
    expect(rig.seen).toEqual([])
    expect(rig.lists).toHaveLength(1)
    expect(rig.clock.pendingTimers).toBe(0)
  })
})

test('isFresh: listed once, and heard of lately', async () => {
  const rig = await start({
    list: () => {
      throw new Error('down')
    },
  })
  expect(rig.watch.isFresh()).toBe(false)
  rig.list = () => listOf('10')
  await rig.clock.advance(2_000)
  expect(rig.watch.isFresh()).toBe(true)
  rig.refusal = new ApiError('x', { status: 0, reason: 'ConnectionFailed' })
  await rig.clock.advance(300_000)
  expect(rig.watch.isFresh()).toBe(false)
})
