import type { JsonValue } from '../value.ts'
import { isJsonObject } from '../json-tree.ts'
import { YAML_LIMITS } from './limits.ts'
import { YamlParser } from './parser.ts'
import { checkText } from './read.ts'
import { YamlError } from './yaml-error.ts'

export interface NodePlace {
  /** Columns before the key or dash that the node belongs to. */
  readonly indent: number
  /** Behind `- `; else behind `key: `. */
  readonly isItem: boolean
}

/** A key that no text should hold. */
const holderKey = '\ue000'

/** The value of a text that stands behind a key or dash, or undefined where it is not one value on its own. */
export function parseNode(text: string, place: NodePlace): { readonly value: JsonValue } | undefined {
  const pad = ' '.repeat(Math.max(place.indent, 0))
  const whole = `${pad}${place.isItem ? '-' : `${holderKey}:`} ${text}\n`
  try {
    checkText(whole, YAML_LIMITS)
    const parser = new YamlParser(whole, YAML_LIMITS)
    const document = parser.next()
    const holder = document?.value
    if (holder === undefined || parser.next() !== undefined) return undefined
    return place.isItem ? onlyItem(holder) : onlyValue(holder)
  } catch (error) {
    if (error instanceof YamlError) return undefined
    throw error
  }
}

function onlyItem(list: JsonValue): { readonly value: JsonValue } | undefined {
  if (!Array.isArray(list) || list.length !== 1) return undefined
  return { value: list[0] ?? null }
}

function onlyValue(map: JsonValue): { readonly value: JsonValue } | undefined {
  if (!isJsonObject(map) || Object.keys(map).length !== 1 || !Object.hasOwn(map, holderKey)) return undefined
  return { value: map[holderKey] ?? null }
}
