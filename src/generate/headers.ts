import type { HeadersRef } from '../api/types.ts'
import { readConfiguration } from './configuration.ts'
import { generatorError } from './errors.ts'
import type { GenerateContext } from './generator.ts'

export interface ReadHeaders {
  readonly headers: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
}

/** Headers that belong to the connection or to us (RFC 9110 §7.6.1), not to the one who asks. */
const NOT_SENT = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** What Node accepts in a header's value: tab, printable ASCII, and Latin-1. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Each key of the Secret or ConfigMap as a header, names in lower case. Those that cannot be sent are errors or warnings. */
export async function readHeaders(
  context: GenerateContext,
  ref: HeadersRef | undefined,
): Promise<ReadHeaders> {
  if (ref === undefined) return { headers: {}, warnings: [] }
  const headers: Record<string, string> = {}
  const warnings: string[] = []
  for (const [name, value] of await readConfiguration(context, ref)) {
    const source = `${ref.kind} ${ref.name}, key ${JSON.stringify(name)}`
    if (NOT_SENT.has(name.toLowerCase())) {
      warnings.push(`${source}: this header is not sent, it belongs to the connection`)
      continue
    }
    headers[name.toLowerCase()] = checkHeader(context, name, { value, source })
  }
  return { headers, warnings }
}

function checkHeader(
  context: GenerateContext,
  name: string,
  from: { value: string; source: string },
): string {
  // `echo token | base64` leaves a line end that nobody means.
  const value = from.value.replace(/[\r\n]+$/, '')
  if (!NAME.test(name))
    throw generatorError(`${context.path}.headersRef`, 'stall', `${from.source}: not a header name`)
  if (!VALUE.test(value))
    throw generatorError(
      `${context.path}.headersRef`,
      'stall',
      `${from.source}: the value has characters that a header cannot carry`,
    )
  return value
}
