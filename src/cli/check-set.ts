import type { GitOpsSet } from '../api/types.ts'
import { formatFinding, validateSet } from '../api/validate.ts'
import { AppError } from '../errors.ts'
import { prepareTemplates, type PreparedTemplates } from '../render/prepare.ts'
import type { InputObject } from './input.ts'
import { locateError, locateField } from './locate.ts'
import type { Problem } from './problem.ts'

export type CheckedSet =
  | { readonly kind: 'valid'; readonly set: GitOpsSet; readonly prepared: PreparedTemplates }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }

/** Everything that can be found wrong with a set without asking anybody, each with its place in the file. */
export function checkSet(object: InputObject): CheckedSet {
  const validation = validateSet(object.value)
  if (validation.kind === 'invalid') {
    const problems = validation.findings.map((finding) => ({
      file: object.file,
      place: locateField(object, finding.path),
      message: formatFinding(finding),
      isInvalid: true,
    }))
    return { kind: 'invalid', problems }
  }
  const { set } = validation
  try {
    return { kind: 'valid', set, prepared: prepareTemplates(set) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const errors = templateErrors(set)
    return {
      kind: 'invalid',
      problems: (errors.length > 0 ? errors : [error]).map((each) => toProblem(object, each)),
    }
  }
}

/** What is wrong with each template: preparing a set stops at the first. */
function templateErrors(set: GitOpsSet): AppError[] {
  const templates = set.spec.templates ?? []
  return templates.flatMap((_template, wanted) => {
    // The others are emptied, not left out: paths count templates.
    const alone = templates.map((template, index) => (index === wanted ? template : { content: {} }))
    try {
      prepareTemplates({ ...set, spec: { ...set.spec, templates: alone } })
      return []
    } catch (error) {
      if (error instanceof AppError) return [error]
      throw error
    }
  })
}

/** An error of a set, with its place in the file. */
export function toProblem(object: InputObject, error: AppError): Problem {
  return {
    file: object.file,
    place: locateError(object, error),
    message: describe(error),
    isInvalid: isInvalidSet(error),
  }
}

function describe(error: AppError): string {
  // What nobody expected has been hidden from status and events; here is the person who can report it.
  if (error.reason === 'ReconciliationFailed' && error.cause instanceof Error) {
    return `internal error, please report it: ${error.cause.stack ?? error.cause.message}`
  }
  const path = error.path ?? ''
  return path === '' || error.message.startsWith(path) ? error.message : `${path}: ${error.message}`
}

/** Whether the set must change; what data or the network did is a failure at run time. */
function isInvalidSet(error: AppError): boolean {
  if (error.reason === 'InvalidSpec' || error.reason === 'TemplateInvalid') return true
  return error.reason === 'RenderFailed' && error.disposition === 'stall'
}
