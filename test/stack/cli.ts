import { parseArgs } from 'node:util'

import { ensureBinaries, ensureCrds, type BuildOptions } from './build.ts'
import { GO_MODULES, type GoModule } from './components.ts'
import { readStackEnvironment } from './environment.ts'
import { startStack, type StackPart } from './stack.ts'

const USAGE = `The servers that tests and the demo run on.

  npm run stack                      build every server that is missing
  npm run stack -- build [module…]   build only these: ${GO_MODULES.map(({ name }) => name).join(', ')}
  npm run stack -- up [part…]        start them, print where they are, stop at ctrl-c; parts:
                                     kubernetes, controller-manager, prometheus, flux (all of them unless told)

Binaries are kept in ~/.cache/gitopsset-controller (or below $XDG_CACHE_HOME). KUBEBUILDER_ASSETS and KUBECONFIG are respected.
`

const PARTS: readonly StackPart[] = ['kubernetes', 'controller-manager', 'prometheus', 'flux']

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean' } },
  })
  const [command = 'build', ...names] = positionals
  if (values.help === true) print(USAGE)
  else if (command === 'build') await build(pick(names, GO_MODULES, (module) => module.name))
  else if (command === 'up') await up(pick(names, PARTS, (part) => part))
  else throw new Error(`there is no command ${command}\n\n${USAGE}`)
}

async function build(modules: readonly GoModule[]): Promise<void> {
  const options: BuildOptions = { environment: readStackEnvironment(), onProgress: print }
  const binaries = await ensureBinaries(
    modules.flatMap((module) => Object.keys(module.binaries)),
    options,
  )
  for (const module of modules) if (module.crdModules.length > 0) await ensureCrds(module, options)
  print(`ready: ${[...binaries.keys()].join(', ')}`)
}

async function up(parts: readonly StackPart[]): Promise<void> {
  await using stack = await startStack({ parts, auditLog: true, onProgress: print })
  if (parts.some((part) => part !== 'prometheus')) print(`export KUBECONFIG=${stack.cluster.kubeconfigPath}`)
  if (parts.includes('prometheus')) print(`Prometheus: ${stack.prometheus.url}`)
  print(`logs: ${stack.dir}\nctrl-c stops everything`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  print('stopping')
}

/** The named ones of `all`, or all of them when none is named. */
function pick<T>(names: readonly string[], all: readonly T[], nameOf: (item: T) => string): readonly T[] {
  if (names.length === 0) return all
  return names.map((name) => {
    const found = all.find((item) => nameOf(item) === name)
    if (found === undefined) throw new Error(`${name} is none of ${all.map(nameOf).join(', ')}`)
    return found
  })
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
