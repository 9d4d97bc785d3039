import type { SourcePosition } from '../errors.ts'
import type { CliContext, ExitCode } from './context.ts'
import { EXIT } from './context.ts'

/** Something wrong in an input, or with it. */
export interface Problem {
  readonly file: string
  readonly place: SourcePosition | undefined
  readonly message: string
  /** Whether the input must change; otherwise another run may succeed. */
  readonly isInvalid: boolean
}

const MAX_SHOWN_CHARS = 110

/** `file:line:column: message`, the line, and a caret under the column. */
export function formatProblem({ file, place, message }: Problem): string {
  if (place === undefined) return `${file}: ${message}\n`
  const head = `${file}:${place.line}:${place.column}: ${message}\n`
  if (place.lineText === undefined) return head
  const { shown, before } = cutAround(Array.from(place.lineText), place.column)
  const gutter = ` ${place.line} | `
  const indent = ' '.repeat(gutter.length) + before.replace(/[^\t]/gu, ' ')
  return `${head}${gutter}${shown}\n${indent}^\n`
}

/** The line, cut where it is long, and the part of what is shown that stands before the column. */
function cutAround(chars: readonly string[], column: number): { shown: string; before: string } {
  const from = column > MAX_SHOWN_CHARS ? column - MAX_SHOWN_CHARS / 2 : 0
  return {
    shown: chars.slice(from, from + MAX_SHOWN_CHARS).join(''),
    before: chars.slice(from, Math.max(from, column - 1)).join(''),
  }
}

/** Prints the problems and gives the exit code that they lead to. */
export function reportProblems(problems: readonly Problem[], context: CliContext): ExitCode {
  for (const problem of problems) context.err(formatProblem(problem))
  if (problems.length === 0) return EXIT.done
  return problems.some((problem) => problem.isInvalid) ? EXIT.invalid : EXIT.failed
}
