import type { JsonValue } from '../../helpers/go/value.ts'
import type { Logger, Metrics } from '../../src/ports.ts'
import type { KubeAnswer, KubeCall, Requester } from '../../src/kube/call.ts'
import type { ApiResource, Discovery } from '../../src/kube/discovery.ts'
import type { Transport, TransportRequest, TransportResponse } from '../../src/kube/transport.ts'

export function responseOf(
  status: number,
  body: JsonValue | string,
  headers: Record<string, string | string[]> = {},
): TransportResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: streamOf([text]) }
}

/** A body that arrives in these chunks. */
export async function* streamOf(chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

export function statusOf(code: number, reason: string, message: string, details: JsonValue = {}): JsonValue {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details }
}

export type Answer = TransportResponse | Error | ((request: TransportRequest) => Promise<TransportResponse>)

export interface FakeTransport extends Transport {
  readonly sent: TransportRequest[]
}

/** Gives these answers, one for each request; the last one for ever. */
export function fakeTransport(...answers: (() => Answer)[]): FakeTransport {
  const sent: TransportRequest[] = []
  return {
    sent,
    async send(request) {
      sent.push(request)
      const answer = answers[Math.min(sent.length, answers.length) - 1]?.()
      if (answer === undefined) throw new Error('nothing to answer')
      if (answer instanceof Error) throw answer
      return typeof answer === 'function' ? answer(request) : answer
    },
    close: async () => {},
  }
}

/** A request that stays without an answer until it is aborted. */
export function hang(request: TransportRequest): Promise<TransportResponse> {
  return new Promise((_resolve, reject) => {
    request.signal.addEventListener('abort', () => reject(request.signal.reason as Error))
  })
}

export function networkError(code: string): Error {
  return Object.assign(new Error(`connect ${code} https://user:password@10.0.0.1`), { code })
}

export interface FakeRequester extends Requester {
  readonly calls: KubeCall[]
}

/** Answers calls by a function of the call; what it throws is the error. */
export function fakeRequester(
  answer: (call: KubeCall) => JsonValue | Promise<JsonValue>,
  stream: (call: KubeCall & { signal: AbortSignal }) => AsyncIterable<Uint8Array> = () => streamOf([]),
): FakeRequester {
  const calls: KubeCall[] = []
  return {
    calls,
    async call(call): Promise<KubeAnswer> {
      calls.push(call)
      return { body: await answer(call), warnings: [] }
    },
    async stream(call) {
      calls.push(call)
      return stream(call)
    },
  }
}

export const configMaps: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  scope: 'Namespaced',
}

export const clusterRoles: ApiResource = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  scope: 'Cluster',
}

export interface FakeDiscovery extends Discovery {
  readonly asked: { kind: string; refresh: boolean }[]
}

/** Knows these kinds; `afterRefresh` are known once somebody has asked for a refresh. */
export function fakeDiscovery(resources: readonly ApiResource[], afterRefresh = resources): FakeDiscovery {
  const asked: { kind: string; refresh: boolean }[] = []
  let served = resources
  const note = (kind: string, refresh: boolean): void => {
    asked.push({ kind, refresh })
    if (refresh) served = afterRefresh
  }
  return {
    asked,
    async find(kind, options) {
      note(kind.kind, options?.refresh === true)
      return served.find((r) => r.kind === kind.kind && r.group === kind.group && r.version === kind.version)
    },
    async findAnyVersion(kind, options) {
      note(kind.kind, options?.refresh === true)
      return served.find((r) => r.kind === kind.kind && r.group === kind.group)
    },
  }
}

export const noMetrics: Metrics = { observe() {}, set() {}, add() {}, forget() {} }

export interface FakeLog extends Logger {
  readonly lines: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[]
}

export function fakeLog(): FakeLog {
  const lines: FakeLog['lines'] = []
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      lines.push({ level, message, fields })
    }
  const log: FakeLog = {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  }
  return log
}
