import { WideNumber, isMap, setKey } from '../lib/json.ts'
import type { Value } from '../lib/json.ts'
import { findNearest } from '../lib/nearest.ts'
import { SPEC_LIMITS } from '../lib/limits.ts'
import type { Findings, PathStep } from './finding.ts'
import type { IntegerSchema, ListSchema, ObjectSchema, Schema, StringSchema } from './schema/schema.ts'
import { findFormatProblem } from './validate-format.ts'

type Path = readonly PathStep[]

/**
 * A copy of `value` with the schema's fields; what is wrong goes to `findings`. Null counts as absent, as in Go.
 * Any-JSON parts are not copied. Undefined: nothing usable, and there is a finding.
 */
export function decodeValue(value: unknown, schema: Schema, path: Path, findings: Findings): unknown {
  switch (schema.type) {
    case 'any':
      return value
    case 'string':
      return decodeString(value, schema, path, findings)
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(value, 'true or false', path, findings)
    case 'integer':
      return decodeInteger(value, schema, path, findings)
    case 'array':
      return decodeList(value, schema, path, findings)
    case 'map':
      return decodeMap(value, path, findings)
    case 'anyObject':
      return decodeAnyObject(value, path, findings)
    case 'object':
      return decodeObject(value, schema, path, findings)
  }
}

function decodeAnyObject(value: unknown, path: Path, findings: Findings): unknown {
  return isObject(value) ? value : refuse(value, 'an object', path, findings)
}

function decodeString(value: unknown, schema: StringSchema, path: Path, findings: Findings): unknown {
  if (typeof value !== 'string') return refuse(value, 'a string', path, findings)
  const problem = findStringProblem(value, schema)
  if (problem !== undefined) findings.add(path, problem)
  return value
}

function findStringProblem(text: string, schema: StringSchema): string | undefined {
  if (schema.enum !== undefined && !schema.enum.includes(text)) {
    const nearest = findNearest(text, schema.enum)
    const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`
    return `${JSON.stringify(text.slice(0, 64))} is none of ${schema.enum.join(', ')}${hint}`
  }
  const maxLength = schema.maxLength ?? SPEC_LIMITS.maxTextChars
  if (text.length > maxLength) return `is ${text.length} characters long, ${maxLength} are allowed`
  return schema.format === undefined ? undefined : findFormatProblem(schema.format, text)
}

function decodeInteger(value: unknown, schema: IntegerSchema, path: Path, findings: Findings): unknown {
  if (typeof value !== 'number' || !Number.isInteger(value))
    return refuse(value, 'an integer', path, findings)
  const { minimum = -Infinity, maximum = Infinity } = schema
  if (value < minimum || value > maximum) {
    findings.add(path, `${value} is not between ${minimum} and ${maximum}`)
  }
  return value
}

function decodeList(value: unknown, schema: ListSchema, path: Path, findings: Findings): unknown {
  if (!Array.isArray(value)) return refuse(value, 'a list', path, findings)
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    findings.add(path, `has ${value.length} items, ${schema.maxItems} are allowed`)
    return undefined
  }
  return value.map((item, index) => decodeValue(item, schema.items, [...path, index], findings))
}

function decodeMap(value: unknown, path: Path, findings: Findings): unknown {
  if (!isObject(value)) return refuse(value, 'a map of strings', path, findings)
  const copy: Record<string, Value> = {}
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'string') setKey(copy, key, item)
    else refuse(item, 'a string', [...path, key], findings)
  }
  return copy
}

function decodeObject(value: unknown, schema: ObjectSchema, path: Path, findings: Findings): unknown {
  if (!isObject(value)) return refuse(value, 'an object', path, findings)
  const given: Record<string, unknown> = {}
  const copy: Record<string, unknown> = {}
  for (const [name, field] of knownFields(value, schema)) {
    const item = value[name]
    if (isAbsent(item, field, schema.required?.includes(name) === true)) continue
    given[name] = item
    copy[name] = decodeValue(item, field, [...path, name], findings)
  }
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(given, name)) findings.add(path, `${name} is required`)
  }
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(schema.fields, name))
  for (const name of unknown) findings.add([...path, name], describeUnknown(name, schema))
  // A misspelt field is one mistake: what it breaks is not told too.
  if (unknown.length === 0) checkRules(given, schema, path, findings)
  return copy
}

/** The object's fields that the schema knows, in the schema's order. */
function knownFields(value: Readonly<Record<string, unknown>>, schema: ObjectSchema): [string, Schema][] {
  return Object.entries(schema.fields).filter(([name]) => Object.hasOwn(value, name))
}

/** Null, and the empty text of an optional field with a format: Go's decoder cannot tell those from absent. */
function isAbsent(item: unknown, field: Schema, isRequired: boolean): boolean {
  if (item === null || item === undefined) return field.type !== 'any'
  return item === '' && !isRequired && field.type === 'string' && field.format !== undefined
}

function checkRules(
  given: Readonly<Record<string, unknown>>,
  schema: ObjectSchema,
  path: Path,
  findings: Findings,
): void {
  for (const rule of schema.rules ?? []) {
    if (rule.holds(given)) continue
    findings.add(rule.field === undefined ? path : [...path, rule.field], rule.message)
  }
}

function describeUnknown(name: string, schema: ObjectSchema): string {
  const nearest = findNearest(name, Object.keys(schema.fields))
  const noun = `unknown ${schema.fieldNoun ?? 'field'} ${JSON.stringify(name.slice(0, 64))}`
  return nearest === undefined ? noun : `${noun}; did you mean ${nearest}?`
}

function refuse(value: unknown, wanted: string, path: Path, findings: Findings): undefined {
  findings.add(path, `must be ${wanted}, not ${nameType(value)}`)
  return undefined
}

function nameType(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'number' || value instanceof WideNumber) return 'a number'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** A plain JSON object: no list, no number that kept its digits. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return isMap(value as Value)
}
