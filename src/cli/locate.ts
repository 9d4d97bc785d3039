import type { PathStep } from '../api/validate.ts'
import type { AppError, SourcePosition } from '../errors.ts'
import type { InputObject } from './input.ts'

/** Where a field of an input object is in its file; its nearest parent where it does not exist. */
export function locateField(object: InputObject, path: readonly PathStep[]): SourcePosition {
  return object.document.locate([...object.root, ...path])
}

/** Where in its file an error points: into a template's text where the error knows a position there. */
export function locateError(object: InputObject, error: AppError): SourcePosition {
  const path = parsePath(error.path ?? '')
  const field = locateField(object, path)
  if (error.position === undefined || typeof valueAt(object, path) !== 'string') return field
  return placeInText(object, object.document.locateValue([...object.root, ...path]), error.position)
}

/** The steps of `spec.templates[0].content.data["a.b"]`. */
export function parsePath(text: string): PathStep[] {
  const steps: PathStep[] = []
  for (const [, name, index, quoted] of text.matchAll(/([^.[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)) {
    if (name !== undefined) steps.push(name)
    else if (index !== undefined) steps.push(Number(index))
    else steps.push(unquote(quoted ?? '""'))
  }
  return steps
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch {
    return text.slice(1, -1)
  }
}

function valueAt(object: InputObject, path: readonly PathStep[]): unknown {
  let value: unknown = object.value
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<PathStep, unknown>)[step]
  }
  return value
}

/** A position in a scalar's text as a place in the file. Exact for plain and quoted texts on one line, and for blocks. */
function placeInText(object: InputObject, start: SourcePosition, position: SourcePosition): SourcePosition {
  const lines = object.text.split(/\r\n|\r|\n/)
  const first = Array.from(start.lineText ?? '').at(start.column - 1) ?? ''
  if (first === '|' || first === '>') return placeInBlock(lines, start, position)
  const isQuoted = first === '"' || first === "'"
  if (position.line > 1) return start
  return { ...start, column: start.column + position.column - (isQuoted ? 0 : 1) }
}

function placeInBlock(
  lines: readonly string[],
  start: SourcePosition,
  position: SourcePosition,
): SourcePosition {
  const line = start.line + position.line
  const lineText = lines[line - 1]
  if (lineText === undefined || lineText.trim() === '') return endOfText(lines, line, start)
  const body = lines.slice(start.line).find((text) => text.trim() !== '') ?? ''
  const indent = body.length - body.trimStart().length
  return { line, column: indent + position.column, lineText }
}

/** The end of the last line with text before `line`: where a text ends too early. */
function endOfText(lines: readonly string[], line: number, start: SourcePosition): SourcePosition {
  for (let last = Math.min(line, lines.length); last > start.line; last--) {
    const lineText = lines[last - 1] ?? ''
    if (lineText.trim() !== '') return { line: last, column: lineText.length + 1, lineText }
  }
  return start
}
