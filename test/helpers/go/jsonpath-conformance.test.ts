import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  compileJsonPath,
  findElements,
  findRepeat,
  JsonPathError,
} from '../../../helpers/go/jsonpath/jsonpath.ts'
import type { JsonValue } from '../../../helpers/go/value.ts'
import { canonicalJson } from '../../../src/lib/canonical.ts'

interface Vector {
  name: string
  usage: 'apiClient' | 'repeat'
  path: string
  data: JsonValue
  want?: JsonValue[]
  error?: string
  stage?: string
  order?: 'any'
}

const vectors = readFileSync(new URL('../../conformance/data/jsonpath.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

function run({ usage, path, data }: Vector): { found?: JsonValue[]; stage?: string } {
  try {
    const compiled = compileJsonPath(path)
    return { found: usage === 'apiClient' ? findElements(compiled, data) : findRepeat(compiled, data) }
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error
    return { stage: error.stage }
  }
}

/** Errors of Go that are results here: numbers of different kinds compare, and several results are elements each. */
function mayBeResult(vector: Vector): boolean {
  const comparesNumbers = vector.error === 'incompatible types for comparison' && !/"1"/.test(vector.path)
  return (
    comparesNumbers ||
    (vector.usage === 'apiClient' && / results found with expression/.test(vector.error ?? ''))
  )
}

describe('recorded JSONPaths', () => {
  it('are all here', () => {
    expect(vectors).toHaveLength(446)
  })

  it.each(vectors)('$name $path', (vector) => {
    const result = run(vector)
    if (vector.want === undefined) {
      if (mayBeResult(vector)) expect(['find', 'shape', undefined]).toContain(result.stage)
      else expect(result).toEqual({ stage: vector.stage })
      return
    }
    const sort = (values: JsonValue[] | undefined) =>
      vector.order === 'any' ? values?.map((value) => canonicalJson(value)).sort() : values
    expect(result.stage).toBeUndefined()
    expect(sort(result.found)).toEqual(sort(vector.want))
  })
})
