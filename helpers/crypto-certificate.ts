import type { KeyObject } from 'node:crypto'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { expensiveCallBytes } from './crypto-hash.ts'
import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import { decodeBase64 } from './go/base64.ts'
import { GoCertificate } from './go/certificate.ts'
import { print } from './go/print.ts'
import type { Value, ValueList } from './go/value.ts'
import type { Issuer } from './go/x509.ts'
import { checkIp, createCertificate, toPem } from './go/x509.ts'
import { inFamily, int, sample, string } from './typed.ts'

const define = inFamily('crypto')

const list = (name: string) => ({ name, type: 'list' }) as const
const certificate = (name: string) => ({ name, type: { go: 'sprig.certificate' } }) as const

const rsaBits = 2048
const maxRsaBits = 8192
const dayMs = 86_400_000
/** 9999-12-31: later dates have no form in a certificate. */
const maxDateMs = 253_402_214_400_000

const pemShape = /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n$/
const pemSample = '-----BEGIN CERTIFICATE-----\nMIIC…\n-----END CERTIFICATE-----\n'

interface Subject {
  readonly commonName: string
  readonly days: bigint
  readonly ips?: ValueList | null
  readonly dnsNames?: ValueList | null
  readonly isAuthority?: true
}

function issue(subject: Subject, key: KeyObject, context: CallContext, issuer?: Issuer): GoCertificate {
  const notBeforeMs = Math.trunc(context.nowMs())
  const notAfterMs = notBeforeMs + Number(subject.days) * dayMs
  if (notAfterMs > maxDateMs || notAfterMs < 0) {
    throw new HelperError(`a certificate cannot be valid for ${subject.days} days; give a number such as 365`)
  }
  const request = {
    commonName: subject.commonName,
    ips: texts(subject.ips, 'error parsing ip').map(checkIp),
    dnsNames: texts(subject.dnsNames, 'error processing alternate dns name'),
    notBeforeMs,
    notAfterMs,
    isAuthority: subject.isAuthority === true,
  }
  return new GoCertificate(toPem('CERTIFICATE', createCertificate(request, key, issuer)), keyToPem(key))
}

function texts(values: ValueList | null | undefined, failure: string): string[] {
  return (values ?? []).map((value) => {
    if (typeof value === 'string') return value
    throw new HelperError(`${failure}: ${print(value)} is not a string`)
  })
}

function newKey(context: CallContext): KeyObject {
  context.charge(expensiveCallBytes)
  return generateKeyPairSync('rsa', { modulusLength: rsaBits }).privateKey
}

/** The message never quotes the key. */
function readKey(pem: string, failure: string, context: CallContext): KeyObject {
  context.charge(expensiveCallBytes)
  const key = tryRead(() => createPrivateKey(pem))
  if (key === undefined) throw new HelperError(`${failure}: expected an unencrypted private key in PEM form`)
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) > maxRsaBits) {
    throw new HelperError(`${failure}: RSA keys have at most ${maxRsaBits} bits here`)
  }
  return key
}

function tryRead<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

const keyForms = { rsa: 'pkcs1', ec: 'sec1' } as const

function keyToPem(key: KeyObject): string {
  const form =
    key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ec'
      ? keyForms[key.asymmetricKeyType]
      : 'pkcs8'
  return key.export({ type: form, format: 'pem' }).toString()
}

function readCertificate(pem: string): X509Certificate {
  if (!/-----BEGIN [A-Z0-9 ]+-----/.test(pem)) throw new HelperError('unable to decode certificate')
  const parsed = tryRead(() => new X509Certificate(pem))
  if (parsed === undefined)
    throw new HelperError('error parsing certificate: expected an X.509 certificate in PEM form')
  return parsed
}

function issuerOf(authority: Value, context: CallContext): Issuer {
  if (!(authority instanceof GoCertificate))
    throw new HelperError('expected a certificate, such as genCA gives')
  const signer = readCertificate(authority.cert)
  return { certificate: signer.raw, key: readKey(authority.key, 'error parsing private key', context) }
}

function decodeOr(failure: string, encoded: string): string {
  const text = tryRead(() => decodeBase64(encoded))
  if (text === undefined) throw new HelperError(failure)
  return text
}

function buildCustomCert(encodedCert: string, encodedKey: string, context: CallContext): GoCertificate {
  const cert = decodeOr('unable to decode base64 certificate', encodedCert)
  const key = decodeOr('unable to decode base64 private key', encodedKey)
  readCertificate(cert)
  readKey(key, 'error parsing private key', context)
  return new GoCertificate(cert, key)
}

const authorities: readonly Helper[] = [
  define({
    name: 'genCA',
    params: [string('commonName'), int('days')],
    changing: true,
    doc: 'A new certificate authority with an RSA key; fields `Cert` and `Key`.',
    example: sample('{{ (genCA "demo" 365).Cert }}', pemSample, pemShape),
    call: ([commonName, days], context) =>
      issue({ commonName, days, isAuthority: true }, newKey(context), context),
  }),
  define({
    name: 'genCAWithKey',
    params: [string('commonName'), int('days'), string('key')],
    changing: true,
    doc: 'A new certificate authority for a private key in PEM form.',
    example: sample('{{ (genCAWithKey "demo" 365 (genCA "demo" 1).Key).Cert }}', pemSample, pemShape),
    call: ([commonName, days, pem], context) =>
      issue({ commonName, days, isAuthority: true }, readKey(pem, 'parsing private key', context), context),
  }),
]

const selfSigned: readonly Helper[] = [
  define({
    name: 'genSelfSignedCert',
    params: [string('commonName'), list('ips'), list('dnsNames'), int('days')],
    changing: true,
    doc: 'A new self-signed certificate with an RSA key; fields `Cert` and `Key`.',
    example: sample('{{ (genSelfSignedCert "demo" nil (list "demo.local") 365).Cert }}', pemSample, pemShape),
    call: ([commonName, ips, dnsNames, days], context) =>
      issue({ commonName, ips, dnsNames, days }, newKey(context), context),
  }),
  define({
    name: 'genSelfSignedCertWithKey',
    params: [string('commonName'), list('ips'), list('dnsNames'), int('days'), string('key')],
    changing: true,
    doc: 'A new self-signed certificate for a private key in PEM form.',
    example: sample(
      '{{ (genSelfSignedCertWithKey "demo" nil nil 365 (genCA "demo" 1).Key).Cert }}',
      pemSample,
      pemShape,
    ),
    call: ([commonName, ips, dnsNames, days, pem], context) =>
      issue({ commonName, ips, dnsNames, days }, readKey(pem, 'parsing private key', context), context),
  }),
]

const signed: readonly Helper[] = [
  define({
    name: 'genSignedCert',
    params: [string('commonName'), list('ips'), list('dnsNames'), int('days'), certificate('authority')],
    changing: true,
    doc: 'A new certificate with an RSA key, signed by an authority; fields `Cert` and `Key`.',
    example: sample('{{ (genSignedCert "leaf" nil nil 365 (genCA "demo" 365)).Cert }}', pemSample, pemShape),
    call: ([commonName, ips, dnsNames, days, authority], context) => {
      const issuer = issuerOf(authority, context)
      return issue({ commonName, ips, dnsNames, days }, newKey(context), context, issuer)
    },
  }),
  define({
    name: 'genSignedCertWithKey',
    params: [
      string('commonName'),
      list('ips'),
      list('dnsNames'),
      int('days'),
      certificate('authority'),
      string('key'),
    ],
    changing: true,
    doc: 'A new certificate for a private key in PEM form, signed by an authority.',
    example: sample(
      '{{ $ca := genCA "demo" 365 }}{{ (genSignedCertWithKey "leaf" nil nil 365 $ca $ca.Key).Cert }}',
      pemSample,
      pemShape,
    ),
    call: ([commonName, ips, dnsNames, days, authority, pem], context) => {
      const issuer = issuerOf(authority, context)
      const key = readKey(pem, 'parsing private key', context)
      return issue({ commonName, ips, dnsNames, days }, key, context, issuer)
    },
  }),
  define({
    name: 'buildCustomCert',
    params: [string('base64Cert'), string('base64Key')],
    doc: 'A certificate, for `genSignedCert`, from a certificate and key that exist: both are PEM texts in base64.',
    example: {
      template:
        '{{ $ca := genCA "demo" 365 }}{{ eq $ca.Cert (buildCustomCert (b64enc $ca.Cert) (b64enc $ca.Key)).Cert }}',
      output: 'true',
    },
    call: ([cert, key], context) => buildCustomCert(cert, key, context),
  }),
]

export const certificateHelpers: readonly Helper[] = [...authorities, ...selfSigned, ...signed]
