import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { API_GROUPS } from '../../src/api/group.ts'
import { formatFindings, validateSet } from '../../src/api/validate.ts'

interface Manifest {
  kind: string
  metadata: { name: string }
  rules?: { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] }[]
}

const root = join(import.meta.dirname, '../../config')
const manifests = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((file) => file !== 'kustomization.yaml')
    .flatMap((file) => loadAll(readFileSync(join(root, folder, file), 'utf8')) as Manifest[])

describe('config/samples', () => {
  const sets = manifests('samples').filter((manifest) => manifest.kind === 'GitOpsSet')

  it.each(sets.map((set) => [set.metadata.name, set] as const))('%s is a valid set', (_name, set) => {
    const validation = validateSet(set)
    expect(validation.kind === 'invalid' ? formatFindings(validation) : '').toBe('')
  })
})

describe('config/rbac', () => {
  const roles = manifests('rbac').filter((manifest) => manifest.rules !== undefined)
  const rules = roles.flatMap((role) => role.rules ?? [])

  it('has no wildcard', () => {
    expect(rules.length).toBeGreaterThan(8)
    expect(rules.filter((rule) => [rule.apiGroups, rule.resources, rule.verbs].flat().includes('*'))).toEqual(
      [],
    )
  })

  it('does not reach Secrets or ConfigMaps, and impersonates nobody', () => {
    const resources = new Set(rules.flatMap((rule) => rule.resources))
    expect(resources.has('secrets') || resources.has('configmaps')).toBe(false)
    expect(rules.flatMap((rule) => rule.verbs)).not.toContain('impersonate')
  })

  it('covers both API groups', () => {
    const own = rules.filter((rule) => rule.resources.some((name) => name.startsWith('gitopssets')))
    for (const rule of own) expect(rule.apiGroups).toEqual(API_GROUPS.map((group) => group.name))
  })
})
