import { helpers } from '../../helpers/index.ts'
import { mapField } from '../../helpers/go/json-tree.ts'
import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import type { GitOpsSet, GitOpsSetSpec, TemplateEntry } from '../../src/api/types.ts'
import type { KubeObject } from '../../src/ports.ts'
import { prepareTemplates } from '../../src/render/prepare.ts'
import { renderAll, type RenderLimits } from '../../src/render/render.ts'

export interface FixtureOptions {
  readonly delimiters?: string
  readonly engine?: GitOpsSetSpec['engine']
  readonly limits?: RenderLimits
  readonly warn?: (message: string) => void
}

export function makeSet(templates: TemplateEntry[], options: FixtureOptions = {}): GitOpsSet {
  const { delimiters, engine } = options
  return {
    apiVersion: 'sets.gitops.pro/v1alpha1',
    kind: 'GitOpsSet',
    metadata: {
      name: 'demo',
      namespace: 'team',
      ...(delimiters !== undefined && { annotations: { 'sets.gitops.pro/delimiters': delimiters } }),
    },
    spec: { templates, ...(engine !== undefined && { engine }) },
  }
}

/** Objects as the templates render them, before they are made the set's own. */
export function renderObjects(
  templates: TemplateEntry[],
  elements: readonly JsonObject[],
  options: FixtureOptions = {},
): KubeObject[] {
  const prepared = prepareTemplates(makeSet(templates, options), { helpers })
  const sources = elements.map((element) => ({ element, generatorPath: 'spec.generators[0].list' }))
  const rendered = renderAll(prepared, sources, {
    nowMs: 0,
    warn: options.warn ?? (() => undefined),
    disposition: 'stall',
    ...(options.limits !== undefined && { limits: options.limits }),
  })
  return rendered.map(({ object }) => object)
}

/** What the leaf `data.v` renders to for one element. */
export function renderLeaf(
  leaf: JsonValue,
  element: JsonObject,
  options: FixtureOptions = {},
): JsonValue | undefined {
  const content = { apiVersion: 'v1', kind: 'ConfigMap', data: { v: leaf } }
  const [object] = renderObjects([{ content }], [element], options)
  return object === undefined ? undefined : mapField(object, 'data')['v']
}
