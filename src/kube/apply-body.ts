import { stringifyJson } from '../lib/json.ts'
import type { JsonValue } from '../lib/json.ts'

/** Content type of a server-side apply. */
export const APPLY_PATCH = 'application/apply-patch+yaml'

/**
 * JSON that a YAML 1.1 reader understands the same way. The API server reads the body of a server-side apply as YAML, where next-line,
 * line and paragraph separators break a line even inside quotes (the text would be folded), and where some characters are not
 * allowed unless escaped.
 */
export function stringifyForYaml(value: JsonValue): string {
  return stringifyJson(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
