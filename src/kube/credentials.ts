import type { FileSource } from './file-source.ts'

/** A client certificate and its key, PEM. */
export interface ClientCertificate {
  readonly cert: string
  readonly key: string
}

/** Proves to the API server who the controller is. */
export interface Credentials {
  /** Value of the Authorization header; undefined where a certificate, or nothing, does the job. */
  authorization(): Promise<string | undefined>
  /** The certificate to connect with; for plugins only known after `authorization()`. */
  certificate(): ClientCertificate | undefined
  /** After a 401: drop what is cached. False: asking again would give the same. */
  renew(): boolean
}

/** Credentials that do not change while the process runs. */
export function staticCredentials(
  authorization: string | undefined,
  certificate: ClientCertificate | undefined,
): Credentials {
  return { authorization: async () => authorization, certificate: () => certificate, renew: () => false }
}

/** A bearer token in a file that is rotated, as in a pod. Read again when the file changes, and after a 401. */
export function tokenFileCredentials(token: FileSource): Credentials {
  return {
    authorization: async () => `Bearer ${token.read().trim()}`,
    certificate: () => undefined,
    renew() {
      token.forget()
      return true
    },
  }
}

/** A certificate in files that are rotated; used for every new connection. */
export function certificateFileCredentials(cert: FileSource, key: FileSource): Credentials {
  return {
    authorization: async () => undefined,
    certificate: () => ({ cert: cert.read(), key: key.read() }),
    renew: () => false,
  }
}
