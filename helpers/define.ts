import type { Value } from './go/value.ts'

/**
 * The Go type of a parameter. The interpreter checks and converts arguments to it as text/template does,
 * before the helper is called, and reports a wrong type at the argument's position.
 *
 * | type     | the helper receives                                              |
 * |----------|------------------------------------------------------------------|
 * | any      | any Value                                                        |
 * | string   | string                                                           |
 * | bool     | boolean                                                          |
 * | int      | bigint                                                           |
 * | int64    | bigint (only Go int64 values and untyped integer literals pass)  |
 * | float64  | number                                                           |
 * | list     | ValueList ([]interface{})                                        |
 * | strings  | ValueList of strings ([]string)                                  |
 * | map      | ValueMap (map[string]interface{}), possibly null                 |
 * | other    | a Go type name, which a value must have exactly (`time.Time`)    |
 */
export type ParamType =
  | 'any'
  | 'string'
  | 'bool'
  | 'int'
  | 'int64'
  | 'float64'
  | 'list'
  | 'strings'
  | 'map'
  | { readonly go: string }

export interface Param {
  readonly name: string
  readonly type: ParamType
}

/** What a helper may use of its surroundings. Everything else it gets as arguments. */
export interface CallContext {
  /** Accounts for `bytes` about to be allocated; throws {@link HelperError} when the budget is used up. */
  charge(bytes: number): void
  /** The time of the evaluation, in milliseconds since 1970. */
  nowMs(): number
  /** The evaluation's named templates and such are not reachable; a warning reaches the set's status. */
  warn(message: string): void
}

export type Family =
  | 'strings'
  | 'lists'
  | 'dict'
  | 'defaults'
  | 'math'
  | 'date'
  | 'encoding'
  | 'crypto'
  | 'regex'
  | 'semver'
  | 'url'
  | 'reflection'
  | 'flow'
  | 'gitops'
  | 'quantity'

export interface Example {
  /** A Go template with the default delimiters. */
  readonly template: string
  /** What it prints. For a function whose result changes: a sample, and `matches` says what any result looks like. */
  readonly output: string
  readonly matches?: RegExp
  readonly data?: Value
}

/** One template function: its contract, its documentation, and its implementation. */
export interface Helper {
  readonly name: string
  readonly family: Family
  readonly params: readonly Param[]
  /** Type of any number of further arguments. */
  readonly rest?: Param
  /** One or two sentences for the reference. */
  readonly doc: string
  readonly example: Example
  /** Its result differs from call to call: a set that uses it changes its objects on each evaluation. */
  readonly changing?: true
  /** Changes one of its arguments in place (`set`, `unset`, `merge` …). */
  readonly mutates?: true
  call(args: readonly Value[], context: CallContext): Value
}

/** Name → helper. Looked up by own keys only, so built without a prototype. */
export type HelperTable = Readonly<Record<string, Helper>>

/** A helper's own failure. The interpreter adds the function's name and the position. */
export class HelperError extends Error {
  override readonly name = 'HelperError'
}
