import type { Helper } from './define.ts'
import { buildHelpers } from './lists-build.ts'
import { filterHelpers } from './lists-filter.ts'
import { takeHelpers } from './lists-take.ts'
import { textListHelpers } from './lists-text.ts'

/** Functions on lists. */
export const lists: readonly Helper[] = [
  ...buildHelpers,
  ...takeHelpers,
  ...filterHelpers,
  ...textListHelpers,
]
