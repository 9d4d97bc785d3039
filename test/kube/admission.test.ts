import { expect, test } from 'vitest'
import { createAdmission } from '../../src/kube/admission.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'

const unlimited = { maxInFlight: 1000, qps: 0, burst: 0 }

test('lets so many in at once, and the others in their order', async () => {
  const admission = createAdmission(new FakeClock(), { ...unlimited, maxInFlight: 2 })
  const entered: number[] = []
  const leave: (() => void)[] = []
  const enter = async (id: number): Promise<void> => {
    leave[id] = await admission.enter()
    entered.push(id)
  }
  for (const id of [1, 2, 3, 4]) void enter(id)
  await settle()
  expect(entered).toEqual([1, 2])
  leave[2]!()
  leave[2]!()
  await settle()
  expect(entered).toEqual([1, 2, 3])
  leave[1]!()
  leave[3]!()
  await settle()
  expect(entered).toEqual([1, 2, 3, 4])
})

test('one who gives up while waiting takes no place', async () => {
  const admission = createAdmission(new FakeClock(), { ...unlimited, maxInFlight: 1 })
  const leave = await admission.enter()
  const stop = new AbortController()
  const waiting = admission.enter(stop.signal)
  stop.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
  leave()
  await expect(admission.enter()).resolves.toBeTypeOf('function')
})

test('one who is let in and gives up in the same moment gives the place back', async () => {
  const admission = createAdmission(new FakeClock(), { ...unlimited, maxInFlight: 1 })
  const leave = await admission.enter()
  const stop = new AbortController()
  const waiting = admission.enter(stop.signal)
  await settle()
  leave()
  stop.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
  await expect(admission.enter()).resolves.toBeTypeOf('function')
})

test('after a burst, requests go at the rate', async () => {
  const clock = new FakeClock()
  const admission = createAdmission(clock, { maxInFlight: 1000, qps: 10, burst: 3 })
  let entered = 0
  for (let i = 0; i < 6; i++) void admission.enter().then(() => entered++)
  await settle()
  expect(entered).toBe(3)
  await clock.advance(100)
  expect(entered).toBe(4)
  await clock.advance(200)
  expect(entered).toBe(6)
})

test('tokens do not pile up beyond the burst', async () => {
  const clock = new FakeClock()
  const admission = createAdmission(clock, { maxInFlight: 1000, qps: 10, burst: 2 })
  await clock.advance(60_000)
  let entered = 0
  for (let i = 0; i < 5; i++) void admission.enter().then(() => entered++)
  await settle()
  expect(entered).toBe(2)
})
