import type { JsonValue } from '../../helpers/go/value.ts'
import { parseNode } from '../../helpers/go/yaml/node.ts'
import { plainToJson } from '../../helpers/go/yaml/resolve.ts'
import type { LeafPlace } from './leaf-place.ts'

/** A rendered leaf begins another document, so that the whole text must be looked at. */
export class DocumentsInLeaf extends Error {
  override readonly name = 'DocumentsInLeaf'
}

const startsStructure = /^[ \t]*(?:[[{"'|>&*!]|\n)/
/** At the start of a line of the whole text; the leaf's own start is not one. */
const documentMarker = /\n(?:---|\.\.\.)(?:\s|$)/
const keepsText = /\n|:(?:[ \t]|$)|[ \t]#|^(?:[-?][ \t]|[-?]$|[#%@`,\]}])/

/**
 * The value of an unquoted leaf, from the text that it rendered to. The text of one line is typed as YAML types it;
 * a map, a list or a quoted string may be written out. Text that YAML would read as more than the leaf (a comment, a
 * key, further lines) is a string: values do not change a document's structure.
 */
export function typePlainLeaf(text: string, place: LeafPlace): JsonValue {
  const trimmed = trimBlanks(text)
  if (startsStructure.test(text)) return typeStructure(text, trimmed, place)
  if (keepsText.test(trimmed)) return text.includes('\n') ? text : trimmed
  const value = plainToJson(trimmed)
  // JSON has no number for `.inf` and `.nan`.
  return value === undefined ? trimmed : value
}

export function hasDocumentMarker(text: string): boolean {
  return documentMarker.test(text)
}

function typeStructure(text: string, trimmed: string, place: LeafPlace): JsonValue {
  if (hasDocumentMarker(text)) return text
  const node = parseNode(text, { indent: place.indent - 2, isItem: place.isItem })
  return node === undefined ? trimmed : node.value
}

function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '')
}
