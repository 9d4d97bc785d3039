import { writeFileSync } from 'node:fs'
import { allHelpers } from '../helpers/index.ts'
import { functionsDoc } from './functions-doc.ts'

/** Writes docs/functions.md from the definitions. A test fails when it is out of date. */
writeFileSync(new URL('../docs/functions.md', import.meta.url), functionsDoc(allHelpers))
