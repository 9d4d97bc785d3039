import { HelperError } from '../define.ts'
import { toValidText } from './bytes.ts'
import { endOfString, JsonParser, jsonLimits } from './json-parser.ts'
import type { JsonValue } from './value.ts'

/**
 * Numbers that JSON.parse would not keep as they are, and escaped surrogates, which Go replaces. Text in strings
 * matches too, and is then only parsed more slowly.
 */
const needsCare = /(?:^|[:[,\s])-?(?:\d{16}|[\d.]+[eE])|\\u[dD][89a-fA-F]/

/**
 * JSON text to data, as Go's encoding/json reads it, except that integers that a float64 cannot hold keep their
 * digits ({@link JsonValue}'s WideNumber). Every key becomes an own property, `__proto__` too.
 * Throws HelperError with line and column, which never quotes more of the text than one character.
 */
export function parseJson(text: string): JsonValue {
  const valid = toValidText(text)
  if (needsCare.test(valid) || isTooDeep(valid)) return new JsonParser(valid).parse()
  try {
    return JSON.parse(valid) as JsonValue
  } catch {
    return explainFailure(valid)
  }
}

/** Parses again, for an error that says where. */
function explainFailure(text: string): never {
  new JsonParser(text).parse()
  throw new HelperError('invalid JSON')
}

const quote = 34
const openBrace = 123
const openBracket = 91

function isTooDeep(text: string): boolean {
  if (text.length <= jsonLimits.maxDepth) return false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    else if (code === openBrace || code === openBracket) depth++
    else if (code === openBrace + 2 || code === openBracket + 2) depth--
    if (depth > jsonLimits.maxDepth) return true
  }
  return false
}

/** Data to JSON text. Integers keep all digits. `indent` is the number of spaces per level, 0 for one line. */
export function stringifyJson(value: JsonValue, indent = 0): string {
  return JSON.stringify(value, null, indent)
}
