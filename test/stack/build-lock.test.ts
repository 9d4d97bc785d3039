import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { withBuildLock } from './build-lock.ts'

/** Above the largest pid that Linux gives. */
const DEAD_PID = 4_194_305

let dir = ''
let lock = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-test-'))
  lock = join(dir, 'lock')
})
afterEach(() => rmSync(dir, { recursive: true }))

test('holders work one after the other, and the lock goes in the end', async () => {
  const steps: string[] = []
  const waited: number[] = []
  const hold = async (name: string): Promise<void> =>
    withBuildLock(
      lock,
      (pid) => waited.push(pid),
      async () => {
        steps.push(`${name} starts`)
        await Promise.resolve()
        steps.push(`${name} ends`)
      },
    )
  await Promise.all([hold('a'), hold('b')])
  expect(steps).toEqual(['a starts', 'a ends', 'b starts', 'b ends'])
  expect(waited).toEqual([process.pid])
  expect(existsSync(lock)).toBe(false)
})

test('a failure frees the lock', async () => {
  const failing = withBuildLock(
    lock,
    () => undefined,
    async () => Promise.reject(new Error('no compiler')),
  )
  await expect(failing).rejects.toThrow('no compiler')
  expect(existsSync(lock)).toBe(false)
})

test("a dead holder's lock is taken over", async () => {
  writeFileSync(lock, String(DEAD_PID))
  await expect(
    withBuildLock(
      lock,
      () => undefined,
      async () => Promise.resolve('built'),
    ),
  ).resolves.toBe('built')
})
