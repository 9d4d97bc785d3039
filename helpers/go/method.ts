import { HelperError } from '../define.ts'
import type { HostMethod, Value } from './value.ts'

/** A method of a host value that checks how many arguments a template passes, as Go does. */
export function bindMethod(
  name: string,
  arity: number,
  implementation: (args: readonly Value[]) => Value,
): HostMethod {
  return (args) => {
    if (args.length !== arity) {
      throw new HelperError(`wrong number of args for ${name}: want ${arity} got ${args.length}`)
    }
    return implementation(args)
  }
}
