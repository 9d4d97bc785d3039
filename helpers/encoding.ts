import type { Helper } from './define.ts'
import { HelperError } from './define.ts'
import { decodeBase32, encodeBase32 } from './go/base32.ts'
import { decodeBase64, encodeBase64 } from './go/base64.ts'
import { example, inFamily, string } from './typed.ts'

const define = inFamily('encoding')

/** Sprig's decoders give the error's text as their result. */
function textOrError(decode: () => string): string {
  try {
    return decode()
  } catch (error) {
    if (error instanceof HelperError) return error.message
    throw error
  }
}

export const encoding: readonly Helper[] = [
  define({
    name: 'b64enc',
    params: [string('text')],
    doc: 'Base64 of a text.',
    example: example('{{ b64enc "hello" }}', 'aGVsbG8='),
    call: ([text], context) => {
      context.charge(text.length * 4)
      return encodeBase64(text)
    },
  }),
  define({
    name: 'b64dec',
    params: [string('text')],
    doc: 'The text of base64. What is no base64 gives a message that says where it breaks.',
    example: example('{{ b64dec "aGVsbG8=" }}', 'hello'),
    call: ([text], context) => {
      context.charge(text.length)
      return textOrError(() => decodeBase64(text))
    },
  }),
  define({
    name: 'b32enc',
    params: [string('text')],
    doc: 'Base32 of a text.',
    example: example('{{ b32enc "hello" }}', 'NBSWY3DP'),
    call: ([text], context) => {
      context.charge(text.length * 5)
      return encodeBase32(text)
    },
  }),
  define({
    name: 'b32dec',
    params: [string('text')],
    doc: 'The text of base32. What is no base32 gives a message that says where it breaks.',
    example: example('{{ b32dec "NBSWY3DP" }}', 'hello'),
    call: ([text], context) => {
      context.charge(text.length)
      return textOrError(() => decodeBase32(text))
    },
  }),
]
