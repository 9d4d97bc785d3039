import { HelperError } from './define.ts'
import { kindOf } from './go/kind.ts'
import { isList } from './go/value.ts'
import type { Value, ValueList } from './go/value.ts'

/** A list of any type, which is what Sprig's list functions take. `action` says what cannot be done with others. */
export function toList(value: Value, action: string): ValueList {
  if (isList(value)) return value
  if (value === null) throw new HelperError(`Cannot ${action} nil: give a list`)
  throw new HelperError(`Cannot ${action} type ${kindOf(value)}`)
}

/** What a list's slot counts against the budget. */
export const itemBytes = 8
