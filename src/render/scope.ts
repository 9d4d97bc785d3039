import { copyJson } from '../../helpers/go/json-tree.ts'
import type { JsonObject, JsonValue, ValueMap } from '../../helpers/go/value.ts'

/** One value of a template's `repeat`. */
export interface Repetition {
  readonly value: JsonValue
  readonly index: number
}

export interface ScopeParts {
  readonly element: JsonObject
  /** Counts the elements of all generators. */
  readonly elementIndex: number
  readonly repetition: Repetition | undefined
  readonly gitOpsSet: ValueMap
}

/**
 * What a template sees as `.`. With `isCopied`, functions that change their arguments cannot reach the data that other
 * objects are rendered from.
 */
export function makeScope(parts: ScopeParts, isCopied: boolean): ValueMap {
  const { element, elementIndex, repetition, gitOpsSet } = parts
  const scope: ValueMap = {
    Element: isCopied ? copyJson(element) : element,
    ElementIndex: BigInt(elementIndex),
    GitOpsSet: isCopied ? { ...gitOpsSet } : gitOpsSet,
  }
  if (repetition === undefined) return scope
  scope['Repeat'] = isCopied ? copyJson(repetition.value) : repetition.value
  scope['RepeatIndex'] = BigInt(repetition.index)
  return scope
}
