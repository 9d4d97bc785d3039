import type { KubeObject } from '../ports.ts'
import { keyOf, splitApiVersion } from '../api/object-key.ts'

/**
 * Stages of an apply: each is finished before the next begins. Definitions and namespaces first, since the others
 * need them; then what spans namespaces; then the rest.
 */
export function toStages<T extends { readonly object: KubeObject }>(items: readonly T[]): T[][] {
  const stages: [T[], T[], T[]] = [[], [], []]
  for (const item of items) stages[stageOf(item.object)].push(item)
  for (const stage of stages) stage.sort((a, b) => compareKeys(a.object, b.object))
  return stages.filter((stage) => stage.length > 0)
}

function stageOf(object: KubeObject): 0 | 1 | 2 {
  if (object.kind === 'CustomResourceDefinition') return 0
  if (object.kind === 'Namespace' && object.apiVersion === 'v1') return 0
  return keyOf(object).namespace === '' ? 1 : 2
}

function compareKeys(a: KubeObject, b: KubeObject): number {
  return compareText(sortText(a), sortText(b))
}

function sortText(object: KubeObject): string {
  const { kind, namespace, name } = keyOf(object)
  return `${kind}\u0000${namespace}\u0000${name}`
}

/**
 * Deletion order: Flux objects first, so that their controllers still find what they need to clean up, then namespaced
 * objects, then cluster-scoped ones, and namespaces and definitions at the very end.
 */
export function deletionRank(key: { group: string; kind: string; namespace: string }): number {
  if (isFluxGroup(key.group)) return 0
  if (key.kind === 'CustomResourceDefinition' || (key.kind === 'Namespace' && key.group === '')) return 3
  return key.namespace === '' ? 2 : 1
}

function isFluxGroup(group: string): boolean {
  return group.endsWith('.toolkit.fluxcd.io') || group === 'fluxcd.controlplane.io' || isSetGroup(group)
}

function isSetGroup(group: string): boolean {
  return group === 'sets.gitops.pro' || group === 'templates.weave.works'
}

/** Byte-wise order of UTF-16 text, independent of locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Whether the object defines kinds that other objects may be of. */
export function definesKind(object: KubeObject): boolean {
  return (
    object.kind === 'CustomResourceDefinition' &&
    splitApiVersion(object.apiVersion).group === 'apiextensions.k8s.io'
  )
}
