import type * as Schema from '@peculiar/asn1-schema'
import type * as X509 from '@peculiar/asn1-x509'
import type { KeyObject } from 'node:crypto'
import { createHash, createPublicKey, randomBytes, sign } from 'node:crypto'
import { isIP, isIPv4 } from 'node:net'
import { HelperError } from '../define.ts'
import { lazyRequire } from '../lazy.ts'

const asn1 = lazyRequire<typeof Schema>('@peculiar/asn1-schema')
const x509 = lazyRequire<typeof X509>('@peculiar/asn1-x509')

export interface CertificateRequest {
  readonly commonName: string
  readonly ips: readonly string[]
  readonly dnsNames: readonly string[]
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly isAuthority: boolean
}

/** Who signs: a certificate (DER) and its key. */
export interface Issuer {
  readonly certificate: Uint8Array
  readonly key: KeyObject
}

/**
 * The DER form of a certificate for the public half of `key`, for servers and clients, signed by `issuer` or, without
 * one, by itself.
 */
export function createCertificate(request: CertificateRequest, key: KeyObject, issuer?: Issuer): Buffer {
  const { AsnConvert } = asn1()
  const { Certificate, SubjectPublicKeyInfo, TBSCertificate, Validity, Version } = x509()
  const signer = issuer?.key ?? key
  const parent = issuer && AsnConvert.parse(issuer.certificate, Certificate).tbsCertificate
  const signatureAlgorithm = algorithmOf(signer)
  const publicKey = createPublicKey(key.export({ type: 'pkcs8', format: 'pem' }))
  const subject = nameOf(request.commonName)
  const subjectPublicKeyInfo = AsnConvert.parse(
    publicKey.export({ type: 'spki', format: 'der' }),
    SubjectPublicKeyInfo,
  )
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: signatureAlgorithm.identifier,
    issuer: parent?.subject ?? subject,
    validity: new Validity({
      notBefore: new Date(request.notBeforeMs),
      notAfter: new Date(request.notAfterMs),
    }),
    subject,
    subjectPublicKeyInfo,
    extensions: extensionsOf(request, subjectPublicKeyInfo, parent),
  })
  const signature = sign(signatureAlgorithm.hash, Buffer.from(AsnConvert.serialize(body)), signer)
  const certificate = new Certificate({
    tbsCertificate: body,
    signatureAlgorithm: signatureAlgorithm.identifier,
    signatureValue: toArrayBuffer(signature),
  })
  return Buffer.from(AsnConvert.serialize(certificate))
}

/** 127 random bits: positive in DER's two's complement. */
function serialNumber(): ArrayBuffer {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return toArrayBuffer(bytes)
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

function nameOf(commonName: string): X509.Name {
  const { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } = x509()
  const isPrintable = /^[A-Za-z0-9 '()+,./:=?-]*$/.test(commonName)
  const value = new AttributeValue(isPrintable ? { printableString: commonName } : { utf8String: commonName })
  const attribute = new AttributeTypeAndValue({ type: '2.5.4.3', value })
  return new Name([new RelativeDistinguishedName([attribute])])
}

interface SignatureAlgorithm {
  readonly identifier: X509.AlgorithmIdentifier
  /** Null where the algorithm hashes by itself. */
  readonly hash: string | null
}

/** Object identifier and hash by the key's type and, for elliptic curves, the curve. */
const algorithms: ReadonlyMap<string, readonly [oid: string, hash: string | null]> = new Map([
  ['rsa', ['1.2.840.113549.1.1.11', 'sha256']],
  ['prime256v1', ['1.2.840.10045.4.3.2', 'sha256']],
  ['secp384r1', ['1.2.840.10045.4.3.3', 'sha384']],
  ['secp521r1', ['1.2.840.10045.4.3.4', 'sha512']],
  ['ed25519', ['1.3.101.112', null]],
])

function algorithmOf(key: KeyObject): SignatureAlgorithm {
  const name = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? 'unknown'
  const found = algorithms.get(name)
  if (found === undefined) {
    throw new HelperError(
      `a ${name} key cannot sign certificates; use RSA, ECDSA (P-256, P-384, P-521) or Ed25519`,
    )
  }
  const [algorithm, hash] = found
  const parameters = name === 'rsa' ? { parameters: null } : {}
  return { identifier: new (x509().AlgorithmIdentifier)({ algorithm, ...parameters }), hash }
}

function extensionsOf(
  request: CertificateRequest,
  publicKey: X509.SubjectPublicKeyInfo,
  parent: X509.TBSCertificate | undefined,
): X509.Extensions {
  const schema = x509()
  const { KeyUsageFlags } = schema
  const usage = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment
  const extensions = [
    extension(
      schema.id_ce_keyUsage,
      new schema.KeyUsage(request.isAuthority ? usage | KeyUsageFlags.keyCertSign : usage),
      true,
    ),
    extension(
      schema.id_ce_extKeyUsage,
      new schema.ExtendedKeyUsage([schema.id_kp_serverAuth, schema.id_kp_clientAuth]),
    ),
    extension(schema.id_ce_basicConstraints, new schema.BasicConstraints({ cA: request.isAuthority }), true),
  ]
  if (request.isAuthority) {
    const keyId = createHash('sha1').update(Buffer.from(publicKey.subjectPublicKey)).digest()
    extensions.push(
      extension(schema.id_ce_subjectKeyIdentifier, new schema.SubjectKeyIdentifier(toArrayBuffer(keyId))),
    )
  }
  const parentKeyId = parent && findSubjectKeyId(parent)
  if (parentKeyId !== undefined) {
    const identifier = new schema.AuthorityKeyIdentifier({
      keyIdentifier: new schema.KeyIdentifier(parentKeyId),
    })
    extensions.push(extension(schema.id_ce_authorityKeyIdentifier, identifier))
  }
  const names = alternativeNames(request)
  if (names.length > 0) {
    extensions.push(extension(schema.id_ce_subjectAltName, new schema.SubjectAlternativeName(names)))
  }
  return new schema.Extensions(extensions)
}

function extension(extnID: string, value: object, critical = false): X509.Extension {
  const { OctetString, AsnConvert } = asn1()
  return new (x509().Extension)({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
}

function findSubjectKeyId(certificate: X509.TBSCertificate): ArrayBuffer | undefined {
  const { id_ce_subjectKeyIdentifier, SubjectKeyIdentifier } = x509()
  const found = certificate.extensions?.find(({ extnID }) => extnID === id_ce_subjectKeyIdentifier)
  return found && asn1().AsnConvert.parse(found.extnValue.buffer, SubjectKeyIdentifier).buffer
}

function alternativeNames({ dnsNames, ips }: CertificateRequest): X509.GeneralName[] {
  const { GeneralName } = x509()
  return [
    ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...ips.map((iPAddress) => new GeneralName({ iPAddress })),
  ]
}

/** Checks an IP address. @throws HelperError with Sprig's text. */
export function checkIp(text: string): string {
  if (isIP(text) === 0 || text.includes('%')) throw new HelperError(`error parsing ip: ${text}`)
  return isIPv4(text) ? text : text.toLowerCase()
}

/** PEM text, in lines of 64 characters. */
export function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
