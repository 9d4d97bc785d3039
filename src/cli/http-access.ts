import { AppError } from '../errors.ts'
import type { HttpClient } from '../ports.ts'
import { UsageError } from './context.ts'
import type { RenderSettings } from './render-settings.ts'

/**
 * HTTP for generators as the flags want it: none, from recordings, or the guarded client, redirected and recorded.
 * Loopback is allowed: it is the user's own machine. Libraries are loaded with the first request. Throws UsageError.
 */
export async function openHttpAccess(settings: RenderSettings, evaluatedAtMs: number): Promise<HttpClient> {
  if (settings.replay !== undefined) {
    const { replayClient } = await import('../http/record.ts')
    return replayClient(settings.replay)
  }
  if (settings.withoutNetwork) return noHttp
  const mapped = await withEndpoints(lazyHttp(), settings.endpoints)
  if (settings.record === undefined) return mapped
  const { recordingClient } = await import('../http/record.ts')
  return recordingClient(mapped, { dir: settings.record, evaluatedAtMs })
}

const noHttp: HttpClient = {
  send: ({ url }) => {
    const host = URL.parse(url)?.host ?? 'the endpoint'
    const message = `asking ${host} needs the network, and --offline is set; use --replay`
    return Promise.reject(new AppError('GeneratorFailed', 'stall', message))
  },
}

function lazyHttp(): HttpClient {
  let client: Promise<HttpClient> | undefined
  const open = async () => (await import('../http/client.ts')).createHttpClient({ allowLoopback: true })
  return {
    send: async (request, signal) => (await (client ??= open())).send(request, signal),
  }
}

async function withEndpoints(client: HttpClient, endpoints: readonly string[]): Promise<HttpClient> {
  if (endpoints.length === 0) return client
  const { mappedClient, parseEndpointMapping } = await import('../http/mapped.ts')
  try {
    return mappedClient(client, endpoints.map(parseEndpointMapping))
  } catch (error) {
    throw new UsageError(`--endpoint: ${error instanceof Error ? error.message : 'not FROM=TO'}`)
  }
}
