import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import { AppError } from '../errors.ts'
import { compileJsonPath, findRepeat, JsonPathError } from '../lib/jsonpath.ts'

/** The values that a template is repeated for. Throws JsonPathError. */
export type RepeatProgram = (element: JsonObject) => readonly JsonValue[]

/** Compiles `repeat`, a JSONPath into the element. Throws AppError (TemplateInvalid, stall). */
export function compileRepeat(expression: string | undefined, path: string): RepeatProgram | undefined {
  if (expression === undefined || expression === '') return undefined
  try {
    const compiled = compileJsonPath(expression)
    return (element) => findRepeat(compiled, element)
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error
    const message = `repeat ${JSON.stringify(expression)}: ${error.message}`
    throw new AppError('TemplateInvalid', 'stall', message, { path, cause: error })
  }
}
