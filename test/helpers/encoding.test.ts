import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase32, encodeBase32 } from '../../helpers/go/base32.ts'
import { decodeBase64, encodeBase64 } from '../../helpers/go/base64.ts'
import { fromBytes } from '../../helpers/go/bytes.ts'
import { render } from './render.ts'

describe('encodings', () => {
  it.each([
    ['{{ b64enc "é漢" }}', 'w6nmvKI='],
    ['{{ b64dec "w6nm\\r\\nvKI=" }}', 'é漢'],
    ['{{ b64dec "YQ" }}', 'illegal base64 data at input byte 0'],
    ['{{ b64dec "YQ=" }}', 'illegal base64 data at input byte 3'],
    ['{{ b64dec "YQ==x" }}', 'illegal base64 data at input byte 4'],
    ['{{ b64dec "/w==" | printf "%q" }}', '"\\xff"'],
    ['{{ b32enc "hello!" }}', 'NBSWY3DPEE======'],
    ['{{ b32dec "NBSWY3DPEE======" }}', 'hello!'],
    ['{{ b32dec "nbsw" }}', 'illegal base32 data at input byte 0'],
    ['{{ b32dec "NBSWY3D" }}', 'illegal base32 data at input byte 0'],
  ])('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  it('keep all bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const text = fromBytes(bytes)
        expect(decodeBase64(encodeBase64(text))).toBe(text)
        expect(decodeBase32(encodeBase32(text))).toBe(text)
      }),
    )
  })
})
