import { readFileSync } from 'node:fs'
import { loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { crdYaml } from '../../scripts/crd.ts'

interface Crd {
  metadata: { name: string }
  spec: { group: string; versions: { schema: unknown; additionalPrinterColumns: { name: string }[] }[] }
}

const text = readFileSync(new URL('../../crds/gitopssets.yaml', import.meta.url), 'utf8')
const crds = loadAll(text) as Crd[]

describe('crds/gitopssets.yaml', () => {
  it('is what `npm run schema` writes', () => {
    expect(text).toBe(crdYaml())
  })

  it('has both groups with one schema', () => {
    expect(crds.map((crd) => crd.metadata.name)).toEqual([
      'gitopssets.sets.gitops.pro',
      'gitopssets.templates.weave.works',
    ])
    expect(crds[0]?.spec.versions).toEqual(crds[1]?.spec.versions)
  })

  it('shows what people look for', () => {
    const columns = crds[0]?.spec.versions[0]?.additionalPrinterColumns.map((column) => column.name)
    expect(columns).toEqual(['Age', 'Ready', 'Status', 'Objects', 'Next'])
  })
})
