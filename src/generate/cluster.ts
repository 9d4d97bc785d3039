import { findField, isJsonObject, stringField } from '../lib/json.ts'
import type { JsonObject } from '../lib/json.ts'
import type { ClusterSpec } from '../api/types.ts'
import { formatSelector, toSelector } from '../lib/selector.ts'
import type { KubeObject } from '../ports.ts'
import { atPath, generatorError } from './errors.ts'
import type { Element, GenerateContext, Generator } from './generator.ts'

/** GitopsClusters of every namespace that the set's account may list. */
const CLUSTERS = { group: 'gitops.weave.works', version: 'v1alpha1', kind: 'GitopsCluster', namespace: '' }

/**
 * One element per GitopsCluster. Without a selector all of them, with an empty one none: that is what the Go
 * controller's documentation promises.
 */
export const clusterGenerator: Generator<ClusterSpec> = {
  kind: 'cluster',
  onEmptyDefault: 'Prune',
  async generate(spec, context) {
    const labelSelector = selectorOf(spec, context)
    if (labelSelector === undefined) return { elements: [], complete: true, warnings: [] }
    const clusters = await context.reader
      .list(CLUSTERS, { labelSelector, signal: context.signal })
      .catch((error: unknown) => {
        throw atPath(error, context.path)
      })
    return { elements: clusters.sort(byName).map(toElement), complete: true, warnings: [] }
  },
  nextEvaluation: () => undefined,
  // An empty name stands for every object of the kind.
  references: () => [{ ...CLUSTERS, name: '' }],
}

/** In the text form; undefined: matches nothing. */
function selectorOf(spec: ClusterSpec, context: GenerateContext): string | undefined {
  const { selector } = spec
  if (selector === undefined) return ''
  try {
    const text = formatSelector(toSelector(selector))
    return text === '' ? undefined : text
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not a selector'
    throw generatorError(`${context.path}.selector`, 'stall', why, 'InvalidSpec')
  }
}

function toElement(cluster: KubeObject): Element {
  return {
    ClusterName: stringField(cluster.metadata, 'name'),
    ClusterNamespace: stringField(cluster.metadata, 'namespace'),
    ClusterLabels: mapOf(cluster.metadata, 'labels'),
    ClusterAnnotations: mapOf(cluster.metadata, 'annotations'),
  }
}

function mapOf(metadata: JsonObject, field: string): JsonObject {
  const value = findField(metadata, field)
  return isJsonObject(value) ? { ...value } : {}
}

function byName(a: KubeObject, b: KubeObject): number {
  const left = nameOf(a)
  const right = nameOf(b)
  if (left === right) return 0
  return left < right ? -1 : 1
}

function nameOf(cluster: KubeObject): string {
  return `${stringField(cluster.metadata, 'namespace')}/${stringField(cluster.metadata, 'name')}`
}
