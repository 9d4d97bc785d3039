import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { isAlive } from './supervised-process.ts'

/** A new temporary folder. Its name has our pid: folders of programs that were killed before they could tidy up are removed on the way. */
export function createStackFolder(parent: string = tmpdir()): string {
  for (const name of readdirSync(parent)) {
    const pid = /^gitopsset-stack-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(parent, name), { recursive: true, force: true })
  }
  return mkdtempSync(join(parent, `gitopsset-stack-${process.pid}-`))
}
