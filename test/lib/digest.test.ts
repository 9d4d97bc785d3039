import { describe, expect, it } from 'vitest'
import { findDigest, matchesDigest } from '../../src/lib/digest.ts'

const ABC = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

describe('digests', () => {
  it('verifies content', () => {
    const digest = findDigest(ABC)
    expect(digest && matchesDigest(Buffer.from('abc'), digest)).toBe(true)
    expect(digest && matchesDigest(Buffer.from('abd'), digest)).toBe(false)
  })

  it('verifies sha512', () => {
    const digest = findDigest(
      'sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    )
    expect(digest && matchesDigest(Buffer.from('abc'), digest)).toBe(true)
  })

  it.each([
    '',
    'sha256:',
    'md5:d41d8cd98f00b204e9800998ecf8427e',
    ABC.slice(0, -1),
    `${ABC}0`,
    ABC.toUpperCase(),
    ABC.slice(7),
  ])('refuses %j', (text) => {
    expect(findDigest(text)).toBeUndefined()
  })
})
