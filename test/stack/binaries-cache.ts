import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { GoModule } from './components.ts'

/**
 * The folder of a module's binaries. Its name is a hash of everything that they are built from, so that clones share them and a changed pin
 * never meets an old binary.
 */
export function binariesFolder(module: GoModule, cacheDir: string): string {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(module.dir, file)))
  const { binaries, stampedModule, crdModules } = module
  hash.update(JSON.stringify([binaries, stampedModule, crdModules, process.platform, process.arch]))
  return join(cacheDir, 'stack', hash.digest('hex').slice(0, 20))
}
