import type { Example, Family, Helper, Param, CallContext } from './define.ts'
import type { Value, ValueList, ValueMap } from './go/value.ts'

/** What a helper receives for a parameter, by its type. */
interface ArgTypes {
  any: Value
  string: string
  bool: boolean
  int: bigint
  int64: bigint
  float64: number
  list: ValueList
  strings: string[]
  map: ValueMap | null
}

type Arg<P extends Param> = P['type'] extends keyof ArgTypes ? ArgTypes[P['type']] : Value

type Args<P extends readonly Param[], R extends Param | undefined> = readonly [
  ...{ [K in keyof P]: Arg<P[K]> },
  ...(R extends Param ? Arg<R>[] : []),
]

/** A helper whose `call` sees the types of its parameters. */
export interface TypedSpec<P extends readonly Param[], R extends Param | undefined> {
  readonly name: string
  readonly params: P
  readonly rest?: R
  readonly doc: string
  readonly example: Example
  readonly changing?: true
  readonly mutates?: true
  call(args: Args<P, R>, context: CallContext): Value
}

export type DefineInFamily = <
  const P extends readonly Param[],
  const R extends Param | undefined = undefined,
>(
  spec: TypedSpec<P, R>,
) => Helper

/** Returns a function that defines helpers of a family; the interpreter has checked the arguments by then. */
export function inFamily(family: Family): DefineInFamily {
  return (spec) => ({ ...spec, family }) as unknown as Helper
}

/** Another name of a helper. Its example is the same, under the new name. */
export function aliasOf(helper: Helper, name: string, doc = `Another name of \`${helper.name}\`.`): Helper {
  const template = helper.example.template.replace(helper.name, name)
  return { ...helper, name, doc, example: { ...helper.example, template } }
}

/** Sprig's `must` twin. Both fail alike here, where Go's plain form panics and the twin returns an error. */
export function withMust(helper: Helper): Helper[] {
  const name = `must${helper.name.charAt(0).toUpperCase()}${helper.name.slice(1)}`
  return [helper, aliasOf(helper, name, `The same as \`${helper.name}\`: both fail on a wrong argument.`)]
}

export function example(template: string, output: string, data?: Value): Example {
  return data === undefined ? { template, output } : { template, output, data }
}

/** An example of a helper whose result changes: a sample, and the shape of every result. */
export function sample(template: string, output: string, matches: RegExp): Example {
  return { template, output, matches }
}

export const any = (name: string) => ({ name, type: 'any' }) as const
export const string = (name: string) => ({ name, type: 'string' }) as const
export const bool = (name: string) => ({ name, type: 'bool' }) as const
export const int = (name: string) => ({ name, type: 'int' }) as const
export const map = (name: string) => ({ name, type: 'map' }) as const
