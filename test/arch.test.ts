import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** What each stage may import besides itself and npm. Files directly in src/ are stages of their own. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  helpers: [],
  errors: [],
  version: [],
  config: ['errors', 'lib'],
  lib: ['helpers'],
  api: ['lib'],
  ports: ['api'],
  template: ['helpers'],
  generate: ['api', 'lib', 'ports', 'errors'],
  http: ['api', 'lib', 'ports', 'errors'],
  render: ['template', 'helpers', 'api', 'lib', 'errors'],
  pipeline: ['generate', 'render', 'ports', 'api', 'errors'],
  apply: ['api', 'lib', 'ports', 'errors'],
  kube: ['api', 'lib', 'ports', 'errors'],
  server: ['api', 'lib', 'ports', 'errors'],
  controller: ['pipeline', 'apply', 'api', 'lib', 'ports', 'errors'],
  cli: ['*'],
  main: ['*'],
}

interface SourceFile {
  readonly path: string
  readonly stage: string
  readonly imports: readonly string[]
  /** Imports that exist at run time: `import type` leaves nothing behind. */
  readonly runtimeImports: readonly string[]
}

function listFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return listFiles(path)
    return path.endsWith('.ts') ? [path] : []
  })
}

function stageOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'helpers' ? 'helpers' : second.replace(/\.ts$/, '')
}

const IMPORT =
  /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?'(\.[^']+)'|\bimport\('(\.[^']+)'\)/g

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const imports = [...text.matchAll(IMPORT)].map((match) => ({
    path: relative(root, join(root, dirname(path), match[3] ?? match[4] ?? '')),
    isType: match[2] !== undefined,
  }))
  return {
    path,
    stage: stageOf(path),
    imports: imports.map((item) => item.path),
    runtimeImports: imports.filter((item) => !item.isType).map((item) => item.path),
  }
}

const files = [...listFiles('src'), ...listFiles('helpers')].map(readSource)

describe('architecture', () => {
  test('every folder and file of src has a place in the rule', () => {
    expect(files.length).toBeGreaterThan(100)
    expect([...new Set(files.map((file) => file.stage))].filter((stage) => !(stage in ALLOWED))).toEqual([])
  })

  test('stages import only what the rule allows', () => {
    const violations = files.flatMap((file) => {
      const allowed = ALLOWED[file.stage] ?? []
      if (allowed.includes('*')) return []
      return file.imports
        .filter((path) => stageOf(path) !== file.stage && !allowed.includes(stageOf(path)))
        .map((path) => `${file.path} imports ${path}`)
    })
    expect(violations).toEqual([])
  })

  test('no import leads back to where it came from', () => {
    const edges = new Map(files.map((file) => [file.path, file.runtimeImports]))
    expect(findCycle(edges)).toBeUndefined()
  })

  test('only config.ts reads the process environment', () => {
    const readers = files.filter((file) =>
      /\bprocess\.env\b/.test(readFileSync(join(root, file.path), 'utf8')),
    )
    expect(readers.map((file) => file.path)).toEqual(['src/config.ts'])
  })

  test('nothing makes code out of text', () => {
    const makers = files.filter((file) =>
      /\beval\s*\(|\bnew Function\b|from 'node:vm'/.test(readFileSync(join(root, file.path), 'utf8')),
    )
    expect(makers.map((file) => file.path)).toEqual([])
  })
})

test('findCycle finds a cycle', () => {
  expect(
    findCycle(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['a']],
      ]),
    ),
  ).toEqual(['a', 'b', 'c', 'a'])
})

function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    const start = trail.indexOf(path)
    if (start >= 0) return [...trail.slice(start), path]
    if (done.has(path)) return undefined
    for (const next of edges.get(path) ?? []) {
      const cycle = visit(next, [...trail, path])
      if (cycle !== undefined) return cycle
    }
    done.add(path)
    return undefined
  }
  for (const path of edges.keys()) {
    const cycle = visit(path, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}
