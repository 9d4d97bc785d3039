import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import { decodeBase64Bytes } from './go/base64.ts'
import { fromBytes, toBytes } from './go/bytes.ts'
import { example, inFamily, sample, string } from './typed.ts'

const define = inFamily('crypto')

const algorithm = 'aes-256-cbc'
const keyBytes = 32
const blockBytes = 16

/** Sprig takes the password's first 32 bytes as the key, filled up with zeros. */
function keyOf(password: string): Buffer {
  const key = Buffer.alloc(keyBytes)
  toBytes(password).copy(key)
  return key
}

/** Base64 of a random initialisation vector and the encrypted text. */
function encryptAes(password: string, text: string, context: CallContext): string {
  if (text === '') return ''
  context.charge(text.length * 4)
  const vector = randomBytes(blockBytes)
  const cipher = createCipheriv(algorithm, keyOf(password), vector)
  return Buffer.concat([vector, cipher.update(toBytes(text)), cipher.final()]).toString('base64')
}

function decryptAes(password: string, encoded: string, context: CallContext): string {
  if (encoded === '') return ''
  context.charge(encoded.length)
  const bytes = decodeBase64Bytes(encoded)
  if (bytes.length < 2 * blockBytes || bytes.length % blockBytes !== 0) {
    throw new HelperError(`${bytes.length} bytes are no encrypted text; expected the result of encryptAES`)
  }
  const decipher = createDecipheriv(algorithm, keyOf(password), bytes.subarray(0, blockBytes))
  decipher.setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(bytes.subarray(blockBytes)), decipher.final()])
  return fromBytes(withoutPadding(padded))
}

/** The last byte says how many to drop. As in Sprig, nothing else tells a wrong password from a right one. */
function withoutPadding(padded: Buffer): Buffer {
  const padding = padded.at(-1) ?? 0
  if (padding > padded.length) throw new HelperError('the text cannot be decrypted; check the password')
  return padded.subarray(0, padded.length - padding)
}

export const cipherHelpers: readonly Helper[] = [
  define({
    name: 'encryptAES',
    params: [string('password'), string('text')],
    changing: true,
    doc: 'Encrypts a text with AES-256-CBC; different on each call.',
    example: sample(
      '{{ encryptAES "key" "plain" }}',
      '9vV1L0Zz0sS3m0w2fQ1f3b1dXo3j6r5oVf8Zk2b1c0A=',
      /^[A-Za-z0-9+/]{43}=$/,
    ),
    call: ([password, text], context) => encryptAes(password, text, context),
  }),
  define({
    name: 'decryptAES',
    params: [string('password'), string('encrypted')],
    doc: 'Decrypts what `encryptAES` gave.',
    example: example('{{ encryptAES "key" "plain" | decryptAES "key" }}', 'plain'),
    call: ([password, encoded], context) => decryptAes(password, encoded, context),
  }),
]
