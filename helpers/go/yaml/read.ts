import type { JsonValue } from '../value.ts'
import { YAML_LIMITS, type YamlLimits } from './limits.ts'
import { YamlParser } from './parser.ts'
import { placeOf, YamlError } from './yaml-error.ts'

/** Control characters other than tab, line feed, carriage return and next line. */
const notAllowed = /[^\t\n\r\x20-\x7e\x85\xa0-\ufffd]/

/** Throws {@link YamlError} for a text that is too long or has characters that YAML text may not have. */
export function checkText(text: string, limits: YamlLimits): void {
  if (text.length > limits.maxChars)
    throw new YamlError(`the text has more than ${limits.maxChars} characters`, placeOf(text, 0))
  const bad = notAllowed.exec(text)
  if (bad !== null) throw new YamlError('control characters are not allowed', placeOf(text, bad.index))
}

/**
 * The first document of a text as JSON, by the rules of sigs.k8s.io/yaml: YAML 1.1 types (`yes` is true, `014` is 12),
 * keys become strings, the last of equal keys wins. An empty text is null. Throws {@link YamlError} and nothing else.
 */
export function yamlToJson(text: string, limits: YamlLimits = YAML_LIMITS): JsonValue {
  checkText(text, limits)
  return new YamlParser(text, limits).next()?.value ?? null
}
