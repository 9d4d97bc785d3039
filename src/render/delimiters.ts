import { findDelimitersAnnotation, parseDelimiters, type Delimiters } from '../api/delimiters.ts'
import type { GitOpsSet } from '../api/types.ts'
import { AppError } from '../errors.ts'

export type { Delimiters } from '../api/delimiters.ts'

const defaultDelimiters: Delimiters = { left: '{{', right: '}}' }

/**
 * What marks actions in a set's templates: as its annotation says, or `{{` and `}}`. Throws AppError (stall) for an
 * annotation that does not hold two delimiters.
 */
export function findDelimiters(set: GitOpsSet): Delimiters {
  const annotation = findDelimitersAnnotation(set.metadata)
  if (annotation === undefined) return defaultDelimiters
  const { name, value } = annotation
  const delimiters = parseDelimiters(value)
  if (delimiters !== undefined) return delimiters
  throw new AppError(
    'TemplateInvalid',
    'stall',
    `annotation ${name}: ${JSON.stringify(value)} does not hold two delimiters, separated by a comma`,
    { path: `metadata.annotations[${JSON.stringify(name)}]` },
  )
}
