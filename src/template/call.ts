import { HelperError } from '../../helpers/define.ts'
import type { HostMethod, Value } from '../../helpers/go/value.ts'
import type { Callable } from './ast.ts'
import { TemplateError } from './errors.ts'
import type { Site } from './site.ts'
import type { State } from './state.ts'

/** Values below it are not worth accounting for. */
const smallResult = 256
const bytesPerItem = 8

/** Calls a function with arguments that have been checked; a failure is reported at `site`. */
export function callFunction(callable: Callable, args: readonly Value[], state: State, site: Site): Value {
  state.step(site, costOf(args))
  try {
    const result = callable.call(args, state)
    chargeResult(result, state)
    return result
  } catch (error) {
    throw toCallError(error, callable.name, site)
  }
}

const charactersPerStep = 256
const itemsPerStep = 8

/** A function may look at all of a text or list, so that a large one counts for many steps. */
function costOf(args: readonly Value[]): number {
  let cost = 1
  for (const arg of args) {
    if (typeof arg === 'string') cost += Math.floor(arg.length / charactersPerStep)
    else if (Array.isArray(arg)) cost += Math.floor(arg.length / itemsPerStep)
  }
  return cost
}

/** Whatever a function does, strings and lists cannot grow beyond the budget by feeding it its own results. */
function chargeResult(result: Value, state: State): void {
  if (typeof result === 'string') {
    if (result.length > smallResult) state.charge(result.length)
  } else if (Array.isArray(result) && result.length > smallResult) {
    state.charge(result.length * bytesPerItem)
  }
}

export function callMethod(method: HostMethod, name: string, args: readonly Value[], site: Site): Value {
  try {
    return method(args)
  } catch (error) {
    throw toCallError(error, name, site)
  }
}

function toCallError(error: unknown, name: string, site: Site): TemplateError {
  if (error instanceof TemplateError) return error
  return site.fail(`error calling ${name}: ${explain(error)}`, error)
}

function explain(error: unknown): string {
  if (error instanceof HelperError) return error.message
  // The stack, or a string, is full: a value that contains itself, or one that is far too large.
  if (error instanceof RangeError) return 'a value is too large or nested too deeply'
  return `internal error: ${error instanceof Error ? error.message : String(error)}`
}
