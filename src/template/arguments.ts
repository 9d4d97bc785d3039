import type { ParamType } from '../../helpers/define.ts'
import { kindOf, typeOf } from '../../helpers/go/kind.ts'
import { findTypeTag, GoInt, isList, isMap, WideNumber } from '../../helpers/go/value.ts'
import type { Value } from '../../helpers/go/value.ts'
import type { LiteralNode } from './ast.ts'
import { operandText } from './node-text.ts'

/** A checked argument, or the message of why it does not fit. */
export type Checked = { readonly value: Value } | { readonly mistake: string }

const goTypeNames: Readonly<Record<Exclude<ParamType, object>, string>> = {
  any: 'interface {}',
  string: 'string',
  bool: 'bool',
  int: 'int',
  int64: 'int64',
  float64: 'float64',
  list: '[]interface {}',
  strings: '[]string',
  map: 'map[string]interface {}',
}

export function goTypeName(type: ParamType): string {
  return typeof type === 'string' ? goTypeNames[type] : type.go
}

/** Whether nil is a value of the type. */
function canBeNil(type: ParamType): boolean {
  if (typeof type !== 'string') return type.go.startsWith('*')
  return type === 'any' || type === 'list' || type === 'strings' || type === 'map'
}

/** A constant as an argument: it must be of the kind that the type wants. */
export function checkLiteral(node: LiteralNode, type: ParamType): Checked {
  if (node.kind === 'nil') {
    return canBeNil(type) ? { value: null } : { mistake: `cannot assign nil to ${goTypeName(type)}` }
  }
  if (type === 'any') return checkIdeal(node)
  const wanted = typeof type === 'string' ? literalKinds[type] : undefined
  if (wanted === undefined) {
    return { mistake: `can't handle ${operandText(node)} for arg of type ${goTypeName(type)}` }
  }
  const value = readLiteral(node, wanted)
  return value === undefined ? { mistake: `expected ${wanted}; found ${operandText(node)}` } : { value }
}

type LiteralKind = 'string' | 'bool' | 'integer' | 'float'

/** What a constant must be for a parameter of the type; types that no constant can have are missing. */
const literalKinds: Readonly<Partial<Record<Exclude<ParamType, object>, LiteralKind>>> = {
  string: 'string',
  bool: 'bool',
  int: 'integer',
  int64: 'integer',
  float64: 'float',
}

function readLiteral(node: Exclude<LiteralNode, { kind: 'nil' }>, wanted: LiteralKind): Value | undefined {
  if (node.kind !== 'number') return node.kind === wanted ? node.value : undefined
  if (wanted === 'integer') return node.int
  return wanted === 'float' ? node.float : undefined
}

/** The value of a constant where no type is asked for. */
export function checkIdeal(node: Exclude<LiteralNode, { kind: 'nil' }>): Checked {
  const value = node.kind === 'number' ? node.ideal : node.value
  return value === undefined ? { mistake: `${operandText(node)} overflows int` } : { value }
}

/**
 * A value as an argument of the type. `isInterface` tells a nil that Go still knows to be an interface (a field's)
 * from a plain nil, which passes for lists and maps. Returns undefined where it does not fit.
 */
export function convertArgument(value: Value, type: ParamType, isInterface: boolean): Value | undefined {
  if (type === 'any') return value
  if (value === null) return canBeNil(type) && !isInterface ? null : undefined
  if (typeof type !== 'string') return typeOf(value) === type.go ? value : undefined
  return converters[type](value)
}

const converters: Readonly<Record<Exclude<ParamType, object>, (value: Value) => Value | undefined>> = {
  any: (value) => value,
  string: (value) => (typeof value === 'string' ? value : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  int: toInt,
  int64: (value) => (value instanceof GoInt && value.kind === 'int64' ? value.value : undefined),
  float64: toFloat,
  list: (value) => (isList(value) && findTypeTag(value) === undefined ? value : undefined),
  strings: (value) => (isList(value) && findTypeTag(value) === '[]string' ? value : undefined),
  map: (value) => (isMap(value) && findTypeTag(value) === undefined ? value : undefined),
}

/** Go takes only int. A whole float64 is taken too: all numbers of data are float64. */
function toInt(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

function toFloat(value: Value): number | undefined {
  if (typeof value === 'number') return value
  return value instanceof WideNumber ? value.value : undefined
}

export function explainMismatch(value: Value, type: ParamType, isInterface: boolean): string {
  const wanted = goTypeName(type)
  if (value === null && !isInterface) return `invalid value; expected ${wanted}`
  const got = value === null ? 'interface {}' : typeOf(value)
  const hint = kindOf(value) === 'float64' && type === 'int' ? ' that is not a whole number' : ''
  return `wrong type for value; expected ${wanted}; got ${got}${hint}`
}
