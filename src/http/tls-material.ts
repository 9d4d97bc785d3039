import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { HttpRequest } from '../ports.ts'

export type TlsMaterial = NonNullable<HttpRequest['tls']>

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * Refuses TLS settings that cannot work, before any byte is sent: Node takes a CA bundle without a certificate for
 * "trust nobody new", and reports a key that does not belong to its certificate only in the handshake.
 */
export function checkTls(tls: TlsMaterial): void {
  if (tls.ca !== undefined) readCertificates(tls.ca, 'the CA bundle')
  if (tls.cert === undefined && tls.key === undefined) return
  if (tls.cert === undefined) throw invalid('a client key needs its certificate (tls.crt)')
  if (tls.key === undefined) throw invalid('a client certificate needs its key (tls.key)')
  const [leaf] = readCertificates(tls.cert, 'the client certificate')
  if (leaf?.checkPrivateKey(readKey(tls.key)) !== true)
    throw invalid('the client key does not belong to the client certificate')
}

/** What makes two requests share connections. A hash: the key itself is not kept twice. */
export function tlsIdentity(tls: TlsMaterial | undefined): string {
  if (tls === undefined) return ''
  const parts = [tls.ca ?? '', tls.cert ?? '', tls.key ?? '']
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

function readCertificates(pem: string, what: string): X509Certificate[] {
  const blocks = pem.match(CERTIFICATE) ?? []
  if (blocks.length === 0) throw invalid(`${what} has no PEM certificate`)
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block)
    } catch {
      throw invalid(`${what}: certificate ${String(index + 1)} of ${String(blocks.length)} cannot be read`)
    }
  })
}

function readKey(pem: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(pem)
  } catch {
    throw invalid('the client key cannot be read; it must be an unencrypted PEM key')
  }
}

function invalid(what: string): AppError {
  return new AppError('GeneratorFailed', 'stall', `TLS settings: ${what}`)
}
