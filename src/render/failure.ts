import { YamlError } from '../../helpers/go/yaml/yaml-error.ts'
import { JsonPathError } from '../lib/jsonpath.ts'
import { AppError, type Disposition, type SourcePosition } from '../errors.ts'
import { TemplateError } from '../template/errors.ts'

/** A template that does not compile. */
export function templateError(error: TemplateError, path: string): AppError {
  return new AppError('TemplateInvalid', 'stall', error.message, {
    path,
    position: positionOf(error),
    cause: error,
  })
}

/** Which object could not be rendered. */
export interface FailedObject {
  /** Field path of what was being rendered. */
  readonly path: string
  readonly elementIndex: number
  readonly generatorPath: string
  /** What must happen before another attempt makes sense: stall where the elements come from the spec. */
  readonly disposition: Disposition
}

/** Any failure of rendering one object, with its element. What is not expected is passed on. */
export function renderError(error: unknown, failed: FailedObject): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  if (!isExpected(error)) return error
  const source = failed.generatorPath === '' ? '' : ` of ${failed.generatorPath}`
  const position = findPosition(error)
  return new AppError(
    'RenderFailed',
    failed.disposition,
    `element ${failed.elementIndex}${source}: ${error.message}`,
    { path: failed.path, ...(position !== undefined && { position }), cause: error },
  )
}

const ownErrors = new Set(['NotAnObject', 'StructureChanged', 'LimitExceeded'])

function isExpected(error: Error): boolean {
  return (
    error instanceof TemplateError ||
    error instanceof YamlError ||
    error instanceof JsonPathError ||
    ownErrors.has(error.name)
  )
}

function findPosition(error: Error): SourcePosition | undefined {
  if (error instanceof TemplateError) return positionOf(error)
  if (!(error instanceof YamlError)) return undefined
  return { line: error.line, column: error.column, lineText: error.lineText }
}

function positionOf(error: TemplateError): SourcePosition {
  return { line: error.position.line, column: error.position.column, lineText: error.lineText }
}
