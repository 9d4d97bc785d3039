import type { Helper } from './define.ts'
import { caseHelpers } from './strings-case.ts'
import { cutHelpers } from './strings-cut.ts'
import { layoutHelpers } from './strings-layout.ts'
import { randomHelpers } from './strings-random.ts'
import { textHelpers } from './strings-text.ts'
import { trimHelpers } from './strings-trim.ts'

/** Functions on text. */
export const strings: readonly Helper[] = [
  ...textHelpers,
  ...trimHelpers,
  ...caseHelpers,
  ...cutHelpers,
  ...layoutHelpers,
  ...randomHelpers,
]
