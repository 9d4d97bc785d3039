import { HostValue } from './value.ts'
import type { Value } from './value.ts'

/** Sprig's certificate: PEM texts of a certificate and its private key. */
export class GoCertificate extends HostValue {
  readonly typeName = 'sprig.certificate'
  readonly kind = 'struct'
  readonly cert: string
  readonly key: string

  constructor(cert: string, key: string) {
    super()
    this.cert = cert
    this.key = key
  }

  override toGoString(): string {
    return `{${this.cert} ${this.key}}`
  }

  override toJsonValue(): Value {
    return { Cert: this.cert, Key: this.key }
  }

  override field(name: string): Value | undefined {
    if (name === 'Cert') return this.cert
    return name === 'Key' ? this.key : undefined
  }
}
