import { copyJson, isJsonObject } from '../json-tree.ts'
import type { JsonValue } from '../value.ts'
import type { Scalar } from './resolve.ts'

/** A value that an anchor names. Each reference gets a copy. */
interface Anchored {
  readonly scalar?: Scalar
  readonly value: JsonValue | undefined
}

/** The anchors of one document. */
export class Anchors {
  /** Undefined while the value is being read. */
  private readonly byName = new Map<string, Anchored | undefined>()
  private aliasedValues = 0
  private readonly maxAliasedValues: number

  constructor(maxAliasedValues: number) {
    this.maxAliasedValues = maxAliasedValues
  }

  clear(): void {
    this.byName.clear()
  }

  open(name: string): void {
    this.byName.set(name, undefined)
  }

  set(name: string, node: Anchored): void {
    this.byName.set(name, node)
  }

  /** A copy of the named value, or why there is none. */
  get(name: string): Anchored | string {
    const found = this.byName.get(name)
    if (found === undefined)
      return this.byName.has(name)
        ? `anchor '${name}' value contains itself`
        : `unknown anchor '${name}' referenced`
    const { value } = found
    this.aliasedValues += value === undefined ? 1 : countValues(value)
    if (this.aliasedValues > this.maxAliasedValues)
      return `document contains excessive aliasing: references add more than ${this.maxAliasedValues} values`
    return value === undefined ? found : { ...found, value: copyJson(value) }
  }
}

function countValues(value: JsonValue): number {
  let count = 1
  if (Array.isArray(value)) for (const item of value) count += countValues(item)
  else if (isJsonObject(value)) for (const item of Object.values(value)) count += countValues(item)
  return count
}
