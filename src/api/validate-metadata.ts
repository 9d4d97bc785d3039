import { isDnsLabel, isDnsSubdomain } from '../lib/label.ts'
import { findDelimitersAnnotation, parseDelimiters } from './delimiters.ts'
import type { Findings } from './finding.ts'
import type { ObjectMeta } from './types.ts'
import { decodeValue, isObject } from './validate-value.ts'

const STRING_FIELDS = ['uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp'] as const
const MAP_FIELDS = ['labels', 'annotations'] as const

/** The parts of a set's metadata that matter here. A set from a file may lack the namespace: it is the empty text then. */
export function decodeMetadata(value: unknown, findings: Findings): ObjectMeta {
  const metadata: ObjectMeta = { name: '', namespace: '' }
  if (!isObject(value)) {
    findings.add(['metadata'], 'must be an object with a name')
    return metadata
  }
  metadata.name = decodeName(value, 'name', isDnsSubdomain, findings)
  metadata.namespace = decodeName(value, 'namespace', isDnsLabel, findings)
  if (metadata.name === '') findings.add(['metadata'], 'name is required')
  for (const field of STRING_FIELDS) {
    const text = ownField(value, field)
    if (typeof text === 'string') metadata[field] = text
  }
  for (const field of MAP_FIELDS) {
    const map = ownField(value, field)
    if (map === undefined || map === null) continue
    metadata[field] = decodeValue(map, { type: 'map', doc: '' }, ['metadata', field], findings) as Record<
      string,
      string
    >
  }
  const generation = ownField(value, 'generation')
  if (typeof generation === 'number') metadata.generation = generation
  const finalizers = ownField(value, 'finalizers')
  if (Array.isArray(finalizers)) metadata.finalizers = finalizers.filter((item) => typeof item === 'string')
  checkDelimiters(metadata, findings)
  return metadata
}

function decodeName(
  value: Readonly<Record<string, unknown>>,
  field: 'name' | 'namespace',
  isValid: (text: string) => boolean,
  findings: Findings,
): string {
  const name = ownField(value, field)
  if (name === undefined || name === null || name === '') return ''
  if (typeof name === 'string' && isValid(name)) return name
  findings.add(
    ['metadata', field],
    `${JSON.stringify(name)?.slice(0, 100)} is not a ${field} that Kubernetes allows`,
  )
  return 'invalid'
}

function checkDelimiters(metadata: ObjectMeta, findings: Findings): void {
  const annotation = findDelimitersAnnotation(metadata)
  if (annotation === undefined || parseDelimiters(annotation.value) !== undefined) return
  findings.add(
    ['metadata', 'annotations', annotation.name],
    `${JSON.stringify(annotation.value.slice(0, 100))} does not hold two delimiters, separated by a comma`,
  )
}

function ownField(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined
}
