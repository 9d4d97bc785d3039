import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HelperError } from '../../helpers/define.ts'
import { parseQuantity } from '../../helpers/go/quantity.ts'

interface Vector {
  name: string
  input?: string
  canonical?: string | null
  bytes?: string | null
  milli?: string | null
  sign?: number
  error?: string
  a?: string
  b?: string
  cmp?: number
  add?: string
  sub?: string
}

const vectors = readFileSync(new URL('../conformance/data/quantity.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

/** Null is where Go overflows: there only an exact answer of ours makes sense, so nothing is compared. */
function unlessNull(want: string | null | undefined, got: string): void {
  if (want !== null && want !== undefined) expect(got).toBe(want)
}

describe('recorded quantities', () => {
  it.each(vectors.filter((vector) => vector.error !== undefined))('$name is an error', ({ input, error }) => {
    expect(() => parseQuantity(input!)).toThrow(new HelperError(error))
  })

  it.each(vectors.filter((vector) => vector.sign !== undefined))('$name', (vector) => {
    const quantity = parseQuantity(vector.input!)
    unlessNull(vector.canonical, quantity.toString())
    unlessNull(vector.bytes, quantity.units().toString())
    unlessNull(vector.milli, quantity.milli().toString())
    expect(quantity.nano > 0n ? 1 : quantity.nano < 0n ? -1 : 0).toBe(vector.sign)
  })

  it.each(vectors.filter((vector) => vector.cmp !== undefined))('$name', ({ a, b, cmp }) => {
    expect(parseQuantity(a!).compare(parseQuantity(b!))).toBe(cmp)
    expect(parseQuantity(b!).compare(parseQuantity(a!))).toBe(0 - cmp!)
  })

  it.each(vectors.filter((vector) => vector.add !== undefined))('$name', ({ a, b, add, sub }) => {
    expect(parseQuantity(a!).add(parseQuantity(b!)).toString()).toBe(add)
    expect(parseQuantity(a!).sub(parseQuantity(b!)).toString()).toBe(sub)
  })

  it('covers every recorded line', () => {
    const known = vectors.filter(({ error, sign, cmp, add }) => (error ?? sign ?? cmp ?? add) !== undefined)
    expect(known).toHaveLength(317)
  })
})
