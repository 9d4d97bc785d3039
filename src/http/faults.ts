import { AppError, type Disposition } from '../errors.ts'
import { AddressRefused } from './agents.ts'

/** An exchange that gave no answer. `isTransient`: another attempt right away may work. */
export class ExchangeFault extends Error {
  override readonly name = 'ExchangeFault'
  readonly isTransient: boolean
  readonly disposition: Disposition

  constructor(message: string, options: { isTransient: boolean; disposition?: Disposition }) {
    super(message)
    this.isTransient = options.isTransient
    this.disposition = options.disposition ?? 'retry'
  }
}

/** What happened, in our words: the texts of Node and axios can repeat URLs and headers. */
const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; is the server running and the port right?',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'no answer to the connection attempt',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'the host name has no address',
  EAI_AGAIN: 'the name server does not answer',
  ECONNABORTED: 'the connection broke',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection broke inside the answer',
}

const CERTIFICATE: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is signed by an unknown authority; add it as ca.crt in the secretRef',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; add it as ca.crt in the secretRef',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is signed by an unknown authority; add it as ca.crt in the secretRef',
  UNABLE_TO_GET_ISSUER_CERT:
    'its certificate is signed by an unknown authority; add it as ca.crt in the secretRef',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is signed by an unknown authority; add it as ca.crt in the secretRef',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate is revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
}

/** Any error of one exchange as a fault whose message holds no more than a code and our own text. */
export function toFault(error: unknown): ExchangeFault {
  if (error instanceof ExchangeFault) return error
  const refused = findCause(error, (cause) => cause instanceof AddressRefused)
  if (refused instanceof AddressRefused)
    return new ExchangeFault(refused.message, {
      isTransient: false,
      disposition: refused.isLiteral ? 'stall' : 'retry',
    })
  return faultOfCode(findCode(error))
}

function faultOfCode(code: string | undefined): ExchangeFault {
  if (code === undefined) return new ExchangeFault('the exchange failed', { isTransient: true })
  const certificate = CERTIFICATE[code]
  if (certificate !== undefined) return new ExchangeFault(`${certificate} (${code})`, { isTransient: false })
  const network = NETWORK[code]
  if (network !== undefined) return new ExchangeFault(`${network} (${code})`, { isTransient: true })
  if (code.startsWith('HPE_'))
    return new ExchangeFault(`the answer is not HTTP (${code})`, { isTransient: false })
  if (/SSL|TLS|CERT/.test(code)) return new ExchangeFault(`TLS failed (${code})`, { isTransient: false })
  return new ExchangeFault(`the exchange failed (${code})`, { isTransient: true })
}

function findCode(error: unknown): string | undefined {
  const known = findCause(error, (cause) =>
    /^(?!ERR_(BAD|NETWORK|CANCELED))[A-Z][A-Z0-9_]{2,60}$/.test(codeOf(cause)),
  )
  return known === undefined ? undefined : codeOf(known)
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

/** The first match among an error, its cause chain, and the attempts of an AggregateError. */
function findCause(error: unknown, matches: (error: unknown) => boolean): unknown {
  const pending = [error]
  for (let looked = 0; pending.length > 0 && looked < 20; looked++) {
    const next = pending.shift()
    if (matches(next)) return next
    if (next instanceof AggregateError) pending.push(...(next.errors as unknown[]))
    if (next instanceof Error && next.cause !== undefined) pending.push(next.cause)
  }
  return undefined
}

/** The error that a generator sees. `host` is host and port, without userinfo. */
export function toHttpError(method: string, host: string, fault: ExchangeFault): AppError {
  return new AppError('GeneratorFailed', fault.disposition, `${method} ${host}: ${fault.message}`)
}
