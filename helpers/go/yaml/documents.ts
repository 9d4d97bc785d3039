import { parseJson } from '../json.ts'
import type { JsonValue } from '../value.ts'
import { YAML_LIMITS, type YamlLimits } from './limits.ts'
import { yamlToJson } from './read.ts'
import { placeOf, YamlError } from './yaml-error.ts'

/**
 * The documents of a rendered text, as Kubernetes' decoder reads them one by one: a text that begins with `{` is a
 * stream of JSON values, any other is cut at lines that begin with `---`. A document without content is null.
 * Throws {@link YamlError} where the stream breaks; lines of documents then count from the document's start.
 */
export function* splitDocuments(text: string, limits: YamlLimits = YAML_LIMITS): Generator<JsonValue> {
  if (startsLikeJson(text)) yield* splitJson(text)
  else for (const document of cutDocuments(text)) yield yamlToJson(document, limits)
}

/** The decoder looks at this much of the text only. */
const peekedChars = 100

export function startsLikeJson(text: string): boolean {
  return text.slice(0, peekedChars).trimStart().startsWith('{')
}

/** The texts between `---` lines. Throws {@link YamlError} for a marker with something behind it. */
export function* cutDocuments(text: string): Generator<string> {
  let document = ''
  let start = 0
  while (start < text.length) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const isMarker = text.startsWith('---', start)
    if (isMarker) checkMarker(text, start, end)
    if (isMarker && document !== '') {
      yield document
      document = ''
    } else {
      document += `${text.slice(start, text.charAt(end - 1) === '\r' ? end - 1 : end)}\n`
    }
    start = end + 1
  }
  if (document !== '') yield document
}

function checkMarker(text: string, start: number, end: number): void {
  const rest = text.slice(start + 3, end).trim()
  if (rest !== '' && !rest.startsWith('#'))
    throw new YamlError('nothing but a comment may follow a document separator', placeOf(text, start))
}

function* splitJson(text: string): Generator<JsonValue> {
  let start = skipSpace(text, 0)
  while (start < text.length) {
    const end = findJsonEnd(text, start)
    yield parseJsonAt(text, start, end)
    start = skipSpace(text, end)
  }
}

function parseJsonAt(text: string, start: number, end: number): JsonValue {
  try {
    return parseJson(text.slice(start, end))
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'invalid JSON'
    throw new YamlError(reason, placeOf(text, start))
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  return at
}

const jsonPart = /"(?:[^"\\]|\\[^])*"?|[{}[\]]|[^"{}[\]]+/y

/** Where the JSON value that begins at `start` ends: behind its last bracket. */
function findJsonEnd(text: string, start: number): number {
  let depth = 0
  jsonPart.lastIndex = start
  for (let match = jsonPart.exec(text); match !== null; match = jsonPart.exec(text)) {
    const [part] = match
    if (part === '{' || part === '[') depth++
    else if (part === '}' || part === ']') depth--
    if (depth <= 0) return jsonPart.lastIndex
  }
  return text.length
}
