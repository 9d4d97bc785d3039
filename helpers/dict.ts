import type { Helper } from './define.ts'
import { accessHelpers } from './dict-access.ts'
import { mergeHelpers } from './dict-merge.ts'

/** Functions on maps. */
export const dict: readonly Helper[] = [...accessHelpers, ...mergeHelpers]
