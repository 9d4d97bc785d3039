#!/usr/bin/env node
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `gitopsset needs Node.js 22.19 or newer; this is ${process.versions.node}. In a clone, npx gitopsset uses the right one.\n`,
  )
  process.exit(3)
}
nodeModule.enableCompileCache()

// A clone runs its source as it is; a package has only what was built from it.
const source = new URL('../src/cli/process.ts', import.meta.url)
const built = new URL('../dist/src/cli/process.js', import.meta.url)
const { runProcess } = await import((existsSync(source) ? source : built).href)
await runProcess(process.argv.slice(2))
