import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { WideNumber, type JsonValue } from '../../../../helpers/go/value.ts'
import { splitDocuments } from '../../../../helpers/go/yaml/documents.ts'
import { jsonToYaml } from '../../../../helpers/go/yaml/emit.ts'
import { yamlToJson } from '../../../../helpers/go/yaml/read.ts'
import { YamlError } from '../../../../helpers/go/yaml/yaml-error.ts'

interface Vector {
  readonly name: string
}

function readVectors<T extends Vector>(file: string): T[] {
  const url = new URL(`../../../conformance/data/${file}`, import.meta.url)
  return readFileSync(url, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

/** With keys sorted and wide integers as the doubles that `JSON.parse` makes of them. */
function normalize(value: JsonValue): unknown {
  if (value instanceof WideNumber) return value.value
  if (Array.isArray(value)) return value.map(normalize)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalize(item)]))
}

interface YamlVector extends Vector {
  readonly yaml: string
  readonly json?: JsonValue
  readonly jsonAny?: readonly JsonValue[]
  readonly jsonText?: string
  readonly error?: string
}

describe('yamlToJson', () => {
  it.each(readVectors<YamlVector>('yaml.jsonl'))('$name', (vector) => {
    if (vector.error !== undefined) {
      expect(() => yamlToJson(vector.yaml)).toThrow(YamlError)
      return
    }
    const got = yamlToJson(vector.yaml)
    expect(vector.jsonAny ?? [vector.json]).toContainEqual(normalize(got))
    if (got instanceof WideNumber) expect(got.text).toBe(vector.jsonText)
  })
})

interface EmitVector extends Vector {
  readonly value?: JsonValue
  readonly jsonText?: string
  readonly want?: string
  readonly error?: string
}

describe('jsonToYaml', () => {
  it.each(readVectors<EmitVector>('toyaml.jsonl'))('$name', (vector) => {
    const emit = () =>
      jsonToYaml(vector.jsonText === undefined ? (vector.value ?? null) : yamlToJson(vector.jsonText))
    if (vector.error === undefined) expect(emit()).toBe(vector.want)
    else expect(emit).toThrow(YamlError)
  })
})

interface StreamVector extends Vector {
  readonly text: string
  readonly docs: readonly JsonValue[]
  readonly error?: string
}

describe('splitDocuments', () => {
  it.each(readVectors<StreamVector>('multidoc.jsonl'))('$name', (vector) => {
    const documents: unknown[] = []
    const read = () => {
      for (const document of splitDocuments(vector.text)) documents.push(normalize(document))
    }
    if (vector.error === undefined) read()
    else expect(read).toThrow(YamlError)
    expect(documents).toEqual(vector.docs)
  })
})
