import { copyJson, findField, isJsonObject } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { KubeObject } from '../ports.ts'

/** A step of a field path as the API server prints it. */
type Step =
  | { readonly kind: 'field'; readonly name: string }
  /** `[name="app"]`: the list item with these key fields. */
  | { readonly kind: 'key'; readonly keys: Readonly<Record<string, JsonValue>> }
  /** `[="value"]`: the member of a set. */
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'index'; readonly index: number }

/**
 * Parses a path like `.spec.containers[name="app",protocol="TCP"].image`, the form of structured-merge-diff's
 * `fieldpath.Path.String()`. Undefined where the text is of another form.
 */
export function parseFieldPath(text: string): Step[] | undefined {
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    const next = text[at] === '[' ? readBracket(text, at) : readField(text, at)
    if (next === undefined) return undefined
    steps.push(next.step)
    at = next.end
  }
  return steps.length === 0 ? undefined : steps
}

function readField(text: string, at: number): { step: Step; end: number } | undefined {
  if (text[at] !== '.') return undefined
  // Names with dots are ambiguous in this form; label and annotation keys are the usual case, so a name under
  // `.metadata.labels` or `.metadata.annotations` runs to the end.
  const rest = text.slice(at + 1)
  const isFree = /\.(labels|annotations|data|matchLabels|nodeSelector)$/.test(text.slice(0, at))
  const end = isFree ? rest.length : rest.search(/[.[]|$/)
  return { step: { kind: 'field', name: rest.slice(0, end) }, end: at + 1 + end }
}

function readBracket(text: string, at: number): { step: Step; end: number } | undefined {
  const close = findClosingBracket(text, at)
  if (close === undefined) return undefined
  const inner = text.slice(at + 1, close)
  const step = /^\d+$/.test(inner) ? { kind: 'index' as const, index: Number(inner) } : readSelector(inner)
  return step && { step, end: close + 1 }
}

function findClosingBracket(text: string, at: number): number | undefined {
  let quoted = false
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\' && quoted) i++
    else if (text[i] === '"') quoted = !quoted
    else if (text[i] === ']' && !quoted) return i
  }
  return undefined
}

function readSelector(inner: string): Step | undefined {
  if (inner.startsWith('=')) {
    const value = readJson(inner.slice(1))
    return value === undefined ? undefined : { kind: 'value', value }
  }
  const keys: Record<string, JsonValue> = {}
  for (const part of inner.match(/[^=,]+=("(?:[^"\\]|\\.)*"|[^,]*)/g) ?? []) {
    const equals = part.indexOf('=')
    const value = readJson(part.slice(equals + 1))
    if (value === undefined) return undefined
    keys[part.slice(0, equals)] = value
  }
  return { kind: 'key', keys }
}

function readJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

/** A copy of `object` without the named fields; undefined where one of them cannot be found in it. */
export function removeFields(object: KubeObject, paths: readonly string[]): KubeObject | undefined {
  const copy = copyJson(object)
  for (const path of paths) {
    const steps = parseFieldPath(path)
    if (steps === undefined || !removeAt(copy, steps)) return undefined
  }
  return copy
}

function removeAt(root: JsonValue, steps: readonly Step[]): boolean {
  let parent: JsonValue | undefined = root
  for (const step of steps.slice(0, -1)) parent = descend(parent, step)
  const last = steps.at(-1)
  if (parent === undefined || last === undefined) return false
  return removeChild(parent, last)
}

function descend(value: JsonValue | undefined, step: Step): JsonValue | undefined {
  if (step.kind === 'field') return isJsonObject(value) ? findField(value, step.name) : undefined
  if (!Array.isArray(value)) return undefined
  const index = indexOfStep(value, step)
  return index < 0 ? undefined : value[index]
}

function removeChild(parent: JsonValue, step: Step): boolean {
  if (step.kind === 'field') {
    if (!isJsonObject(parent) || !Object.hasOwn(parent, step.name)) return false
    return Reflect.deleteProperty(parent, step.name)
  }
  if (!Array.isArray(parent)) return false
  const index = indexOfStep(parent, step)
  if (index < 0) return false
  parent.splice(index, 1)
  return true
}

function indexOfStep(list: readonly JsonValue[], step: Exclude<Step, { kind: 'field' }>): number {
  if (step.kind === 'index') return step.index < list.length ? step.index : -1
  if (step.kind === 'value') return list.indexOf(step.value)
  return list.findIndex((item) => isJsonObject(item) && hasKeys(item, step.keys))
}

function hasKeys(item: JsonObject, keys: Readonly<Record<string, JsonValue>>): boolean {
  return Object.entries(keys).every(([name, value]) => findField(item, name) === value)
}
