import type { Callable } from '../ast.ts'
import type { Parsed } from '../parser.ts'
import type { Source } from '../position.ts'
import { parseError } from '../errors.ts'

export function lowerHandlebars(source: Source, _findCallable: (name: string) => Callable | undefined): Parsed {
  throw parseError(source, 0, 'engine handlebars is not there yet')
}
