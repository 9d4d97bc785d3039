import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CliContext } from '../../src/cli/context.ts'
import { main } from '../../src/cli/main.ts'

export interface CliResult {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command line in this process. */
export async function runCli(args: readonly string[], stdin = ''): Promise<CliResult> {
  let out = ''
  let err = ''
  const context: CliContext = {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    readStdin: () => Promise.resolve(stdin),
    isTerminal: false,
    env: {},
    signal: new AbortController().signal,
  }
  const code = await main(args, context)
  return { code, out, err }
}

/** A folder with these files (path → text), gone when the scope ends. */
export function temporaryFolder(files: Readonly<Record<string, string>>): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'gitopsset-cli-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A set in YAML; `spec` is indented by two spaces. */
export function setYaml(spec: string, name = 'demo'): string {
  return `apiVersion: sets.gitops.pro/v1alpha1
kind: GitOpsSet
metadata:
  name: ${name}
  namespace: team
spec:
${spec.replace(/^/gm, '  ')}
`
}
