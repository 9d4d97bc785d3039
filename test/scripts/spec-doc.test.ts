import { readFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { specDoc } from '../../scripts/spec-doc.ts'

const file = new URL('../../docs/spec.md', import.meta.url)

describe('docs/spec.md', () => {
  it('is what `npm run schema` writes', async () => {
    const options = await resolveConfig(file)
    expect(readFileSync(file, 'utf8')).toBe(await format(specDoc(), { ...options, parser: 'markdown' }))
  })
})
