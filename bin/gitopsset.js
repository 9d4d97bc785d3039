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
const isClone = existsSync(source)
const entry = isClone ? source : new URL('../dist/src/cli/process.js', import.meta.url)
const extension = isClone ? '.ts' : '.js'
const root = new URL(isClone ? '../' : '../dist/', import.meta.url).href
const packages = `${root}node_modules/`

// Our own imports name the file and all are modules: finding that out anew for each of some 250 files is a third of the start.
nodeModule.registerHooks({
  resolve(specifier, context, next) {
    const parent = context.parentURL ?? ''
    const isOurs = parent.startsWith(root) && !parent.startsWith(packages)
    if (!isOurs || !specifier.startsWith('.') || !specifier.endsWith(extension))
      return next(specifier, context)
    const format = isClone ? 'module-typescript' : 'module'
    return { url: new URL(specifier, parent).href, format, shortCircuit: true }
  },
})

const { runProcess } = await import(entry.href)
await runProcess(process.argv.slice(2))
