import { createHash } from 'node:crypto'
import type { HttpRequest } from '../ports.ts'
import { tlsIdentity } from './tls-material.ts'

/** The same for requests that must get the same answer, from the same identity. A hash: no secret is kept in it. */
export function requestKey(request: HttpRequest): string {
  const parts = [
    request.method,
    request.url,
    sortedHeaders(request),
    request.body ?? null,
    tlsIdentity(request.tls),
    request.carriesSecret,
    request.timeoutMs,
    request.maxBytes,
  ]
  return sha256(JSON.stringify(parts))
}

export function sortedHeaders(request: HttpRequest): [name: string, value: string][] {
  return Object.entries(request.headers ?? {})
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
