import { YamlError } from '../../helpers/go/yaml/yaml-error.ts'
import { AppError, type Disposition, type SourcePosition } from '../errors.ts'
import { JsonPathError } from '../lib/jsonpath.ts'
import { TemplateError } from '../template/errors.ts'
import type { SourceOrigin } from './leaf-place.ts'

/** A template that does not compile. */
export function templateError(error: TemplateError, origin: SourceOrigin): AppError {
  return new AppError('TemplateInvalid', 'stall', messageOf(error, origin), {
    path: origin.path,
    position: positionOf(error, origin),
    cause: error,
  })
}

/** Which object could not be rendered. */
export interface FailedObject {
  /** Of what was being rendered. */
  readonly origin: SourceOrigin
  readonly elementIndex: number
  readonly generatorPath: string
  /** What must happen before another attempt makes sense: stall where the elements come from the spec. */
  readonly disposition: Disposition
}

/** Any failure of rendering one object, with its element. What is not expected is passed on. */
export function renderError(error: unknown, failed: FailedObject): unknown {
  if (!(error instanceof Error) || !isExpected(error)) return error
  const { origin, elementIndex, generatorPath, disposition } = failed
  const source = generatorPath === '' ? '' : ` of ${generatorPath}`
  const position = findPosition(error, origin)
  const message = `element ${elementIndex}${source}: ${messageOf(error, origin)}`
  return new AppError('RenderFailed', disposition, message, {
    path: origin.path,
    ...(position !== undefined && { position }),
    cause: error,
  })
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

function findPosition(error: Error, origin: SourceOrigin): SourcePosition | undefined {
  if (error instanceof TemplateError) return positionOf(error, origin)
  if (!(error instanceof YamlError)) return undefined
  return { line: error.line, column: error.column, lineText: error.lineText }
}

function positionOf(error: TemplateError, origin: SourceOrigin): SourcePosition {
  const { addedLines = 0, addedColumns = 0 } = origin
  const { line, column } = error.position
  return {
    line: Math.max(line - addedLines, 1),
    column: Math.max(column - addedColumns, 1),
    lineText: error.lineText.slice(addedColumns),
  }
}

const placeInMessage = /^(template: [^:]*:)(\d+)(:\d+)?/

/** The message, with line and column as the author counts them. */
function messageOf(error: Error, { addedLines = 0, addedColumns = 0 }: SourceOrigin): string {
  if (addedLines === 0) return error.message
  return error.message.replace(placeInMessage, (_all, head: string, line: string, column?: string) => {
    const shown = column === undefined ? '' : `:${Math.max(Number(column.slice(1)) - addedColumns, 0)}`
    return `${head}${Math.max(Number(line) - addedLines, 1)}${shown}`
  })
}
