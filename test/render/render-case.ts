import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { jsonToYaml } from '../../helpers/go/yaml/emit.ts'
import { parseYamlWithPositions } from '../../helpers/go/yaml/positions.ts'
import type { GitOpsSet } from '../../src/api/types.ts'
import { AppError } from '../../src/errors.ts'
import { build, builtinScopes, type BuildPorts } from '../../src/pipeline.ts'
import type { ArtifactFetcher, ArtifactFiles, HttpClient, KubeObject, ObjectReader } from '../../src/ports.ts'
import { fixedClock, silentLog } from '../generate/fakes.ts'

export const casesDir = new URL('../conformance/data/render/', import.meta.url).pathname

/** One recorded case: a file of sets, and what they render to. */
export interface RenderCase {
  readonly name: string
  readonly dir: string
  /** Undefined where an error is wanted. */
  readonly want: string | undefined
  /** The text of the original's error. */
  readonly wantError: string
}

export function readCases(): RenderCase[] {
  return readdirSync(casesDir)
    .map((name) => ({ name, dir: join(casesDir, name) }))
    .filter(({ dir }) => existsSync(join(dir, 'set.yaml')))
    .map(({ name, dir }) => ({
      name,
      dir,
      want: readOptional(join(dir, 'want.yaml')),
      wantError: readOptional(join(dir, 'want-error.txt'))?.trim() ?? '',
    }))
}

function readOptional(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

const defaultGenerators = [
  'GitRepository',
  'OCIRepository',
  'PullRequests',
  'List',
  'APIClient',
  'Matrix',
  'Config',
]

/** The YAML that the case's sets render to. Throws what stops them. */
export async function renderCase({ dir }: RenderCase): Promise<string> {
  const meta = JSON.parse(readOptional(join(dir, 'meta.json')) ?? '{}') as { generators?: string[] }
  const enabled = new Set(meta.generators ?? defaultGenerators)
  const { documents } = parseYamlWithPositions(readFileSync(join(dir, 'set.yaml'), 'utf8'))
  let text = ''
  for (const { value } of documents) {
    const set = value as unknown as GitOpsSet
    set.metadata.namespace ??= ''
    const result = await build(set, stubPorts(dir), { enabled })
    if (result.error !== undefined) throw result.error
    for (const { object } of result.objects) text += `---\n${jsonToYaml(object)}`
  }
  return text
}

function stubPorts(dir: string): BuildPorts {
  return {
    reader: sourceReader,
    http: stubHttp(dir),
    artifacts: stubArtifacts(join(dir, 'repo')),
    scopes: builtinScopes,
    clock: fixedClock(),
    log: silentLog,
  }
}

/** Knows a source of any name, whose artifact is the folder of that name. */
const sourceReader: ObjectReader = {
  get: (key) => {
    const object: KubeObject = {
      apiVersion: `${key.group}/${key.version}`,
      kind: key.kind,
      metadata: { name: key.name, namespace: key.namespace },
      status: { artifact: { url: key.name, digest: `sha256:${'0'.repeat(64)}` } },
    }
    return Promise.resolve(object)
  },
  list: () => Promise.resolve([]),
}

interface StubAnswer {
  readonly status: number
  readonly body: unknown
  readonly method?: string
  readonly requestBody?: unknown
  readonly headers?: Record<string, string>
}

/** Answers as `http.json` says; anything else gets 404. */
function stubHttp(dir: string): HttpClient {
  const answers = JSON.parse(readOptional(join(dir, 'http.json')) ?? '{}') as Record<string, StubAnswer>
  return {
    send: ({ url, method, body }) => {
      const answer = answers[url]
      const isMatch =
        answer !== undefined &&
        (answer.method ?? 'GET') === method &&
        (answer.requestBody === undefined ||
          isDeepStrictEqual(JSON.parse(body ?? 'null'), answer.requestBody))
      if (!isMatch) return Promise.resolve({ status: 404, headers: {}, body: 'not found' })
      if (answer.status >= 400)
        return Promise.reject(new AppError('GeneratorFailed', 'retry', `status ${answer.status}`))
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
      return Promise.resolve({ status: answer.status, headers: answer.headers ?? {}, body: text })
    },
  }
}

function stubArtifacts(root: string): ArtifactFetcher {
  return {
    fetch: ({ url }) => {
      const files = new Map<string, Uint8Array>()
      const directories = new Set<string>()
      const base = join(root, url)
      const visit = (folder: string): void => {
        for (const name of readdirSync(folder)) {
          const path = join(folder, name)
          if (statSync(path).isDirectory()) {
            directories.add(relative(base, path))
            visit(path)
          } else files.set(relative(base, path), readFileSync(path))
        }
      }
      if (existsSync(base)) visit(base)
      const artifact: ArtifactFiles = { files, directories }
      return Promise.resolve(artifact)
    },
  }
}
