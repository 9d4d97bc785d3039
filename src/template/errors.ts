import { byteColumn, lineTextAt, positionAt } from './position.ts'
import type { Source, SourcePosition } from './position.ts'

/** A template that cannot be parsed (`parse`) or that failed while it was executed (`exec`). */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  readonly stage: 'parse' | 'exec'
  /** The name that the template was parsed under. */
  readonly template: string
  readonly position: SourcePosition
  /** The source line of the position. */
  readonly lineText: string
  /** The message without the template's name and position. */
  readonly detail: string

  constructor(stage: 'parse' | 'exec', message: string, place: ErrorPlace) {
    super(message, { cause: place.cause })
    this.stage = stage
    this.template = place.source.name
    this.position = positionAt(place.source.text, place.offset)
    this.lineText = lineTextAt(place.source.text, place.offset)
    this.detail = place.detail
  }
}

interface ErrorPlace {
  readonly source: Source
  readonly offset: number
  readonly detail: string
  readonly cause?: unknown
}

/** `template: NAME:LINE: MESSAGE` */
export function parseError(source: Source, offset: number, detail: string): TemplateError {
  const { line } = positionAt(source.text, offset)
  return new TemplateError('parse', `template: ${source.name}:${line}: ${detail}`, { source, offset, detail })
}

/** Where execution failed. `executing` is the name of the template or definition being executed. */
export interface ExecPlace {
  readonly source: Source
  readonly executing: string
  readonly offset: number
  /** The expression as text. */
  readonly expression: string
  readonly cause?: unknown
}

/** `template: NAME:LINE:COLUMN: executing "NAME" at <EXPRESSION>: MESSAGE`, as Go words it; the column in bytes. */
export function execError(place: ExecPlace, detail: string): TemplateError {
  const { source, offset, executing, expression } = place
  const { line } = positionAt(source.text, offset)
  const where = `${source.name}:${line}:${byteColumn(source.text, offset)}`
  const message = `template: ${where}: executing ${JSON.stringify(executing)} at <${expression}>: ${detail}`
  return new TemplateError('exec', message, { source, offset, detail, cause: place.cause })
}

const maxShownColumns = 100

/** The message, the source line and a caret below the place of the error. Long lines are cut around it. */
export function prettyError(error: TemplateError): string {
  const { line, column } = error.position
  const gutter = `${line} | `
  const cut = Math.max(0, column - Math.floor(maxShownColumns / 2))
  const shown = error.lineText.slice(cut, cut + maxShownColumns)
  const before = shown.slice(0, column - 1 - cut)
  const indent = ' '.repeat(gutter.length) + before.replace(/[^\t]/g, ' ')
  return `${error.message}\n${gutter}${shown}\n${indent}^`
}
