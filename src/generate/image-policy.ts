import { findField, isJsonObject, mapField, stringField } from '../lib/json.ts'
import type { JsonObject } from '../lib/json.ts'
import type { ImagePolicySpec } from '../api/types.ts'
import type { ObjectKey } from '../ports.ts'
import { generatorError } from './errors.ts'
import type { Element, GenerateContext, Generator } from './generator.ts'
import { formatImage, parseImage, repositoryName, type ImageRef } from './image-reference.ts'
import { readVersions } from './versions.ts'

const VERSIONS = ['v1', 'v1beta2']

/** One element: the latest and the previous image of a Flux ImagePolicy. */
export const imagePolicyGenerator: Generator<ImagePolicySpec> = {
  kind: 'imagePolicy',
  onEmptyDefault: 'Prune',
  async generate(spec, context) {
    return { elements: [await readPolicy(spec, context)], complete: true, warnings: [] }
  },
  nextEvaluation: () => undefined,
  references: (spec, namespace) => [policyKey(spec, namespace)],
}

function policyKey(spec: ImagePolicySpec, namespace: string): ObjectKey {
  return {
    group: 'image.toolkit.fluxcd.io',
    version: 'v1',
    kind: 'ImagePolicy',
    namespace,
    name: spec.policyRef,
  }
}

async function readPolicy(spec: ImagePolicySpec, context: GenerateContext): Promise<Element> {
  const policy = await readVersions(context, policyKey(spec, context.namespace), VERSIONS)
  const status = mapField(policy, 'status')
  const latest = findImage(status, 'latestRef', 'latestImage')
  if (latest === undefined)
    throw generatorError(
      context.path,
      'wait',
      `no artifact for ImagePolicy ${context.namespace}/${spec.policyRef} yet: it has no latest image`,
      'ArtifactNotReady',
    )
  const previous = findImage(status, 'observedPreviousRef', 'observedPreviousImage')
  return {
    latestImage: formatImage(latest),
    image: repositoryName(latest),
    latestTag: latest.tag,
    previousImage: previous === undefined ? '' : formatImage(previous),
    previousTag: previous?.tag ?? '',
  }
}

/** The reference in the form of v1, or else the text of the API versions before. */
function findImage(status: JsonObject, field: string, textField: string): ImageRef | undefined {
  const ref = findField(status, field)
  if (isJsonObject(ref))
    return {
      name: stringField(ref, 'name'),
      tag: stringField(ref, 'tag'),
      digest: stringField(ref, 'digest'),
    }
  const text = stringField(status, textField)
  return text === '' ? undefined : parseImage(text)
}
