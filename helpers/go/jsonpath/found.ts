import type { Value } from '../value.ts'

/**
 * A value that a path made rather than picked: a literal, a text, the whole of the data, a string met by `..`. Go
 * cannot use those as something to repeat for, and neither do we.
 */
export class MadeValue {
  readonly value: Value

  constructor(value: Value) {
    this.value = value
  }
}

/** One result of a step. */
export type Found = Value | MadeValue

export function toValue(found: Found): Value {
  return found instanceof MadeValue ? found.value : found
}
