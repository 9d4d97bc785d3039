import { byteLength } from '../../helpers/go/bytes.ts'

/** A place in a template. Line and column count from 1, the column in characters (UTF-16 units). */
export interface SourcePosition {
  readonly offset: number
  readonly line: number
  readonly column: number
}

export interface Source {
  /** As error messages call the template. */
  readonly name: string
  readonly text: string
}

export function positionAt(text: string, offset: number): SourcePosition {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  return { offset, line: countLines(text, lineStart), column: offset - lineStart + 1 }
}

function countLines(text: string, end: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** The line that holds the offset, without its newline. */
export function lineTextAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', offset)
  return text.slice(start, end < 0 ? text.length : end)
}

/** The column as Go reports it: bytes from the start of the line, from 0. */
export function byteColumn(text: string, offset: number): number {
  return byteLength(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))
}
