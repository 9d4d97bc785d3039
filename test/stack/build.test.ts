import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { ensureBinaries, type BuildOptions } from './build.ts'

/** Answers as the toolchain does: `go env`, and `go build` which writes its arguments into the file after `-o`. */
const FAKE_GO = `#!/bin/sh
if [ "$1" = env ]; then echo go99.0; echo local; exit; fi
echo build >> "$BUILDS"
[ -z "$BROKEN" ] || { echo 'undefined: frobnicate'; exit 1; }
all="$*"
while [ "$1" != -o ]; do shift; done
echo "$all" > "$2"
`

let dir = ''
let lines: string[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'build-test-'))
  lines = []
  writeFileSync(join(dir, 'go'), FAKE_GO)
  chmodSync(join(dir, 'go'), 0o755)
})
afterEach(() => rmSync(dir, { recursive: true }))

test('builds once, stamping the version of go.mod, and then finds it', async () => {
  const first = await ensureBinaries(['kube-apiserver'], options())
  const path = first.get('kube-apiserver')!
  const command = readFileSync(path, 'utf8')
  const version = /^\tk8s\.io\/kubernetes (v\S+)/m.exec(readFileSync(goMod('kubernetes'), 'utf8'))?.[1]
  expect(command).toContain(`-X k8s.io/component-base/version.gitVersion=${version} `)
  expect(command).toContain('k8s.io/kubernetes/cmd/kube-apiserver')
  expect(lines).toEqual([
    '[1/1] kube-apiserver: building',
    expect.stringMatching(/^\[1\/1\] kube-apiserver: built in \d+ s$/),
  ])
  expect(readdirSync(dirname(path))).toEqual(['kube-apiserver'])

  expect(await ensureBinaries(['kube-apiserver'], options())).toEqual(first)
  expect(builds()).toBe(1)
})

test('two that want the same build it once', async () => {
  const [first, second] = await Promise.all([
    ensureBinaries(['promtool'], options()),
    ensureBinaries(['promtool'], options()),
  ])
  expect(first).toEqual(second)
  expect(builds()).toBe(1)
})

test('a failed build shows what the compiler said and leaves nothing that looks built', async () => {
  await expect(ensureBinaries(['etcd'], options({ BROKEN: '1' }))).rejects.toThrow(
    /go build of etcd .*\nundefined: frobnicate/,
  )
  const [path] = (await ensureBinaries(['etcd'], options())).values()
  expect(readFileSync(path!, 'utf8')).toContain('go.etcd.io/etcd')
})

test('servers in the folder of KUBEBUILDER_ASSETS are used, others built', async () => {
  writeFileSync(join(dir, 'etcd'), '')
  const paths = await ensureBinaries(['etcd', 'promtool'], options({}, dir))
  expect(paths.get('etcd')).toBe(join(dir, 'etcd'))
  expect(paths.get('promtool')).toMatch(/\/stack\/[0-9a-f]{20}\/promtool$/)
})

test('a name that no module builds is refused', async () => {
  await expect(ensureBinaries(['kubelet'], options())).rejects.toThrow(
    'no part of the test stack is called kubelet',
  )
})

function options(extra: Record<string, string> = {}, assetsDir?: string): BuildOptions {
  const goEnv = { PATH: `${dir}:/usr/bin:/bin`, BUILDS: join(dir, 'builds'), ...extra }
  return {
    environment: {
      cacheDir: join(dir, 'cache'),
      assetsDir,
      kubeconfigPath: undefined,
      allowsRemoteCluster: false,
      goEnv,
    },
    onProgress: (line) => lines.push(line),
  }
}

function builds(): number {
  const path = join(dir, 'builds')
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').length : 0
}

function goMod(module: string): string {
  return join(import.meta.dirname, module, 'go.mod')
}
