import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import type { PathNode, PathParts } from './go/jsonpath/ast.ts'
import { compileJsonPath, findAll, JsonPathError } from './go/jsonpath/jsonpath.ts'
import { kindOf } from './go/kind.ts'
import { quoteString } from './go/quote.ts'
import { getKey, GoInt, isList, isMap, newMap, setKey, WideNumber } from './go/value.ts'
import type { Value, ValueMap } from './go/value.ts'
import { any, inFamily, string } from './typed.ts'

const define = inFamily('gitops')

const maxNameLength = 63

/**
 * A DNS label as the original controller makes it: lower case, from the first letter to the last letter or digit,
 * everything but letters, digits and hyphens left out.
 */
function sanitize(text: string, context: CallContext): string {
  if (text === '') throw new HelperError('DNS name can not be empty')
  context.charge(text.length)
  const lower = text.toLowerCase()
  const start = Math.max(lower.search(/[a-z]/), 0)
  return checkName(text, lower.slice(start, endOfName(lower, start)).replace(/[^a-z0-9-]/g, ''))
}

/** Behind the last letter or digit; at least one character is kept. */
function endOfName(text: string, start: number): number {
  let end = text.length
  while (end > start + 1 && !/[a-z0-9]/.test(text.charAt(end - 1))) end--
  return end
}

function checkName(text: string, name: string): string {
  if (name.length > maxNameLength) {
    throw new HelperError(`DNS name ${quoteString(text)} exceeded maximum length of ${maxNameLength}`)
  }
  if (name === '') throw new HelperError(`DNS name ${quoteString(text)} sanitized is empty`)
  return name
}

/** A DNS label that keeps words apart: accents are dropped, everything else becomes a hyphen; cut to 63 characters. */
function slugify(text: string, context: CallContext): string {
  context.charge(text.length * 4)
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  const words = plain.match(/[a-z0-9]+/g) ?? []
  const slug = words.join('-').slice(0, maxNameLength).replace(/-$/, '')
  if (slug === '') {
    throw new HelperError(
      `${quoteString(text)} has no letter a-z and no digit; give a name with at least one`,
    )
  }
  return slug
}

/** The number of a Prometheus sample, wherever the answer holds it. */
function promValue(value: Value): number {
  const number = sampleNumber(value, 0)
  if (Number.isFinite(number)) return number
  throw new HelperError(
    `the sample is ${number}, not a finite number; exclude such series in the query, for example with "> 0"`,
  )
}

/** How deep an answer holds its value: data, result, the series, value, the number. */
const maxSampleDepth = 8

function sampleNumber(value: Value, depth: number): number {
  if (depth > maxSampleDepth) return noSample('too many levels')
  if (isList(value)) return sampleNumber(innerOfList(value), depth + 1)
  if (isMap(value)) return sampleNumber(innerOfMap(value), depth + 1)
  return numberOf(value) ?? noSample(`a value of kind ${kindOf(value)}`)
}

/** `[time, "value"]`, or a result with exactly one sample. */
function innerOfList(list: readonly Value[]): Value {
  const [first, second] = list
  if (list.length === 1 && first !== undefined) return first
  const isPair = list.length === 2 && first !== undefined && numberOf(first) !== undefined
  if (isPair && second !== undefined) return second
  return noSample(list.length === 0 ? 'an empty result' : `${list.length} samples`)
}

function innerOfMap(map: ValueMap): Value {
  for (const key of ['value', 'result', 'data']) {
    const inner = getKey(map, key)
    if (inner !== undefined) return inner
  }
  return noSample('a map without value, result or data')
}

function noSample(found: string): never {
  throw new HelperError(
    `expected one sample of an instant query, found ${found}; give the element or its value, and make the query return one series`,
  )
}

/** Prometheus writes numbers as text: `1.5`, `1e+06`, `NaN`, `+Inf`. */
function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof GoInt) return Number(value.value)
  if (value instanceof WideNumber) return value.value
  return typeof value === 'string' ? numberOfText(value) : undefined
}

function numberOfText(text: string): number | undefined {
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return Number(text)
  const word = /^([+-]?)(inf|nan)$/i.exec(text)
  if (word === null) return undefined
  if (word[2]?.toLowerCase() === 'nan') return Number.NaN
  return word[1] === '-' ? -Infinity : Infinity
}

/** One value for a path that can only lead to one, a list for all others. */
function jsonPath(expression: string, value: Value): Value {
  try {
    const path = compileJsonPath(withBraces(expression))
    const found = findAll(path, value)
    return isDefinite(path.parts) && found[0] !== undefined ? found[0] : found
  } catch (error) {
    if (error instanceof JsonPathError) throw new HelperError(error.message)
    throw error
  }
}

/** As kubectl, `.a.b` and `a.b` stand for `{.a.b}`. */
function withBraces(expression: string): string {
  if (expression.includes('{')) return expression
  return /^[.[$@]/.test(expression) ? `{${expression}}` : `{.${expression}}`
}

function isDefinite(parts: PathParts): boolean {
  const [only, ...others] = parts
  return others.length === 0 && only !== undefined && !('kind' in only) && only.every(isSingleStep)
}

function isSingleStep(node: PathNode): boolean {
  return node.kind === 'field' || (node.kind === 'slice' && node.endDerived)
}

const sampleData = (() => {
  const sample = newMap()
  setKey(sample, 'value', [1700000000, '524288000'])
  return sample
})()

export const gitops: readonly Helper[] = [
  define({
    name: 'sanitize',
    params: [string('text')],
    doc: 'A name that Kubernetes accepts: lower case, from the first letter on, without other characters than letters, digits and hyphens. More than 63 characters are an error.',
    example: { template: '{{ sanitize "My App_Name" }}', output: 'myappname' },
    call: ([text], context) => sanitize(text, context),
  }),
  define({
    name: 'slugify',
    params: [string('text')],
    doc: 'A name that Kubernetes accepts, with a hyphen between words and without accents, cut to 63 characters.',
    example: { template: '{{ slugify "Équipe Web/Paris (EU)" }}', output: 'equipe-web-paris-eu' },
    call: ([text], context) => slugify(text, context),
  }),
  define({
    name: 'promValue',
    params: [any('sample')],
    doc: 'The number in a sample of an instant query: an element, a result with one series, or the whole answer. No sample, several, NaN and infinities are errors.',
    example: { template: '{{ promValue . }}', output: '524288000', data: sampleData },
    call: ([sample]) => promValue(sample),
  }),
  define({
    name: 'jsonPath',
    params: [string('path'), any('value')],
    doc: 'What a Kubernetes JSONPath finds: one value where the path has only names and indexes, otherwise a list.',
    example: {
      template: '{{ fromJson `{"items":[{"name":"a"},{"name":"b"}]}` | jsonPath "{.items[*].name}" }}',
      output: '[a b]',
    },
    call: ([path, value]) => jsonPath(path, value),
  }),
]
