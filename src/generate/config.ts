import type { ConfigSpec } from '../api/types.ts'
import { configurationKey, readConfiguration } from './configuration.ts'
import type { Element, Generator } from './generator.ts'

/** One element: the data of a ConfigMap or Secret. */
export const configGenerator: Generator<ConfigSpec> = {
  kind: 'config',
  onEmptyDefault: 'Prune',
  async generate(spec, context) {
    const element: Element = Object.fromEntries(await readConfiguration(context, spec))
    return { elements: [element], complete: true, warnings: [] }
  },
  nextEvaluation: () => undefined,
  references: (spec, namespace) => [configurationKey(spec, namespace)],
}
