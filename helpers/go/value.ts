/**
 * Go's values, as templates see them, in JavaScript.
 *
 * | Go                        | here                                                          |
 * |---------------------------|---------------------------------------------------------------|
 * | nil                       | `null` (never `undefined`)                                    |
 * | bool, string              | boolean, string                                               |
 * | int                       | bigint, wrapped to 64 bits                                    |
 * | float64                   | number (all numbers of JSON or YAML data are float64)         |
 * | other integer kinds       | {@link GoInt}                                                 |
 * | integer above 2^53 in data| {@link WideNumber}: a float64 that has kept its digits        |
 * | slices                    | arrays; element type other than interface{} by {@link tagType}|
 * | map[string]T              | plain objects, read and written by own keys only              |
 * | structs, time, duration … | subclasses of {@link HostValue}                               |
 *
 * Strings hold UTF-16. A byte that is not valid UTF-8 (from `b64dec`, or a `trunc` inside a character) is kept as
 * the lone surrogate U+DC00 + byte, see `bytes.ts`, so that bytes survive a round trip.
 */
export type Value =
  null | boolean | string | number | bigint | GoInt | WideNumber | HostValue | ValueList | ValueMap

export type ValueList = Value[]

export interface ValueMap {
  [key: string]: Value
}

/** What JSON or YAML decode to, and what rendered objects are made of. */
export type JsonValue = null | boolean | string | number | WideNumber | JsonValue[] | JsonObject

export interface JsonObject {
  [key: string]: JsonValue
}

export type IntKind = 'int8' | 'int16' | 'int32' | 'int64' | 'uint' | 'uint8' | 'uint16' | 'uint32' | 'uint64'

/** An integer of a kind other than `int`. Immutable. */
export class GoInt {
  readonly kind: IntKind
  readonly value: bigint

  constructor(kind: IntKind, value: bigint) {
    this.kind = kind
    this.value = value
  }
}

const { rawJSON: rawJson } = JSON as unknown as { rawJSON: (this: void, text: string) => unknown }

/** An integer in data that float64 cannot hold. It is a float64 to templates, but prints with all its digits. */
export class WideNumber {
  /** Decimal digits with an optional leading minus. */
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** The nearest float64, which is what Go computes with. */
  get value(): number {
    return Number(this.text)
  }

  /** JSON.stringify writes all the digits. */
  toJSON(): unknown {
    return rawJson(this.text)
  }
}

/** A bound method of a host value, called with already evaluated arguments. */
export type HostMethod = (args: readonly Value[]) => Value

/** A Go value with a type of its own (time.Time, *semver.Version …). Exposes only what its class lists. */
export abstract class HostValue {
  /** As `%T` prints it, for example `time.Time`. */
  abstract readonly typeName: string
  /** reflect.Kind: `struct`, `ptr`, `int64` … */
  abstract readonly kind: string
  /** As `%v` prints it. */
  abstract toGoString(): string

  /** What encoding/json writes for it. */
  toJsonValue(): Value {
    return this.toGoString()
  }

  /** The value as an integer, for types whose kind is one (time.Duration, time.Month …). */
  integer(): bigint | undefined {
    return undefined
  }

  /** A field's value, or undefined where there is none of that name. */
  field(_name: string): Value | undefined {
    return undefined
  }

  /** A method by its Go name, or undefined. */
  method(_name: string): HostMethod | undefined {
    return undefined
  }
}

/** Go type names of lists and maps whose type is not `[]interface {}` / `map[string]interface {}`. */
const typeTags = new WeakMap<object, string>()

/** Marks a list or map as having the Go type `typeName` (for example `[]string`), and returns it. */
export function tagType<T extends ValueList | ValueMap>(value: T, typeName: string): T {
  typeTags.set(value, typeName)
  return value
}

/** The Go type of a list or map, or undefined where it is the interface{} kind. */
export function findTypeTag(value: ValueList | ValueMap): string | undefined {
  return typeTags.get(value)
}

/** Lists and maps that are nil in Go. */
const nilCollections = new WeakSet<object>()

/**
 * A nil slice of type `typeName`, `[]interface {}` unless given. It acts as an empty list, but is `null` in JSON and
 * not deeply equal to an empty list.
 */
export function newNilList(typeName?: string): ValueList {
  const list: ValueList = []
  nilCollections.add(list)
  return typeName === undefined ? list : tagType(list, typeName)
}

/** A nil map[string]interface {}. It acts as an empty map, but is `null` in JSON and cannot be assigned to. */
export function newNilMap(): ValueMap {
  const map = newMap()
  nilCollections.add(map)
  return map
}

/** Whether a list or map is nil in Go, rather than empty. */
export function isNilCollection(value: ValueList | ValueMap): boolean {
  return nilCollections.has(value)
}

/** A new map without a prototype, so that no key is special. */
export function newMap(): ValueMap {
  return Object.create(null) as ValueMap
}

export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isBoxed(value)
}

export function isList(value: Value | undefined): value is ValueList {
  return Array.isArray(value)
}

function isBoxed(value: object): boolean {
  return value instanceof GoInt || value instanceof WideNumber || value instanceof HostValue
}

/** The value of an own key, or undefined. The only way that data is read. */
export function getKey(map: ValueMap, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined
}

/** Sets an own key, also one named `__proto__`. The only way that data is written. */
export function setKey(map: ValueMap, key: string, value: Value): void {
  if (key === '__proto__') {
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true })
    return
  }
  map[key] = value
}
