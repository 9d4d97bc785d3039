import { findField, isJsonObject, mapField, stringField } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'

/** A Lease of coordination.k8s.io/v1 as the election reads it. */
export interface LeaseRecord {
  /** Empty: nobody. */
  readonly holder: string
  readonly durationMs: number | undefined
  readonly transitions: number
  /** The whole object, so that an update keeps what others wrote. */
  readonly object: JsonObject
}

export function readLease(body: JsonValue): LeaseRecord {
  const object = isJsonObject(body) ? body : {}
  const spec = mapField(object, 'spec')
  const seconds = findField(spec, 'leaseDurationSeconds')
  const transitions = findField(spec, 'leaseTransitions')
  return {
    holder: stringField(spec, 'holderIdentity'),
    durationMs: typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined,
    transitions: typeof transitions === 'number' ? transitions : 0,
    object,
  }
}

/** Changes with every renewal, by whatever clock its holder has. */
export function stampOf(record: LeaseRecord): string {
  const version = stringField(mapField(record.object, 'metadata'), 'resourceVersion')
  return `${record.holder} ${stringField(mapField(record.object, 'spec'), 'renewTime')} ${version}`
}

/** The lease as `holder` takes or renews it at `nowMs`. Its resourceVersion makes the server refuse it if anybody was faster. */
export function heldBy(
  record: LeaseRecord,
  holder: string,
  times: { nowMs: number; leaseMs: number },
): JsonObject {
  const now = microTime(times.nowMs)
  const renewal = record.holder === holder
  return withSpec(record.object, {
    holderIdentity: holder,
    leaseDurationSeconds: Math.ceil(times.leaseMs / 1000),
    renewTime: now,
    ...(renewal ? {} : { acquireTime: now, leaseTransitions: record.transitions + 1 }),
  })
}

/** The lease as its holder gives it back: anybody may take it at once. */
export function released(record: LeaseRecord, nowMs: number): JsonObject {
  const now = microTime(nowMs)
  return withSpec(record.object, {
    holderIdentity: '',
    leaseDurationSeconds: 1,
    renewTime: now,
    acquireTime: now,
  })
}

/** A lease that is not there yet. */
export function newLease(at: { namespace: string; name: string }): LeaseRecord {
  const object = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { ...at } }
  return { holder: '', durationMs: undefined, transitions: -1, object }
}

function withSpec(object: JsonObject, spec: JsonObject): JsonObject {
  return { ...object, spec: { ...mapField(object, 'spec'), ...spec } }
}

/** RFC 3339 with six digits, as Kubernetes writes its MicroTime. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}
