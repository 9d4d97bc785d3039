import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { loadAll } from 'js-yaml'

/** The root of the clone: READMEs name files from there. */
export const ROOT = dirname(dirname(import.meta.dirname))

/** A folder of `examples/`. */
export interface Example {
  readonly name: string
  /** Its files with sets, for example `examples/list/set.yaml`. */
  readonly setFiles: readonly string[]
  /** Arguments of every `gitopsset render` in its README. */
  readonly renders: readonly (readonly string[])[]
  readonly readme: string
}

export interface RenderedObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, unknown>>
  }
  readonly data?: Readonly<Record<string, unknown>>
  readonly spec?: unknown
}

/** Every example, by name. */
export function listExamples(): Example[] {
  const entries = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return folders.sort().map(readExample)
}

/** The file that holds what a set's file renders to: `want.yaml` for `set.yaml`, `want-seed.yaml` for `seed.yaml`. */
export function wantFile(setFile: string): string {
  return setFile.replace(/[^/]+$/, (name) => (name === 'set.yaml' ? 'want.yaml' : `want-${name}`))
}

/** What a set's file renders to, as recorded. */
export function readWanted(setFile: string): RenderedObject[] {
  return loadAll(readFileSync(join(ROOT, wantFile(setFile)), 'utf8')) as RenderedObject[]
}

function readExample(name: string): Example {
  const folder = join('examples', name)
  const path = join(ROOT, folder, 'README.md')
  const readme = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const files = readdirSync(join(ROOT, folder)).filter((file) => file.endsWith('.yaml'))
  const setFiles = files.filter((file) => !file.startsWith('want')).map((file) => join(folder, file))
  return { name, readme, setFiles: setFiles.filter(hasSet), renders: findRenders(readme) }
}

function hasSet(file: string): boolean {
  return /^kind: GitOpsSet$/m.test(readFileSync(join(ROOT, file), 'utf8'))
}

/** The commands in the README's `sh` blocks that render. */
function findRenders(readme: string): string[][] {
  return findCommands(readme)
    .filter((words) => words[0] === 'gitopsset' && words[1] === 'render')
    .map((words) => words.slice(1))
}

/** Every line of the README's `sh` blocks, as words. */
export function findCommands(readme: string): string[][] {
  const blocks = [...readme.matchAll(/^```sh\n([^]*?)^```$/gm)].map((match) => match[1] ?? '')
  const lines = blocks.flatMap((block) => block.split('\n')).filter((line) => line !== '')
  return lines.map((line) => line.split(/\s+/))
}
