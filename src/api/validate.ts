import { decodeStatus } from './decode-status.ts'
import { type Finding, Findings, formatFinding } from './finding.ts'
import { API_GROUPS, KIND } from './group.ts'
import { SPEC_SCHEMA } from './schema/spec.ts'
import type { GitOpsSet, GitOpsSetSpec } from './types.ts'
import { decodeMetadata } from './validate-metadata.ts'
import { checkGenerators } from './validate-spec.ts'
import { decodeValue, isObject } from './validate-value.ts'

export { type Finding, formatFinding, formatPath, type PathStep } from './finding.ts'

export type Validation =
  | { readonly kind: 'valid'; readonly set: GitOpsSet }
  | {
      readonly kind: 'invalid'
      /** In the order of the object's fields; the first ones, where there are very many. */
      readonly findings: readonly Finding[]
      /** How many were left out. */
      readonly more: number
    }

const ROOT_FIELDS: readonly string[] = ['apiVersion', 'kind', 'metadata', 'spec', 'status']

/**
 * Decodes any value into a set, or says everything that is wrong with it. Never throws. Templates are not compiled
 * here, and nothing outside the object is looked at.
 */
export function validateSet(value: unknown): Validation {
  const findings = new Findings()
  if (!isObject(value)) {
    findings.add([], 'must be an object')
    return { kind: 'invalid', findings: findings.list, more: 0 }
  }
  const field = (name: string) => (Object.hasOwn(value, name) ? value[name] : undefined)
  checkRoot(value, findings)
  const metadata = decodeMetadata(field('metadata'), findings)
  const spec = decodeValue(field('spec') ?? {}, SPEC_SCHEMA, ['spec'], findings) as GitOpsSetSpec
  // What several parts must agree on is looked at once every part is what it should be.
  if (findings.isEmpty) checkGenerators(spec, findings)
  if (!findings.isEmpty) return { kind: 'invalid', findings: findings.list, more: findings.more }
  const status = decodeStatus(field('status'))
  const set: GitOpsSet = { apiVersion: String(field('apiVersion')), kind: KIND, metadata, spec }
  return { kind: 'valid', set: status === undefined ? set : { ...set, status } }
}

function checkRoot(value: Readonly<Record<string, unknown>>, findings: Findings): void {
  const apiVersions = API_GROUPS.map((group) => group.apiVersion)
  if (!apiVersions.some((known) => known === value['apiVersion'])) {
    findings.add(['apiVersion'], `must be ${apiVersions.join(' or ')}`)
  }
  if (value['kind'] !== KIND) findings.add(['kind'], `must be ${KIND}`)
  for (const name of Object.keys(value)) {
    if (!ROOT_FIELDS.includes(name)) findings.add([name], 'unknown field')
  }
}

/** All findings in one text for a condition, `; ` between them. */
export function formatFindings(validation: Extract<Validation, { kind: 'invalid' }>): string {
  const texts = validation.findings.map(formatFinding)
  return [...texts, ...(validation.more > 0 ? [`and ${validation.more} more`] : [])].join('; ')
}
