import { isJsonObject } from '../../helpers/go/json-tree.ts'
import type { JsonValue, Value } from '../../helpers/go/value.ts'
import type { KubeObject } from '../api/types.ts'
import type { Template } from '../template/template.ts'
import { decodeObjects } from './decode.ts'
import type { SourceOrigin } from './leaf-place.ts'
import type { ObjectContext } from './object-context.ts'

/** The values of an element would change what the template renders to, beyond the values themselves. */
export class StructureChanged extends Error {
  override readonly name = 'StructureChanged'
}

/** A template rendered as one YAML text, which leaves can depend on each other in. */
export interface TextProgram {
  readonly template: Template
  readonly origin: SourceOrigin
  /** Apiversion and kind of the one document that the content is; undefined for a field that is computed. */
  readonly expected: { readonly apiVersion: JsonValue | undefined; readonly kind: JsonValue | undefined }
}

/**
 * Renders the text and reads its objects. `makeContext` gives a context whose values have been through the function.
 * Throws {@link StructureChanged} where other documents than the template says come from values.
 */
export function renderText(
  program: TextProgram,
  context: ObjectContext,
  makeContext: (change: (text: string) => string) => ObjectContext,
): KubeObject[] {
  const objects = decodeObjects(context.execute(program.template, program.origin))
  if (isAsExpected(objects, program)) return objects
  if (signature(objects) === neutralSignature(program, makeContext(neutralize))) return objects
  throw new StructureChanged('values change the number or the kind of the documents')
}

function isAsExpected(objects: readonly KubeObject[], { expected }: TextProgram): boolean {
  const [object] = objects
  if (objects.length !== 1 || object === undefined) return false
  return isSame(expected.apiVersion, object['apiVersion']) && isSame(expected.kind, object['kind'])
}

function isSame(expected: JsonValue | undefined, actual: JsonValue | undefined): boolean {
  return expected === undefined || expected === actual
}

function signature(objects: readonly KubeObject[]): string {
  return JSON.stringify(objects.map((object) => [object['apiVersion'], object['kind']]))
}

/** What the template renders to when values can break nothing: what it computes by itself. */
function neutralSignature(program: TextProgram, context: ObjectContext): string | undefined {
  try {
    return signature(decodeObjects(context.execute(program.template, program.origin)))
  } catch {
    return undefined
  }
}

/** Takes from a value what could end its line or its quotes. */
export function neutralize(text: string): string {
  return text.replace(/[\n\r\x85\u2028\u2029'"]/g, '_')
}

/** The data with every string in it changed. Keys stay: templates name them. */
export function mapStrings(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change))
  if (!isJsonObject(value as JsonValue)) return value
  const entries = Object.entries(value as Record<string, Value>)
  return Object.fromEntries(entries.map(([key, item]) => [key, mapStrings(item, change)]))
}
