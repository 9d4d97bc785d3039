import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { render } from './render.ts'

interface Vector {
  name: string
  input: string
  want?: string
  error?: string
}

const vectors = readFileSync(new URL('../conformance/data/names.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

describe('recorded names', () => {
  it.each(vectors)('$name', ({ input, want, error }) => {
    const sanitize = (): string => render('{{ sanitize . }}', input)
    if (error === undefined) expect(sanitize()).toBe(want)
    else expect(sanitize).toThrow(`error calling sanitize: ${error}`)
  })
})
