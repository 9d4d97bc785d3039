import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ClusterCredentials {
  /** Bearer token of a member of `system:masters`. */
  readonly token: string
  /** For `--token-auth-file`. */
  readonly tokenFile: string
  /** Private key that service account tokens are signed with. */
  readonly serviceAccountKeyFile: string
}

/** Writes new credentials for one API server. They live as long as the stack's folder. */
export function createCredentials(dir: string): ClusterCredentials {
  const token = randomBytes(24).toString('hex')
  const tokenFile = join(dir, 'tokens.csv')
  writeFileSync(tokenFile, `${token},stack-admin,stack-admin,system:masters\n`, { mode: 0o600 })

  const serviceAccountKeyFile = join(dir, 'service-account.key')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'sec1', format: 'pem' })
  writeFileSync(serviceAccountKeyFile, pem, { mode: 0o600 })
  return { token, tokenFile, serviceAccountKeyFile }
}
