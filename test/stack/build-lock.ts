import { readFileSync, rmSync, writeFileSync } from 'node:fs'

import { waitFor } from './poll.ts'
import { isAlive } from './supervised-process.ts'

const MAX_WAIT_MS = 3_600_000

/**
 * Holds a lock file while `work` runs. Another process that wants it waits, unless the holder is dead. Two processes that take over a dead
 * holder's lock at the same moment may both work: the lock saves work, correctness comes from renaming finished files into place.
 */
export async function withBuildLock<T>(
  path: string,
  onWait: (holderPid: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  let isTold = false
  await waitFor(
    `the lock ${path}`,
    () => {
      if (tryLock(path)) return true
      const holder = readHolder(path)
      if (holder === undefined || !isAlive(holder)) rmSync(path, { force: true })
      else if (!isTold) {
        isTold = true
        onWait(holder)
      }
      return false
    },
    { deadlineMs: MAX_WAIT_MS, intervalMs: 500 },
  )
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function tryLock(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readHolder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
