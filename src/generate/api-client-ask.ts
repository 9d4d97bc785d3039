import { WideNumber, isJsonObject, stringifyJson } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { ApiClientSpec } from '../api/types.ts'
import { compileJsonPath, findElements } from '../lib/jsonpath.ts'
import type { HttpRequest } from '../ports.ts'
import { checkStatus, parseAnswer, type AnswerSource } from './answer.ts'
import { atPath, generatorError } from './errors.ts'
import type { Element, GenerateContext, Generation } from './generator.ts'
import { hostOf, readRequestBase } from './request.ts'

/** Sends the entry's request and reads elements from the answer. Throws AppError with the entry's field path. */
export async function askApi(spec: ApiClientSpec, context: GenerateContext): Promise<Generation> {
  const select = selectorOf(spec, context)
  const base = await readRequestBase(context, spec)
  const content = bodyOf(spec, context)
  const request: HttpRequest = {
    url: spec.endpoint,
    method: content === undefined ? (spec.method ?? 'GET') : 'POST',
    headers: { ...(content !== undefined && { 'content-type': content.type }), ...base.headers },
    ...(content !== undefined && { body: content.text }),
    ...base.options,
  }
  const response = await context.http.send(request, context.signal).catch((error: unknown) => {
    throw atPath(error, context.path)
  })
  const source = { path: context.path, host: hostOf(spec.endpoint), nowMs: context.clock.nowMs() }
  checkStatus(response, source)
  return { elements: select(parseAnswer(response, source), source), complete: true, warnings: base.warnings }
}

type Select = (answer: JsonValue, source: AnswerSource) => Element[]

/** Compiles the path before anything is sent, so that a wrong one costs no request. */
function selectorOf(spec: ApiClientSpec, context: GenerateContext): Select {
  if (spec.jsonPath === undefined || spec.jsonPath === '')
    return spec.singleElement === true ? wholeAnswer : listAnswer
  const path = spec.jsonPath
  const compiled = attempt(`${context.path}.jsonPath`, 'stall', () => compileJsonPath(path))
  return (answer, source) => attempt(`${source.path}.jsonPath`, 'retry', () => findElements(compiled, answer))
}

function attempt<T>(path: string, disposition: 'stall' | 'retry', run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw generatorError(path, disposition, error instanceof Error ? error.message : 'failed')
  }
}

function wholeAnswer(answer: JsonValue, source: AnswerSource): Element[] {
  if (answer === null) return [{}]
  if (isJsonObject(answer)) return [answer]
  throw generatorError(
    source.path,
    'retry',
    `the answer of ${source.host} is ${nameOf(answer)}, and singleElement needs an object`,
  )
}

function listAnswer(answer: JsonValue, source: AnswerSource): Element[] {
  if (answer === null) return []
  if (!Array.isArray(answer))
    throw generatorError(
      source.path,
      'retry',
      `the answer of ${source.host} is ${nameOf(answer)}, not an array; use jsonPath to pick the list, or singleElement`,
    )
  return answer.map((item, index) => toElement(item, index, source))
}

function toElement(item: JsonValue, index: number, source: AnswerSource): Element {
  if (item === null) return {}
  if (isJsonObject(item)) return item
  throw generatorError(
    source.path,
    'retry',
    `item ${String(index)} of the answer of ${source.host} is ${nameOf(item)}, and an element must be an object`,
  )
}

function nameOf(value: JsonValue): string {
  if (Array.isArray(value)) return 'an array'
  if (isJsonObject(value)) return 'an object'
  return value instanceof WideNumber ? 'a number' : `a ${typeof value}`
}

function bodyOf(spec: ApiClientSpec, context: GenerateContext): { type: string; text: string } | undefined {
  const { body } = spec
  if (body === undefined || body === null) return undefined
  if (spec.bodyFormat !== 'Form') return { type: 'application/json', text: stringifyJson(body) }
  if (!isJsonObject(body))
    throw generatorError(`${context.path}.body`, 'stall', 'a form needs an object: field names and values')
  return { type: 'application/x-www-form-urlencoded', text: formOf(body) }
}

/** Lists repeat their field; null fields are left out; numbers and booleans are written as in JSON. */
function formOf(body: JsonObject): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null) form.append(name, typeof item === 'string' ? item : stringifyJson(item))
    }
  }
  return form.toString()
}
