import { compareSync } from 'bcryptjs'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { helpers } from '../../helpers/index.ts'
import { newRuntime, parseTemplate } from '../../src/template/template.ts'
import { renderAtTestTime as render, testNowMs } from './render-at.ts'

describe('hashes and ciphers', () => {
  it.each([
    ['{{ adler32sum "" }} {{ adler32sum "é漢" }}', '1 189006769'],
    ['{{ sha1sum (b64dec "/w==") }}', '85e53271e14006f0265921d02d4d736cdc580b0b'],
    [
      '{{ encryptAES "a key that is longer than 32 bytes, by far" "é漢" | decryptAES "a key that is longer than 32 bytes" }}',
      'é漢',
    ],
    ['{{ htpasswd "a:b" "x" }}', 'invalid username: a:b'],
    [
      `{{ bcrypt "${'x'.repeat(73)}" }}`,
      'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes',
    ],
  ])('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  it('makes bcrypt hashes that verify', () => {
    const [user, hash] = render('{{ htpasswd "ann" "pässword" }}').split(':')
    expect(user).toBe('ann')
    expect(hash).toMatch(/^\$2a\$10\$/)
    expect(compareSync('pässword', hash!)).toBe(true)
    expect(compareSync('other', hash!)).toBe(false)
  })

  it.each([
    ['{{ decryptAES "k" "AAAA" }}', '3 bytes are no encrypted text'],
    ['{{ decryptAES "k" "*" }}', 'illegal base64 data at input byte 0'],
  ])('%s fails', (template, message) => {
    expect(() => render(template)).toThrow(message)
  })
})

describe('work on long texts', () => {
  it.each(['sha1sum', 'sha512sum', 'adler32sum'])('%s counts what it reads', (name) => {
    const loop = `{{ $text := repeat 1000000 "a" }}{{ range until 1000 }}{{ ${name} $text | trunc 1 }}{{ end }}`
    expect(() => render(loop)).toThrow(/more than \d+ bytes|limit/)
  })
})

describe('certificates', () => {
  const template = `{{ $ca := genCA "root é" 30 }}{{ $leaf := genSignedCert "leaf" (list "10.0.0.1" "::1") (list "a.example") 7 $ca -}}
    {{ dict "ca" $ca.Cert "leaf" $leaf.Cert "key" $leaf.Key | toJson }}`

  it('are signed by their authority', () => {
    const { ca, leaf, key } = JSON.parse(render(template)) as Record<'ca' | 'leaf' | 'key', string>
    const [root, signed] = [new X509Certificate(ca), new X509Certificate(leaf)]
    expect(root.ca).toBe(true)
    expect(root.verify(root.publicKey)).toBe(true)
    expect(signed.verify(root.publicKey)).toBe(true)
    expect(signed.checkIssued(root)).toBe(true)
    expect(signed.ca).toBe(false)
    expect(signed.subject).toBe('CN=leaf')
    expect(signed.subjectAltName).toBe('DNS:a.example, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1')
    expect(signed.checkPrivateKey(createPrivateKey(key))).toBe(true)
    expect(key).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
    expect(Date.parse(signed.validFrom)).toBe(testNowMs)
    expect(Date.parse(signed.validTo)).toBe(testNowMs + 7 * 86_400_000)
  })

  it.each([
    ['ec', { namedCurve: 'P-256' }, 'EC PRIVATE KEY'],
    ['ec', { namedCurve: 'P-521' }, 'EC PRIVATE KEY'],
    ['ed25519', {}, 'PRIVATE KEY'],
  ] as const)('take %s keys %o', (type, options, label) => {
    const { privateKey } = generateKeyPairSync(type as 'ec', options as { namedCurve: string })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const call = '{{ $c := genSelfSignedCertWithKey "x" nil nil 1 . }}{{ $c.Cert }}{{ $c.Key }}'
    const text = render(call, pem)
    const certificate = new X509Certificate(text)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(text).toContain(`-----BEGIN ${label}-----`)
  })

  it.each([
    ['{{ genSelfSignedCert "x" (list 1) nil 1 }}', 'error parsing ip: 1 is not a string'],
    ['{{ genSelfSignedCert "x" nil (list 1) 1 }}', 'error processing alternate dns name: 1 is not a string'],
    ['{{ genCA "x" 99999999 }}', 'cannot be valid for 99999999 days'],
    [
      '{{ genCAWithKey "x" 1 "secret stuff" }}',
      'parsing private key: expected an unencrypted private key in PEM form',
    ],
    ['{{ genSignedCert "x" nil nil 1 "ca" }}', 'sprig.certificate'],
    ['{{ buildCustomCert (b64enc "-----BEGIN CERTIFICATE-----") "" }}', 'error parsing certificate'],
  ])('%s fails', (call, message) => {
    expect(() => render(call)).toThrow(message)
  })

  it('count against the budget', () => {
    const runtime = newRuntime({ nowMs: testNowMs })
    const many = parseTemplate('{{ range until 100 }}{{ htpasswd "a" "b" | trunc 1 }}{{ end }}', {
      name: 'test',
      helpers,
    })
    expect(() => many.execute(null, runtime)).toThrow('limit')
  })
})
