import { describe, expect, it } from 'vitest'
import { type JsonValue, WideNumber } from '../../helpers/go/value.ts'
import { canonicalHash, canonicalJson } from '../../src/lib/canonical.ts'

describe('canonicalJson', () => {
  it('sorts keys at every depth and keeps list order', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 'x' }], a: null })).toBe('{"a":null,"b":[{"c":"x","d":1}]}')
  })

  it('keeps every digit', () => {
    expect(canonicalJson([new WideNumber('9007199254740993'), new WideNumber('-9007199254740995')])).toBe(
      '[9007199254740993,-9007199254740995]',
    )
  })

  it('sees own keys only', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"x":1}}') as JsonValue)).toBe('{"__proto__":{"x":1}}')
  })
})

describe('canonicalHash', () => {
  it('does not depend on key order', () => {
    expect(canonicalHash({ a: 1, b: 2 })).toBe(canonicalHash({ b: 2, a: 1 }))
    expect(canonicalHash({ a: 1 })).not.toBe(canonicalHash({ a: '1' }))
    expect(canonicalHash({})).toBe('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
  })
})
