import { formatFloat } from '../float.ts'
import { WideNumber } from '../value.ts'
import type { JsonObject, JsonValue } from '../value.ts'
import { keyOrderOf } from './key-order.ts'
import { isPlainWord, maxSimpleKeyBytes, scalarStyle } from './scalar-style.ts'
import { writeScalar } from './write-scalar.ts'
import { placeOf, YamlError } from './yaml-error.ts'

const maxDepth = 1000

/**
 * YAML text exactly as sigs.k8s.io/yaml's Marshal writes the value: keys sorted, strings quoted only where a reader
 * would take them for something else, lines folded at 80 columns, characters above U+FFFF escaped.
 */
export function jsonToYaml(value: JsonValue): string {
  if (isCollection(value)) return writeBlock(value, 0)
  return endLine(writeLeaf(value, { column: 0, indent: 2, mayFold: true }))
}

type Collection = JsonValue[] | JsonObject

function isCollection(value: JsonValue): value is Collection {
  if (value === null || typeof value !== 'object') return false
  if (Array.isArray(value)) return value.length > 0
  return !(value instanceof WideNumber) && hasKeys(value)
}

function hasKeys(object: JsonObject): boolean {
  for (const key in object) if (Object.hasOwn(object, key)) return true
  return false
}

/** A collection's lines, the first without indentation: it continues a line. */
function writeBlock(value: Collection, indent: number): string {
  if (indent > maxDepth * 2) throw new YamlError(`nested deeper than ${maxDepth} levels`, placeOf('', 0))
  return Object.isFrozen(value) ? writeShared(value, indent) : writeLines(value, indent)
}

function writeLines(value: Collection, indent: number): string {
  return Array.isArray(value) ? writeList(value, indent) : writeMap(value, indent)
}

/** Frozen parts are what all objects of a template have in common: their text is written once. */
const sharedTexts = new WeakMap<Collection, { indent: number; text: string }>()

function writeShared(value: Collection, indent: number): string {
  const written = sharedTexts.get(value)
  if (written?.indent === indent) return written.text
  const text = writeLines(value, indent)
  sharedTexts.set(value, { indent, text })
  return text
}

function writeList(list: readonly JsonValue[], indent: number): string {
  const pad = padding(indent)
  let text = ''
  for (const item of list) {
    text += text === '' ? '- ' : `${pad}- `
    text += isCollection(item)
      ? writeBlock(item, indent + 2)
      : endLine(writeLeaf(item, { column: indent + 2, indent: indent + 2, mayFold: true }))
  }
  return text
}

function writeMap(map: JsonObject, indent: number): string {
  const pad = padding(indent)
  let text = ''
  const { keys, isPlain } = keyOrderOf(map)
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? ''
    const value = map[key] ?? null
    if (i > 0) text += pad
    if (isPlain[i] === true) text += key + writeAfterKey(value, indent, key.length)
    else text += isSimpleKey(key) ? writeEntry(key, value, indent) : writeComplexEntry(key, value, indent)
  }
  return text
}

const anyBreak = /[\n\r\x85\u2028\u2029]/

function isSimpleKey(key: string): boolean {
  if (anyBreak.test(key)) return false
  return key.length * 3 <= maxSimpleKeyBytes || Buffer.byteLength(key) <= maxSimpleKeyBytes
}

function writeEntry(key: string, value: JsonValue, indent: number): string {
  const label = writeString(key, { column: indent, indent: indent + 2, mayFold: false })
  return label + writeAfterKey(value, indent, label.length)
}

/** The colon and the value of an entry whose key took `width` columns. */
function writeAfterKey(value: JsonValue, indent: number, width: number): string {
  if (typeof value === 'string' && isPlainWord(value)) return `: ${value}\n`
  if (isCollection(value)) {
    // A list in a map is not indented further than the map.
    const inner = Array.isArray(value) ? indent : indent + 2
    return `:\n${padding(inner)}${writeBlock(value, inner)}`
  }
  const place = { column: indent + width + 2, indent: indent + 2, mayFold: true }
  return `: ${endLine(writeLeaf(value, place))}`
}

/** A key of several lines or more than 128 bytes: `? key`, then `: value`. */
function writeComplexEntry(key: string, value: JsonValue, indent: number): string {
  const place = { column: indent + 2, indent: indent + 2, mayFold: true }
  const label = endLine(writeString(key, place))
  const body = isCollection(value) ? writeBlock(value, indent + 2) : endLine(writeLeaf(value, place))
  return `? ${label}${padding(indent)}: ${body}`
}

const paddings = Array.from({ length: 40 }, (_, width) => ' '.repeat(width))

function padding(width: number): string {
  return paddings[width] ?? ' '.repeat(width)
}

interface LeafPlace {
  readonly column: number
  readonly indent: number
  readonly mayFold: boolean
}

function writeLeaf(value: JsonValue, place: LeafPlace): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, place)
    case 'number':
      return writeNumber(value)
    case 'boolean':
      return value ? 'true' : 'false'
    default:
      if (value === null) return 'null'
      if (value instanceof WideNumber) return writeWide(value)
      return Array.isArray(value) ? '[]' : '{}'
  }
}

function writeString(value: string, place: LeafPlace): string {
  if (isPlainWord(value)) return value
  const text = asReadFromJson(value)
  return writeScalar(text, scalarStyle(text, !place.mayFold), place)
}

/**
 * The text goes through JSON in the original, and is read from there as a YAML string: bytes that are not UTF-8 become
 * U+FFFD, and a NEL is a line break, which folds.
 */
function asReadFromJson(value: string): string {
  const text = value.isWellFormed() ? value : value.toWellFormed()
  if (!text.includes('\x85')) return text
  return text.replace(/ *\x85[ \x85]*/g, (run) => {
    const count = run.replaceAll(' ', '').length
    return count === 1 ? ' ' : '\n'.repeat(count - 1)
  })
}

/** Integers go through as digits up to 64 bits, everything else as the shortest float. */
function writeNumber(value: number): string {
  if (Number.isInteger(value) && value < 2 ** 64 && value >= -(2 ** 63)) return String(value + 0)
  return formatFloat(value, 'g', -1)
}

function writeWide(value: WideNumber): string {
  const digits = BigInt(value.text)
  if (digits <= 2n ** 64n - 1n && digits >= -(2n ** 63n)) return value.text
  return formatFloat(value.value, 'g', -1)
}

/** Ends a scalar's line. A literal block has ended its lines itself. */
function endLine(text: string): string {
  return text.startsWith('|') ? text : `${text}\n`
}
