import { findApiGroup } from '../api/group.ts'
import type { GitOpsSet } from '../api/types.ts'
import { AppError } from '../errors.ts'

/** What marks actions in a set's templates. */
export interface Delimiters {
  readonly left: string
  readonly right: string
}

const defaultDelimiters: Delimiters = { left: '{{', right: '}}' }

/**
 * The delimiters that the set's annotation names, as `left,right`; spaces around them do not count.
 * Throws AppError (stall) for an annotation that does not split into two non-empty parts.
 */
export function findDelimiters(set: GitOpsSet): Delimiters {
  const name = findApiGroup(set.apiVersion)?.delimitersAnnotation ?? ''
  const annotations = set.metadata.annotations ?? {}
  if (!Object.hasOwn(annotations, name)) return defaultDelimiters
  const value = annotations[name] ?? ''
  const parts = value.split(',').map((part) => part.trim())
  const [left, right] = parts
  if (left && right && parts.length === 2) return { left, right }
  throw new AppError(
    'TemplateInvalid',
    'stall',
    `annotation ${name}: ${JSON.stringify(value)} does not hold two delimiters, separated by a comma`,
    { path: `metadata.annotations[${JSON.stringify(name)}]` },
  )
}
