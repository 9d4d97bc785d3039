import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How much of each request is kept: who and what, the request's body too, or the answer's too. */
export type AuditLevel = 'Metadata' | 'Request' | 'RequestResponse'

/** One finished request, as the API server recorded it (`audit.k8s.io/v1` Event). */
export interface AuditEvent {
  readonly auditID: string
  readonly verb: string
  readonly requestURI: string
  readonly user: { readonly username: string; readonly groups?: readonly string[] }
  readonly impersonatedUser?: { readonly username: string; readonly groups?: readonly string[] }
  readonly userAgent?: string
  readonly objectRef?: {
    readonly resource?: string
    readonly namespace?: string
    readonly name?: string
    readonly apiGroup?: string
    readonly apiVersion?: string
    readonly subresource?: string
  }
  readonly responseStatus?: { readonly code?: number; readonly reason?: string }
  readonly requestObject?: unknown
  readonly responseObject?: unknown
  readonly requestReceivedTimestamp: string
  readonly stageTimestamp: string
}

const MAX_FILE_MIB = 4096

/** Writes the policy that records every request once, when it is finished, and gives the API server's flags. */
export function auditFlags(dir: string, level: AuditLevel): readonly string[] {
  const policyPath = join(dir, 'audit-policy.json')
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived', 'ResponseStarted'],
    rules: [{ level }],
  }
  writeFileSync(policyPath, JSON.stringify(policy))
  return [
    `--audit-policy-file=${policyPath}`,
    `--audit-log-path=${auditLogPath(dir)}`,
    `--audit-log-maxsize=${MAX_FILE_MIB}`,
  ]
}

export function auditLogPath(dir: string): string {
  return join(dir, 'audit.log')
}

/** All requests finished so far, oldest first. A last line that is still being written, or was cut by a crash, is left out. */
export function readAuditLog(path: string): AuditEvent[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8').split('\n').flatMap(parseEvent)
}

function parseEvent(line: string): AuditEvent[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as AuditEvent]
  } catch {
    return []
  }
}
