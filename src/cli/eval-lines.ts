import { findField, isJsonObject } from '../../helpers/go/json-tree.ts'
import { stringifyJson } from '../../helpers/go/json.ts'
import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import { TemplateError } from '../template/errors.ts'
import { type CliContext, EXIT, type ExitCode } from './context.ts'
import { evaluateTemplate, withIndexes } from './eval-template.ts'

type Engine = 'go' | 'handlebars'

/** A line that is not what it should be; the other lines go on. */
class LineError extends Error {}

/** A result line for each line that is not blank, in order. A template that fails is a result, not a failure. */
export function evalLines(text: string, engine: Engine, context: CliContext): ExitCode {
  let exit: ExitCode = EXIT.done
  const results: string[] = []
  const warnings = new Set<string>()
  const quiet = { ...context, err: (warning: string) => void warnings.add(warning) }
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const result = evalLine(line, engine, quiet)
    if (result instanceof LineError) {
      context.err(`<stdin>:${index + 1}:1: ${result.message}\n`)
      exit = EXIT.invalid
    } else {
      results.push(`${stringifyJson(result)}\n`)
    }
  }
  for (const warning of warnings) context.err(warning)
  context.out(results.join(''))
  return exit
}

function evalLine(line: string, engine: Engine, context: CliContext): JsonObject | LineError {
  try {
    const request = parseRequest(line)
    return { ...named(request), ...evaluate(request, engine, context) }
  } catch (error) {
    if (error instanceof LineError) return error
    throw error
  }
}

function parseRequest(line: string): JsonObject {
  let value: JsonValue
  try {
    // Every number is a float64 here, as Go's encoding/json has it: lines are for comparing with other engines.
    value = JSON.parse(line) as JsonValue
  } catch {
    throw new LineError('not JSON')
  }
  if (isJsonObject(value)) return value
  throw new LineError('not a JSON object')
}

function named(request: JsonObject): JsonObject {
  const name = findField(request, 'name')
  return name === undefined ? {} : { name }
}

function evaluate(request: JsonObject, engine: Engine, context: CliContext): JsonObject {
  const template = findField(request, 'template')
  if (typeof template !== 'string') throw new LineError('template must be a text')
  try {
    const data = withIndexes(findField(request, 'data') ?? null)
    const output = evaluateTemplate(
      { template, data, engine: engineOf(request, engine), delimiters: delimitersOf(request) },
      context,
    )
    return { output }
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message, stage: error.stage }
    throw error
  }
}

function engineOf(request: JsonObject, engine: Engine): Engine {
  const given = findField(request, 'engine')
  if (given === undefined) return engine
  if (given === 'go' || given === 'handlebars') return given
  throw new LineError('engine must be go or handlebars')
}

function delimitersOf(request: JsonObject): readonly [string, string] | undefined {
  const given = findField(request, 'delims')
  if (given === undefined || given === null) return undefined
  const [left, right, ...rest] =
    typeof given === 'string' ? given.split(',') : Array.isArray(given) ? given : []
  if (
    typeof left === 'string' &&
    typeof right === 'string' &&
    left !== '' &&
    right !== '' &&
    rest.length === 0
  ) {
    return [left, right]
  }
  throw new LineError('delims must be a list of two texts')
}
