import type { CallContext } from '../define.ts'
import { HelperError } from '../define.ts'
import { typeOf } from './kind.ts'
import { findTypeTag, getKey, GoInt, HostValue, isList, isMap, isNilCollection, WideNumber } from './value.ts'
import type { Value, ValueList, ValueMap } from './value.ts'

const maxDepth = 1_000
const nodeBytes = 16

/**
 * reflect.DeepEqual: equal types and equal values, so 1 and 1.0 differ, and so do a nil and an empty list.
 * Each compared node counts against the context's budget, because shared parts are compared once per use.
 */
export function isDeepEqual(left: Value, right: Value, context: CallContext): boolean {
  return compareNodes(left, right, { context, depth: 0 })
}

interface Comparison {
  readonly context: CallContext
  readonly depth: number
}

function compareNodes(left: Value, right: Value, at: Comparison): boolean {
  if (left === right) return true
  if (isList(left)) return isList(right) && isSameType(left, right) && compareLists(left, right, enter(at))
  if (isMap(left)) return isMap(right) && isSameType(left, right) && compareMaps(left, right, enter(at))
  return compareScalars(left, right)
}

function enter({ context, depth }: Comparison): Comparison {
  if (depth > maxDepth)
    throw new HelperError(`the values to compare are nested more than ${maxDepth} levels deep`)
  return { context, depth: depth + 1 }
}

function isSameType(left: ValueList | ValueMap, right: ValueList | ValueMap): boolean {
  return findTypeTag(left) === findTypeTag(right) && isNilCollection(left) === isNilCollection(right)
}

function compareLists(left: ValueList, right: ValueList, at: Comparison): boolean {
  if (left.length !== right.length) return false
  at.context.charge(left.length * nodeBytes)
  return left.every((item, i) => compareNodes(item, right[i] ?? null, at))
}

function compareMaps(left: ValueMap, right: ValueMap, at: Comparison): boolean {
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  at.context.charge(keys.length * nodeBytes)
  return keys.every((key) => {
    const other = getKey(right, key)
    return other !== undefined && compareNodes(getKey(left, key) ?? null, other, at)
  })
}

function compareScalars(left: Value, right: Value): boolean {
  if (left instanceof WideNumber || right instanceof WideNumber) return isSameNumber(left, right)
  if (typeOf(left) !== typeOf(right)) return false
  if (left instanceof GoInt) return right instanceof GoInt && left.value === right.value
  return left instanceof HostValue && right instanceof HostValue && left.toGoString() === right.toGoString()
}

/** Two float64, of which at least one has kept its digits: those count where both have. */
function isSameNumber(left: Value, right: Value): boolean {
  if (left instanceof WideNumber && right instanceof WideNumber) return left.text === right.text
  return toFloat(left) === toFloat(right)
}

function toFloat(value: Value): Value {
  return value instanceof WideNumber ? value.value : value
}
