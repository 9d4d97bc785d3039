import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024

/** The `go` line of a module: the oldest toolchain that builds it. */
export function requiredGoVersion(moduleDir: string): string {
  const version = /^go (\S+)$/m.exec(readFileSync(join(moduleDir, 'go.mod'), 'utf8'))?.[1]
  if (version === undefined) throw new Error(`${moduleDir}/go.mod has no go line`)
  return version
}

/** The version of a dependency as go.mod has it, for example `v1.36.1`. */
export function dependencyVersion(moduleDir: string, path: string): string {
  const line = readFileSync(join(moduleDir, 'go.mod'), 'utf8')
    .split('\n')
    .map((text) => text.trim().split(' '))
    .find(([name, version]) => name === path && version?.startsWith('v'))
  if (line?.[1] === undefined) throw new Error(`${moduleDir}/go.mod does not require ${path}`)
  return line[1]
}

/** Throws, saying what to do, when there is no Go toolchain or it can not build a module that needs `minimum`. */
export async function checkGo(minimum: string, env: Readonly<Record<string, string>>): Promise<void> {
  const advice =
    `The test stack builds etcd, kube-apiserver and others from their Go modules. Install Go ${minimum} or newer ` +
    '(https://go.dev/dl), or set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver.'
  let found: string[]
  try {
    const { stdout } = await run('go', ['env', 'GOVERSION', 'GOTOOLCHAIN'], { env, cwd: '/' })
    found = stdout.trim().split('\n')
  } catch (error) {
    throw new Error(`there is no Go toolchain on the PATH. ${advice}`, { cause: error })
  }
  const [version = '', toolchain = ''] = found.map((text) => text.replace(/^go/, ''))
  if (toolchain === 'local' && compareVersions(version, minimum) < 0) {
    throw new Error(
      `Go ${version} is too old and GOTOOLCHAIN=local keeps it from fetching a newer one. ${advice}`,
    )
  }
}

/** Downloads a module and gives the folder that it is unpacked in. */
export async function downloadModule(
  module: { readonly path: string; readonly version: string },
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const args = ['mod', 'download', '-json', `${module.path}@${module.version}`]
  const { stdout } = await run('go', args, { env, cwd, maxBuffer: MAX_OUTPUT_BYTES })
  return (JSON.parse(stdout) as { Dir: string }).Dir
}

/** Negative when `left` is older. Anything but dot-separated numbers, for example a pre-release suffix, is left out. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => (text.match(/^[\d.]+/)?.[0] ?? '').split('.').map(Number))
  for (let index = 0; index < 3; index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
