import { HelperError } from '../define.ts'
import { sortedKeys } from './bytes.ts'
import { GoComplex } from './complex.ts'
import type { Flags } from './flags.ts'
import { formatPlainFloat } from './float.ts'
import { typeOf } from './kind.ts'
import { printLimits } from './print.ts'
import { GoInt, HostValue, isNilCollection, WideNumber } from './value.ts'
import type { Value, ValueList, ValueMap } from './value.ts'
import { formatBool, formatComplex, formatFloatVerb, formatInteger, formatString } from './verbs.ts'
import { pad } from './flags.ts'

interface Printing {
  readonly flags: Flags
  readonly verb: string
  depth: number
  length: number
}

/** One argument of printf under a verb, as fmt prints it; a wrong verb gives `%!verb(type=value)`. */
export function formatValue(flags: Flags, value: Value, verb: string): string {
  if (value === null) return verb === 'v' || verb === 'T' ? pad(flags, '<nil>') : `%!${verb}(<nil>)`
  if (verb === 'T') return formatString(flags, typeOf(value), 's') ?? ''
  const state: Printing = { flags, verb, depth: 0, length: 0 }
  return verb === 'w' ? complain(state, value) : formatAny(state, value)
}

function formatAny(state: Printing, value: Value): string {
  const isCollection = Array.isArray(value) || isPlainMap(value)
  const text = isCollection
    ? formatCollection(state, value)
    : (formatScalar(state.flags, value, state.verb) ?? complain(state, value))
  state.length += text.length
  if (state.length > printLimits.maxLength) {
    throw new HelperError(`the formatted value is longer than ${printLimits.maxLength} characters`)
  }
  return text
}

function isPlainMap(value: Value): value is ValueMap {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !(value instanceof GoInt || value instanceof WideNumber || value instanceof HostValue)
}

/** `%!d(string=x)`: the value is printed with %v under the same flags. */
function complain(state: Printing, value: Value): string {
  const text = formatAny({ ...state, verb: 'v' }, value)
  return `%!${state.verb}(${typeOf(value)}=${text})`
}

function formatScalar(flags: Flags, value: Value, verb: string): string | undefined {
  switch (typeof value) {
    case 'string':
      return formatString(flags, value, verb)
    case 'boolean':
      return formatBool(flags, value, verb)
    case 'number':
      return formatFloatVerb(flags, value, verb, formatPlainFloat(value))
    case 'bigint':
      return formatInteger(flags, value, verb, false)
    default:
      return formatBoxed(flags, value, verb)
  }
}

function formatBoxed(flags: Flags, value: Value, verb: string): string | undefined {
  if (value instanceof GoInt) return formatInteger(flags, value.value, verb, value.kind.startsWith('uint'))
  if (value instanceof WideNumber) return formatFloatVerb(flags, value.value, verb, value.text)
  if (value instanceof GoComplex) return formatComplex(flags, value, verb)
  if (!(value instanceof HostValue)) return undefined
  const integer = value.integer()
  if ('vsxXq'.includes(verb) || integer === undefined) return formatString(flags, value.toGoString(), verb)
  return formatInteger(flags, integer, verb, false)
}

function formatCollection(state: Printing, value: ValueList | ValueMap): string {
  if (++state.depth > printLimits.maxDepth) {
    throw new HelperError(`the value to format is nested more than ${printLimits.maxDepth} levels deep`)
  }
  const text = state.verb === 'p' ? '0xc000000000' : formatItems(state, value)
  state.depth--
  return text
}

function formatItems(state: Printing, value: ValueList | ValueMap): string {
  if (state.flags.sharpV) return formatGoSyntax(state, value)
  if (!Array.isArray(value)) return `map[${formatEntries(state, value).join(' ')}]`
  if (findByteVerb(state.verb) && typeOf(value) === '[]uint8') return formatByteList(state, value)
  return `[${value.map((item) => formatItem(state, item)).join(' ')}]`
}

function findByteVerb(verb: string): boolean {
  return verb === 's' || verb === 'q' || verb === 'x' || verb === 'X'
}

function formatByteList(state: Printing, list: ValueList): string {
  const units = list.map((item) => (item instanceof GoInt ? Number(item.value) : 0))
  const text = units.map((unit) => String.fromCharCode(unit < 0x80 ? unit : 0xdc00 + unit)).join('')
  return formatString(state.flags, text, state.verb) ?? ''
}

function formatGoSyntax(state: Printing, value: ValueList | ValueMap): string {
  const type = typeOf(value)
  if (isNilCollection(value)) return `${type}(nil)`
  const items = Array.isArray(value)
    ? value.map((item) => formatItem(state, item))
    : formatEntries(state, value)
  return `${type}{${items.join(', ')}}`
}

function formatEntries(state: Printing, map: ValueMap): string[] {
  return sortedKeys(map).map((key) => `${formatAny(state, key)}:${formatItem(state, map[key] ?? null)}`)
}

/** A nil inside a collection prints the same under every verb. */
function formatItem(state: Printing, item: Value): string {
  if (item === null) return state.flags.sharpV ? 'interface {}(nil)' : '<nil>'
  return formatAny(state, item)
}
