import { sortedKeys, toBytes } from '../bytes.ts'
import { getKey, GoInt, isList, isMap, type Value } from '../value.ts'
import type { FilterNode, PathNode, PathNodes, SliceNode } from './ast.ts'
import { compareValues } from './compare.ts'
import { JsonPathError } from './error.ts'
import { type Found, MadeValue, toValue } from './found.ts'
import { JSON_PATH_LIMITS } from './limits.ts'

/** What evaluating changes: the budget, and the words met that steer ranges. */
export class Evaluation {
  /** `range` words whose loop has not been started. */
  beginRange = 0
  /** Loops under way. */
  inRange = 0
  /** `end` words that have not ended a loop. */
  endRange = 0
  #steps = 0

  charge(steps: number): void {
    this.#steps += steps
    if (this.#steps > JSON_PATH_LIMITS.maxSteps) {
      throw new JsonPathError('find', `the search looks at more than ${JSON_PATH_LIMITS.maxSteps} values`)
    }
  }
}

/** A failed step, with what Go's evaluator hands on beside the error: an `exists` filter goes by that alone. */
class StepError extends JsonPathError {
  readonly partial: readonly Found[]

  constructor(message: string, partial: readonly Found[] = []) {
    super('find', message)
    this.partial = partial
  }
}

export function evaluateNodes(
  input: readonly Found[],
  nodes: PathNodes,
  state: Evaluation,
): readonly Found[] {
  let current = input
  for (const node of nodes) {
    current = evaluateNode(current, node, state)
    state.charge(1 + current.length)
    if (current.length > JSON_PATH_LIMITS.maxResults) {
      throw new JsonPathError('find', `the path has more than ${JSON_PATH_LIMITS.maxResults} results`)
    }
  }
  return current
}

function evaluateNode(input: readonly Found[], node: PathNode, state: Evaluation): readonly Found[] {
  switch (node.kind) {
    case 'field':
      return evaluateField(input, node.name)
    case 'slice':
      return evaluateSlice(input, node)
    case 'wildcard':
      return input.flatMap((found) => childrenOf(toValue(found), state))
    case 'recursive':
      return evaluateRecursive(input, state, 0)
    case 'filter':
      return evaluateFilter(input, node, state)
    case 'union':
      return evaluateUnion(input, node.members, state)
    case 'word':
      return evaluateWord(input, node.word, state)
    case 'text':
      return [new MadeValue(node.text)]
    default:
      return input.map(() => new MadeValue(node.value))
  }
}

function evaluateField(input: readonly Found[], name: string): readonly Found[] {
  if (input.length === 0) return input
  const results: Found[] = []
  for (const found of input) {
    const value = toValue(found)
    const member = isMap(value) ? getKey(value, name) : undefined
    if (member !== undefined) results.push(member)
  }
  if (results.length === 0) throw new StepError(`${name === '' ? 'an empty key' : name} is not found`)
  return results
}

function evaluateSlice(input: readonly Found[], node: SliceNode): readonly Found[] {
  const results: Found[] = []
  for (const found of input) {
    const value = toValue(found)
    if (found === null) continue
    if (!isList(value)) throw new StepError(`${describe(value)} is not a list: [ ] needs one`, input)
    const { start, end } = sliceBounds(node, value.length)
    if (start === end) return results
    const problem = boundsProblem(start, end, value.length)
    if (problem !== undefined) throw new StepError(problem, input)
    const step = node.step ?? 1
    if (step <= 0) throw new StepError(`step must be > 0, not ${step}`, input)
    for (let index = start; index < end; index += step) results.push(value[index] ?? null)
  }
  return results
}

function sliceBounds(node: SliceNode, length: number): { start: number; end: number } {
  const start = node.start ?? 0
  const end = node.end ?? length
  const fromEnd = end < 0 || (end === 0 && node.endDerived)
  return { start: start < 0 ? start + length : start, end: fromEnd ? end + length : end }
}

function boundsProblem(start: number, end: number, length: number): string | undefined {
  if (start >= length || start < 0) return `array index out of bounds: index ${start}, length ${length}`
  if (end > length || end < 0) return `array index out of bounds: index ${end - 1}, length ${length}`
  return start > end ? `starting index ${start} is greater than ending index ${end}` : undefined
}

/** Every value that has something in it, before what is in it. */
function evaluateRecursive(input: readonly Found[], state: Evaluation, depth: number): readonly Found[] {
  if (depth > JSON_PATH_LIMITS.maxDepth) {
    throw new JsonPathError('find', `the data is more than ${JSON_PATH_LIMITS.maxDepth} deep`)
  }
  const results: Found[] = []
  for (const found of input) {
    const value = toValue(found)
    if (typeof value === 'string') {
      if (value !== '') results.push(new MadeValue(value))
      continue
    }
    const children = childrenOf(value, state)
    if (children.length === 0) continue
    results.push(value)
    for (const inner of evaluateRecursive(children, state, depth + 1)) results.push(inner)
  }
  return results
}

/** Map values by sorted key, list items, and the bytes of a string. Counted before they are made. */
function childrenOf(value: Value, state: Evaluation): readonly Found[] {
  if (isList(value)) {
    state.charge(value.length)
    return value
  }
  if (isMap(value)) {
    const keys = sortedKeys(value)
    state.charge(keys.length)
    return keys.map((key) => getKey(value, key) ?? null)
  }
  if (typeof value !== 'string') return []
  state.charge(value.length)
  return Array.from(toBytes(value), (byte) => new MadeValue(new GoInt('uint8', BigInt(byte))))
}

function evaluateFilter(input: readonly Found[], node: FilterNode, state: Evaluation): readonly Found[] {
  const results: Found[] = []
  for (const found of input) {
    const list = toValue(found)
    if (!isList(list)) {
      throw new StepError(`${describe(list)} is not a list and cannot be filtered`, input)
    }
    for (const item of list) {
      if (node.operator === 'exists' ? exists(item, node.left, state) : passes(item, node, state, input)) {
        results.push(item)
      }
    }
  }
  return results
}

function exists(item: Value, nodes: PathNodes, state: Evaluation): boolean {
  try {
    return evaluateNodes([item], nodes, state).length > 0
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    return error.partial.length > 0
  }
}

function passes(item: Value, node: FilterNode, state: Evaluation, input: readonly Found[]): boolean {
  const left = evaluateNodes([item], node.left, state)
  if (left.length === 0) return false
  if (left.length > 1) throw new StepError('a filter can only compare one value at a time', input)
  const right = evaluateNodes([item], node.right, state)
  if (right.length === 0) return false
  if (right.length > 1) throw new StepError('a filter can only compare one value at a time', input)
  return compareValues(toValue(left[0] ?? null), node.operator, toValue(right[0] ?? null))
}

function evaluateUnion(
  input: readonly Found[],
  members: readonly PathNodes[],
  state: Evaluation,
): readonly Found[] {
  try {
    return members.flatMap((member) => evaluateNodes(input, member, state))
  } catch (error) {
    throw error instanceof StepError ? new StepError(error.message, input) : error
  }
}

function evaluateWord(input: readonly Found[], word: string, state: Evaluation): readonly Found[] {
  if (word === 'range') {
    state.beginRange++
    return input
  }
  if (word !== 'end') {
    throw new StepError(
      `unrecognized identifier ${word} (a field starts with a dot, a text has quotes)`,
      input,
    )
  }
  if (state.inRange === 0) throw new StepError('not in range, nothing to end')
  state.endRange++
  return []
}

function describe(value: Value): string {
  if (value === null) return 'null'
  return isMap(value) ? 'a map' : `a ${typeof value === 'object' ? 'number' : typeof value}`
}
