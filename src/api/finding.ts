import { SPEC_LIMITS } from '../lib/limits.ts'

/** One step of a field path: a field's name or a list's index. */
export type PathStep = string | number

/** Something wrong with a set, for its author. */
export interface Finding {
  /** Steps from the object's root, to locate the field in its source. */
  readonly path: readonly PathStep[]
  readonly message: string
}

/** Collects findings, as many as a person would read. */
export class Findings {
  readonly list: Finding[] = []
  /** Findings that are only counted. */
  more = 0

  add(path: readonly PathStep[], message: string): void {
    if (this.list.length < SPEC_LIMITS.maxFindings) this.list.push({ path, message })
    else this.more++
  }

  get isEmpty(): boolean {
    return this.list.length === 0
  }
}

/** `spec.generators[1].apiClient.endpoint`; names that are no identifiers in brackets. */
export function formatPath(path: readonly PathStep[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${JSON.stringify(step.length > 80 ? `${step.slice(0, 80)}…` : step)}]`
  }
  return text
}

/** One line: where, and what. */
export function formatFinding(finding: Finding): string {
  return finding.path.length === 0 ? finding.message : `${formatPath(finding.path)}: ${finding.message}`
}
