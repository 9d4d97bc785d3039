import { createHash, timingSafeEqual } from 'node:crypto'

const HEX_DIGITS = { sha256: 64, sha384: 96, sha512: 128 } as const

/** A content digest as OCI and Flux write it: `sha256:<hex>`. */
export interface Digest {
  readonly algorithm: keyof typeof HEX_DIGITS
  /** Lower case. */
  readonly hex: string
}

/** The digest, or undefined where the text is none of `sha256:`, `sha384:`, `sha512:` with the right number of hex digits. */
export function findDigest(text: string): Digest | undefined {
  const [, algorithm = '', hex = ''] = /^(sha256|sha384|sha512):([0-9a-f]+)$/.exec(text) ?? []
  if (!isAlgorithm(algorithm) || hex.length !== HEX_DIGITS[algorithm]) return undefined
  return { algorithm, hex }
}

export function matchesDigest(content: Uint8Array, digest: Digest): boolean {
  const actual = createHash(digest.algorithm).update(content).digest()
  return timingSafeEqual(actual, Buffer.from(digest.hex, 'hex'))
}

function isAlgorithm(name: string): name is keyof typeof HEX_DIGITS {
  return Object.hasOwn(HEX_DIGITS, name)
}
