import type { LocalRef } from '../api/types.ts'
import type { HttpRequest } from '../ports.ts'
import { readConfiguration } from './configuration.ts'
import { generatorError } from './errors.ts'
import type { GenerateContext } from './generator.ts'

/**
 * TLS settings of a Secret: `ca.crt` (or `caFile`), and `tls.crt` with `tls.key` for a client certificate. What is in
 * them is checked before anything is sent, by the HTTP client.
 */
export async function readTls(
  context: GenerateContext,
  ref: LocalRef | undefined,
): Promise<HttpRequest['tls'] | undefined> {
  if (ref === undefined) return undefined
  const data = await readConfiguration(context, { kind: 'Secret', name: ref.name })
  const ca = data.get('ca.crt') ?? data.get('caFile')
  const cert = data.get('tls.crt')
  const key = data.get('tls.key')
  if (ca === undefined && cert === undefined && key === undefined)
    throw generatorError(
      `${context.path}.secretRef`,
      'stall',
      `Secret ${ref.name} has none of the keys ca.crt, caFile, tls.crt, tls.key`,
    )
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}
