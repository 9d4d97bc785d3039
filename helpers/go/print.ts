import { HelperError } from '../define.ts'
import { sortedKeys } from './bytes.ts'
import { formatPlainFloat } from './float.ts'
import { GoInt, HostValue, WideNumber } from './value.ts'
import type { Value, ValueList, ValueMap } from './value.ts'

/** How deep a value may nest, and how long its text may get, when it is printed. A value can contain itself. */
export const printLimits = { maxDepth: 1_000, maxLength: 4 * 1024 * 1024 } as const

/** Go's fmt %v: lists as `[a b]`, maps sorted as `map[a:1]`, nil as `<nil>`, floats in plain decimal. */
export function print(value: Value): string {
  return typeof value === 'string'
    ? value
    : (printScalar(value) ?? printNested(value as ValueList | ValueMap))
}

/** Sprig's string of a value: strings as they are, everything else as %v. */
export function toStr(value: Value): string {
  return print(value)
}

/** fmt.Sprint: a space between two operands when neither is a string. */
export function sprint(args: readonly Value[]): string {
  let out = ''
  for (const [index, arg] of args.entries()) {
    if (index > 0 && typeof arg !== 'string' && typeof args[index - 1] !== 'string') out += ' '
    out += print(arg)
  }
  return out
}

/** fmt.Sprintln: a space between all operands, and a newline. */
export function sprintln(args: readonly Value[]): string {
  return `${args.map(print).join(' ')}\n`
}

/** The text of anything but a list or map; undefined for these. */
function printScalar(value: Value): string | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return formatPlainFloat(value)
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      return value === null ? '<nil>' : printBoxed(value)
  }
}

function printBoxed(value: object): string | undefined {
  if (value instanceof HostValue) return value.toGoString()
  if (value instanceof GoInt) return String(value.value)
  return value instanceof WideNumber ? value.text : undefined
}

function printNested(value: ValueList | ValueMap): string {
  const writer: Writer = { out: '', depth: 0 }
  writeValue(writer, value)
  return writer.out
}

interface Writer {
  out: string
  depth: number
}

function writeValue(writer: Writer, value: Value): void {
  const scalar = printScalar(value)
  if (scalar === undefined) writeCollection(writer, value as ValueList | ValueMap)
  else writer.out += scalar
  if (writer.out.length > printLimits.maxLength) {
    throw new HelperError(`the printed value is longer than ${printLimits.maxLength} characters`)
  }
}

function writeCollection(writer: Writer, value: ValueList | ValueMap): void {
  if (++writer.depth > printLimits.maxDepth) {
    throw new HelperError(`the value to print is nested more than ${printLimits.maxDepth} levels deep`)
  }
  if (Array.isArray(value)) writeList(writer, value)
  else writeMap(writer, value)
  writer.depth--
}

function writeList(writer: Writer, list: ValueList): void {
  let separator = '['
  for (const item of list) {
    writer.out += separator
    writeValue(writer, item)
    separator = ' '
  }
  writer.out += list.length === 0 ? '[]' : ']'
}

function writeMap(writer: Writer, map: ValueMap): void {
  let separator = ''
  writer.out += 'map['
  for (const key of sortedKeys(map)) {
    writer.out += `${separator}${key}:`
    writeValue(writer, map[key] ?? null)
    separator = ' '
  }
  writer.out += ']'
}
