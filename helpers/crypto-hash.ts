import { createHash, randomUUID } from 'node:crypto'
import type * as Bcrypt from 'bcryptjs'
import type { CallContext, Helper } from './define.ts'
import { byteLength, toBytes } from './go/bytes.ts'
import { lazyRequire } from './lazy.ts'
import { example, inFamily, sample, string } from './typed.ts'

const define = inFamily('crypto')

const bcryptjs = lazyRequire<typeof Bcrypt>('bcryptjs')

/** Go's default. The cost is fixed, so that no template can ask for more work. */
const bcryptCost = 10
const maxBcryptBytes = 72

/**
 * What a call that keeps the processor busy for a tenth of a second or more counts against the budget of allocated
 * bytes, so that one object can make only a few.
 */
export const expensiveCallBytes = 4 * 1024 * 1024

/** What is read counts against the budget too: a loop over a long text is work, although the result is short. */
function hash(algorithm: 'sha1' | 'sha512', text: string, context: CallContext): string {
  context.charge(text.length)
  return createHash(algorithm).update(toBytes(text)).digest('hex')
}

const adlerModulus = 65_521

function adler32(bytes: Uint8Array): number {
  let low = 1
  let high = 0
  for (const byte of bytes) {
    low = (low + byte) % adlerModulus
    high = (high + low) % adlerModulus
  }
  return high * 65_536 + low
}

function bcrypt(text: string, context: CallContext): string {
  if (byteLength(text) > maxBcryptBytes) {
    return 'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes'
  }
  context.charge(expensiveCallBytes)
  const { genSaltSync, hashSync } = bcryptjs()
  return hashSync(text, genSaltSync(bcryptCost).replace(/^\$2b/, '$2a'))
}

function htpasswd(user: string, password: string, context: CallContext): string {
  if (user.includes(':')) return `invalid username: ${user}`
  return `${user}:${bcrypt(password, context)}`
}

export const hashHelpers: readonly Helper[] = [
  define({
    name: 'sha1sum',
    params: [string('text')],
    doc: 'The SHA-1 hash of a text, in hexadecimal. For names and change detection, not for security.',
    example: example('{{ sha1sum "hello" }}', 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d'),
    call: ([text], context) => hash('sha1', text, context),
  }),
  define({
    name: 'sha512sum',
    params: [string('text')],
    doc: 'The SHA-512 hash of a text, in hexadecimal.',
    example: example('{{ sha512sum "hello" | trunc 12 }}', '9b71d224bd62'),
    call: ([text], context) => hash('sha512', text, context),
  }),
  define({
    name: 'adler32sum',
    params: [string('text')],
    doc: 'The Adler-32 checksum of a text, as a decimal number.',
    example: example('{{ adler32sum "hello" }}', '103547413'),
    call: ([text], context) => {
      context.charge(text.length)
      return String(adler32(toBytes(text)))
    },
  }),
  define({
    name: 'bcrypt',
    params: [string('password')],
    changing: true,
    doc: 'The bcrypt hash of a password, with a new salt on each call.',
    example: sample(
      '{{ bcrypt "secret" }}',
      '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
      /^\$2a\$10\$[./A-Za-z0-9]{53}$/,
    ),
    call: ([password], context) => bcrypt(password, context),
  }),
  define({
    name: 'htpasswd',
    params: [string('user'), string('password')],
    changing: true,
    doc: 'A line of an htpasswd file, with a new salt on each call.',
    example: sample(
      '{{ htpasswd "ann" "secret" }}',
      'ann:$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
      /^ann:\$2a\$10\$[./A-Za-z0-9]{53}$/,
    ),
    call: ([user, password], context) => htpasswd(user, password, context),
  }),
  define({
    name: 'uuidv4',
    params: [],
    changing: true,
    doc: 'A random UUID.',
    example: sample(
      '{{ uuidv4 }}',
      '1d2c3b4a-5f6e-4d7c-8b9a-0f1e2d3c4b5a',
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ),
    call: () => randomUUID(),
  }),
]
