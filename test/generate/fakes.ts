import { RESPONSE_LIMITS, BUILD_LIMITS } from '../../src/lib/limits.ts'
import { ALL_GENERATORS } from '../../src/generate/entry.ts'
import type { GenerateContext } from '../../src/generate/generator.ts'
import type { GitOpsSet, GitOpsSetSpec } from '../../src/api/types.ts'
import type {
  ArtifactFetcher,
  ArtifactFiles,
  Clock,
  HttpClient,
  HttpRequest,
  HttpResponse,
  KubeObject,
  Logger,
  ObjectKey,
  ObjectReader,
} from '../../src/ports.ts'

/** 2026-03-01T04:00:00Z. */
export const NOW_MS = Date.UTC(2026, 2, 1, 4)

export const silentLog: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
}

export function fixedClock(nowMs = NOW_MS): Clock {
  return { nowMs: () => nowMs, monotonicMs: () => nowMs, after: () => () => {} }
}

/** Reads from a list of objects; `reads` records every key that was asked for. */
export function fakeReader(objects: readonly KubeObject[] = []): ObjectReader & { reads: ObjectKey[] } {
  const reads: ObjectKey[] = []
  return {
    reads,
    get(key) {
      reads.push(key)
      const apiVersion = key.group === '' ? key.version : `${key.group}/${key.version}`
      return Promise.resolve(
        objects.find(
          (object) =>
            object.apiVersion === apiVersion &&
            object.kind === key.kind &&
            object.metadata['name'] === key.name &&
            object.metadata['namespace'] === key.namespace,
        ),
      )
    },
    list: () => Promise.resolve([...objects]),
  }
}

export function configMap(name: string, data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'team' }, data }
}

export function secret(name: string, data: Record<string, string>): KubeObject {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'team' },
    data: Object.fromEntries(encoded) as Record<string, string>,
  }
}

export type Answer = Partial<HttpResponse> & { json?: unknown }

/** Answers from a function; `requests` records what was sent. */
export function fakeHttp(
  answer: (request: HttpRequest, index: number) => Answer | Promise<Answer>,
): HttpClient & { requests: HttpRequest[] } {
  const requests: HttpRequest[] = []
  return {
    requests,
    async send(request) {
      requests.push(request)
      const { json, ...response } = await answer(request, requests.length - 1)
      const body = json === undefined ? '' : JSON.stringify(json)
      return { status: 200, headers: {}, body, ...response }
    },
  }
}

export function fakeArtifacts(
  files: Record<string, string>,
): ArtifactFetcher & { fetched: Parameters<ArtifactFetcher['fetch']>[0][] } {
  const fetched: Parameters<ArtifactFetcher['fetch']>[0][] = []
  return {
    fetched,
    fetch(artifact) {
      fetched.push(artifact)
      return Promise.resolve(artifactFiles(files))
    },
  }
}

export function artifactFiles(files: Record<string, string>): ArtifactFiles {
  const directories = new Set<string>()
  for (const path of Object.keys(files)) {
    const parts = path.split('/').slice(0, -1)
    for (const index of parts.keys()) directories.add(parts.slice(0, index + 1).join('/'))
  }
  const entries = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const)
  return { files: new Map(entries), directories }
}

export function fakeContext(overrides: Partial<GenerateContext> = {}): GenerateContext {
  return {
    namespace: 'team',
    name: 'demo',
    path: 'spec.generators[0].list',
    evaluatedAtMs: NOW_MS,
    reader: fakeReader(),
    http: fakeHttp(() => ({ status: 500 })),
    artifacts: fakeArtifacts({}),
    clock: fixedClock(),
    log: silentLog,
    signal: new AbortController().signal,
    limits: { maxElements: BUILD_LIMITS.maxElements, maxResponseBytes: RESPONSE_LIMITS.maxBytes },
    enabled: ALL_GENERATORS,
    ...overrides,
  }
}

export function fakeSet(generators: NonNullable<GitOpsSetSpec['generators']>): GitOpsSet {
  return {
    apiVersion: 'sets.gitops.pro/v1alpha1',
    kind: 'GitOpsSet',
    metadata: { name: 'demo', namespace: 'team' },
    spec: { generators },
  }
}
