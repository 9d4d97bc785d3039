import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { ensureBinaries } from './build.ts'
import { readStackEnvironment } from './environment.ts'

const run = promisify(execFile)
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

/** What `kustomize build` makes of a folder with these files (path → text). Throws with kustomize's own words when it can not. */
export async function kustomizeBuild(files: Readonly<Record<string, string>>): Promise<string> {
  const binaries = await ensureBinaries(['kustomize'], {
    environment: readStackEnvironment(),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  })
  const dir = mkdtempSync(join(tmpdir(), 'gitopsset-kustomize-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), text)
    }
    const args = ['build', dir]
    const { stdout } = await run(binaries.get('kustomize')!, args, { env: {}, maxBuffer: MAX_OUTPUT_BYTES })
    return stdout
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
