import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'

import { binariesFolder } from './binaries-cache.ts'
import { withBuildLock } from './build-lock.ts'
import { moduleOf, type GoModule } from './components.ts'
import type { StackEnvironment } from './environment.ts'
import { checkGo, dependencyVersion, downloadModule, requiredGoVersion } from './go.ts'
import { startProcess } from './supervised-process.ts'

export interface BuildOptions {
  readonly environment: StackEnvironment
  /** Gets one line of text at a time. */
  readonly onProgress: (line: string) => void
}

const PROGRESS_INTERVAL_MS = 15_000
const TAIL_LINES = 15

/** Builds what is missing. Gives the path of each of the named binaries. */
export async function ensureBinaries(
  names: readonly string[],
  options: BuildOptions,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map(names.map((name) => [name, binaryPath(name, options.environment)]))
  const missing = names.filter((name) => !existsSync(paths.get(name)!))
  for (const [index, name] of missing.entries()) {
    await buildOnce(name, `[${index + 1}/${missing.length}] ${name}`, options)
  }
  return paths
}

/** The folder with the custom resource definitions that a module brings, copied there once. */
export async function ensureCrds(module: GoModule, options: BuildOptions): Promise<string> {
  const folder = binariesFolder(module, options.environment.cacheDir)
  const target = join(folder, 'crds')
  if (existsSync(target)) return target
  await withLock(folder, 'custom resource definitions', options, async () => {
    if (existsSync(target)) return
    const draft = `${target}.${process.pid}`
    mkdirSync(draft, { recursive: true })
    for (const path of module.crdModules) {
      const version = dependencyVersion(module.dir, `${path}/api`)
      const source = await downloadModule({ path, version }, module.dir, options.environment.goEnv)
      const bases = join(source, 'config', 'crd', 'bases')
      for (const file of readdirSync(bases)) cpSync(join(bases, file), join(draft, file))
    }
    renameSync(draft, target)
  })
  return target
}

function binaryPath(name: string, environment: StackEnvironment): string {
  const { assetsDir, cacheDir } = environment
  if (assetsDir !== undefined && existsSync(join(assetsDir, name))) return join(assetsDir, name)
  return join(binariesFolder(moduleOf(name), cacheDir), name)
}

async function buildOnce(name: string, label: string, options: BuildOptions): Promise<void> {
  const module = moduleOf(name)
  const target = binaryPath(name, options.environment)
  await checkGo(requiredGoVersion(module.dir), options.environment.goEnv)
  await withLock(binariesFolder(module, options.environment.cacheDir), label, options, async () => {
    if (!existsSync(target)) await build(module, target, label, options)
  })
}

async function withLock(
  folder: string,
  label: string,
  { onProgress }: BuildOptions,
  work: () => Promise<void>,
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const onWait = (pid: number): void => onProgress(`${label}: process ${pid} is building it, waiting`)
  await withBuildLock(join(folder, 'lock'), onWait, work)
}

async function build(
  module: GoModule,
  target: string,
  label: string,
  { environment, onProgress }: BuildOptions,
): Promise<void> {
  const startedAt = performance.now()
  const elapsed = (): string => `${Math.round((performance.now() - startedAt) / 1000)} s`
  onProgress(`${label}: building`)
  const progress = setInterval(
    () => onProgress(`${label}: still building, ${elapsed()}`),
    PROGRESS_INTERVAL_MS,
  )

  const draft = `${target}.${process.pid}`
  const logPath = `${target}.log`
  rmSync(logPath, { force: true })
  const go = startProcess({
    command: 'nice',
    args: [
      'go',
      'build',
      '-buildvcs=false',
      '-ldflags',
      linkerFlags(module),
      '-o',
      draft,
      module.binaries[basename(target)]!,
    ],
    cwd: module.dir,
    env: environment.goEnv,
    logPath,
  })
  const code = await go.exited
  clearInterval(progress)
  if (code !== 0) {
    const tail = readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
    throw new Error(`go build of ${basename(target)} in ${module.dir} ended with ${code}:\n${tail}`)
  }
  renameSync(draft, target)
  rmSync(logPath)
  onProgress(`${label}: built in ${elapsed()}`)
}

function linkerFlags({ dir, stampedModule }: GoModule): string {
  if (stampedModule === undefined) return '-s -w'
  const version = dependencyVersion(dir, stampedModule)
  const [major, minor] = version.replace('v', '').split('.')
  const stamp = (name: string, value: string | undefined): string =>
    `-X k8s.io/component-base/version.${name}=${value}`
  return ['-s -w', stamp('gitVersion', version), stamp('gitMajor', major), stamp('gitMinor', minor)].join(' ')
}
