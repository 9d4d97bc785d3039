import type { HeadersRef, LocalRef } from '../api/types.ts'
import { durationToMs } from '../lib/duration.ts'
import type { HttpRequest, ObjectKey } from '../ports.ts'
import { configurationKey } from './configuration.ts'
import type { GenerateContext } from './generator.ts'
import { readHeaders } from './headers.ts'
import { readTls } from './tls.ts'

/** What generators that call a server have in their specs. */
export interface RemoteSpec {
  readonly endpoint: string
  readonly headersRef?: HeadersRef
  readonly secretRef?: LocalRef
  readonly timeout?: string
}

/** The parts of a request that do not depend on what is asked. */
export interface RequestBase {
  readonly headers: Readonly<Record<string, string>>
  readonly options: Pick<HttpRequest, 'tls' | 'timeoutMs' | 'maxBytes' | 'carriesSecret'>
  readonly warnings: readonly string[]
}

export const DEFAULT_TIMEOUT_MS = 30_000

/** Reads headers and TLS settings as the set's account. */
export async function readRequestBase(context: GenerateContext, spec: RemoteSpec): Promise<RequestBase> {
  const { headers, warnings } = await readHeaders(context, spec.headersRef)
  const tls = await readTls(context, spec.secretRef)
  return {
    headers,
    warnings,
    options: {
      timeoutMs: spec.timeout === undefined ? DEFAULT_TIMEOUT_MS : durationToMs(spec.timeout),
      maxBytes: context.limits.maxResponseBytes,
      carriesSecret: spec.headersRef?.kind === 'Secret' || tls?.key !== undefined,
      ...(tls !== undefined && { tls }),
    },
  }
}

export function remoteReferences(spec: RemoteSpec, namespace: string): ObjectKey[] {
  const keys: ObjectKey[] = []
  if (spec.headersRef !== undefined) keys.push(configurationKey(spec.headersRef, namespace))
  if (spec.secretRef !== undefined)
    keys.push(configurationKey({ kind: 'Secret', name: spec.secretRef.name }, namespace))
  return keys
}

/** Host and port of an endpoint, for messages: nothing else of a URL is fit to be shown. */
export function hostOf(endpoint: string): string {
  return URL.parse(endpoint)?.host ?? 'the endpoint'
}
