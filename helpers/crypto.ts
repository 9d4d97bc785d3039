import { certificateHelpers } from './crypto-certificate.ts'
import { cipherHelpers } from './crypto-cipher.ts'
import { hashHelpers } from './crypto-hash.ts'
import type { Helper } from './define.ts'

/** Sprig's hashes, ciphers and certificates. */
export const crypto: readonly Helper[] = [...hashHelpers, ...cipherHelpers, ...certificateHelpers]
