import { describe, expect, test } from 'vitest'
import type { Value } from '../../helpers/go/value.ts'
import { helpers } from '../../helpers/index.ts'
import { TemplateError } from '../../src/template/errors.ts'
import type { Delimiters } from '../../src/template/lexer.ts'
import { newRuntime, parseTemplate } from '../../src/template/template.ts'
import { readVectors } from './vectors.ts'

interface Vector {
  readonly name: string
  readonly template: string
  readonly data: Value
  readonly delims?: readonly [string, string]
  readonly want?: string
  readonly error?: string
  readonly stage?: 'parse' | 'exec'
  readonly lenient?: boolean
  readonly lenientWant?: string
}

/** Functions that the original does not have and this project adds: a call of one is no parse error here. */
const addedFunctions = ['required', 'fromYaml']

function render(vector: Vector): string {
  const delimiters: Delimiters = { left: vector.delims?.[0] ?? '{{', right: vector.delims?.[1] ?? '}}' }
  const template = parseTemplate(vector.template, { name: 'tmpl', helpers, delimiters })
  return template.execute(withIntegers(vector.data), newRuntime({ nowMs: Date.UTC(2026, 0, 1) }))
}

/** The only integers that data has, as in real use. */
function withIntegers(data: Value): Value {
  if (typeof data !== 'object' || data === null) return data
  for (const key of ['ElementIndex', 'RepeatIndex']) {
    const index = Object.hasOwn(data, key) ? (data as Record<string, Value>)[key] : undefined
    if (typeof index === 'number') (data as Record<string, Value>)[key] = BigInt(index)
  }
  return data
}

function outcome(vector: Vector): { text?: string; stage?: string } {
  try {
    return { text: render(vector) }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return { stage: error.stage }
  }
}

function isAddedFunction(vector: Vector): boolean {
  return addedFunctions.some((name) => vector.error?.includes(`function "${name}" not defined`))
}

describe('template.jsonl', () => {
  const vectors = readVectors<Vector>('template.jsonl')

  test.each(vectors.filter((vector) => vector.want !== undefined))('$name: $template', (vector) => {
    expect(outcome(vector)).toEqual({ text: vector.want })
  })

  const failing = vectors.filter((vector) => vector.error !== undefined && !isAddedFunction(vector))
  test.each(failing)('$name: $template fails', (vector) => {
    const got = outcome(vector)
    const wanted: object[] = [{ stage: vector.stage }]
    if (vector.lenient === true) wanted.push({ text: vector.lenientWant })
    expect(wanted).toContainEqual(got)
  })

  test('only calls of added functions are not as in Go', () => {
    const added = vectors.filter(isAddedFunction)
    expect(added.map((vector) => vector.error)).toHaveLength(addedFunctions.length)
  })
})

describe('floats.jsonl', () => {
  test.each(readVectors<Vector>('floats.jsonl'))('$name: $template', (vector) => {
    expect(outcome(vector)).toEqual({ text: vector.want })
  })
})

describe('nondeterministic.json', () => {
  const cases = readVectors<{ name: string; template: string; shape: string }>('nondeterministic.json')
  test.each(cases)('$name: $template', ({ template, shape }) => {
    expect(render({ name: '', template, data: null })).toMatch(new RegExp(shape, 'u'))
  })
})

describe('functions.json', () => {
  const [lists = { builtins: [], functions: [] }] = readVectors<{ builtins: string[]; functions: string[] }>(
    'functions.json',
  )
  const keywords = new Set(['break', 'continue'])
  const called = [...lists.builtins.filter((name) => !keywords.has(name)), ...lists.functions]

  test.each(called)('%s exists', (name) => {
    const parse = () => parseTemplate(`{{ ${name} }}`, { helpers })
    expect(parse).not.toThrow()
  })
})
