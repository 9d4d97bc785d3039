import { writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { specDoc } from './spec-doc.ts'

const file = new URL('../docs/spec.md', import.meta.url)
const options = await resolveConfig(file)
writeFileSync(file, await format(specDoc(), { ...options, parser: 'markdown' }))
