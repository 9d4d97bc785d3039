import type { ListSpec } from '../api/types.ts'
import type { Generator } from './generator.ts'

/** The elements as given. */
export const listGenerator: Generator<ListSpec> = {
  kind: 'list',
  onEmptyDefault: 'Prune',
  generate: (spec) => Promise.resolve({ elements: spec.elements ?? [], complete: true, warnings: [] }),
  nextEvaluation: () => undefined,
  references: () => [],
}
