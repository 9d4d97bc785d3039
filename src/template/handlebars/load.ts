import { lazyRequire } from '../../../helpers/lazy.ts'
import { parseError } from '../errors.ts'
import { maxNesting } from '../limits.ts'
import type { Source } from '../position.ts'
import { findTooDeep } from './nesting.ts'
import type { Place, Program } from './syntax.ts'

interface Base {
  parse(text: string): Program
  readonly parser: { readonly lexer: { readonly yylloc?: { first_line: number; first_column: number } } }
}

/** The parser and its whitespace control; neither the compiler nor the runtime is loaded. */
const loadBase = lazyRequire<Base>('handlebars/dist/cjs/handlebars/compiler/base')

/** Parses a Handlebars template. Throws TemplateError (stage `parse`). */
export function parseHandlebars(source: Source): Program {
  const tooDeep = findTooDeep(source.text)
  if (tooDeep !== undefined) throw parseError(source, tooDeep, `nested more than ${maxNesting} levels deep`)
  try {
    return loadBase().parse(source.text)
  } catch (error) {
    throw parseError(source, offsetOf(source.text, findPlace(error)), explain(error))
  }
}

function explain(error: unknown): string {
  if (error instanceof RangeError) return 'the template is nested too deeply'
  const message = error instanceof Error ? error.message : String(error)
  // The parser's own drawing of the line is replaced by ours.
  const [first = '', ...rest] = message.split('\n')
  const expecting = rest.find((line) => line.startsWith('Expecting') || line.startsWith('Unrecognized'))
  return expecting ?? first.replace(/ - \d+:\d+$/, '')
}

/** Errors of the grammar carry their place; for others it is where the lexer stopped. */
function findPlace(error: unknown): Place {
  const { lineNumber, column } = error as { lineNumber?: number; column?: number }
  if (typeof lineNumber === 'number' && typeof column === 'number') return { line: lineNumber, column }
  const stopped = loadBase().parser.lexer.yylloc
  return { line: stopped?.first_line ?? 1, column: stopped?.first_column ?? 0 }
}

/** The offset of a place, in UTF-16 units. The parser counts lines at CR, LF and CR LF. */
export function offsetOf(text: string, place: Place): number {
  let start = 0
  const newline = /\r\n?|\n/g
  for (let line = 1; line < place.line; line++) {
    if (newline.exec(text) === null) break
    start = newline.lastIndex
  }
  return Math.min(start + place.column, text.length)
}
