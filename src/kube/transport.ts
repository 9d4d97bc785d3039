import type { Dispatcher, buildConnector } from 'undici'
import { AppError } from '../errors.ts'
import type { Connection, TlsSettings } from './connection.ts'

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute path with query, sent byte for byte. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** Watches hold their connection for minutes, so they do not take one of the calls'. */
  readonly pool: 'calls' | 'watches'
}

export interface TransportResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Ends with an error when the signal aborts. Must be read or left by `break`, which closes the connection. */
  readonly body: AsyncIterable<Uint8Array>
}

/** Sends requests and nothing more: no retries, no redirects, no time limits but the signal's. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportResponse>
  /** Ends every connection at once. */
  close(): Promise<void>
}

const MAX_CALL_CONNECTIONS = 16
/** More than the controller ever opens: a watch that had to wait for a connection would see nothing. */
const MAX_WATCH_CONNECTIONS = 1_024
const CONNECT_TIMEOUT_MS = 5_000
const KEEP_ALIVE_MS = 30_000

/** Keep-alive HTTP/1.1 connections to one API server: at most 16 for calls, and one for each watch. */
export async function openTransport(connection: Connection): Promise<Transport> {
  // Loaded here because it takes about 0.1 s, which commands that never talk to a cluster should not pay.
  const undici = await import('undici')
  const url = new URL(connection.server)
  const connect = rotatingConnector(connection, undici.buildConnector)
  const open = (connections: number): Dispatcher => {
    const options = { connections, pipelining: 1, allowH2: false, keepAliveTimeout: KEEP_ALIVE_MS }
    if (connection.proxyUrl === undefined) return new undici.Agent({ ...options, connect })
    const uri = checkProxy(connection.proxyUrl)
    return new undici.ProxyAgent({ ...options, uri, requestTls: toTlsOptions(connection.tls()) })
  }
  const pools = { calls: open(MAX_CALL_CONNECTIONS), watches: open(MAX_WATCH_CONNECTIONS) }
  const basePath = url.pathname === '/' ? '' : url.pathname

  return {
    async send(request) {
      const response = await pools[request.pool].request({
        origin: url.origin,
        method: request.method,
        path: `${basePath}${request.path}`,
        headers: request.headers,
        body: request.body ?? null,
        signal: request.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      })
      return { status: response.statusCode, headers: response.headers, body: response.body }
    },
    async close() {
      await Promise.all([pools.calls.destroy(), pools.watches.destroy()])
    },
  }
}

/** Connects with the CA and certificate of the moment; sessions are kept as long as these stay the same. */
function rotatingConnector(connection: Connection, build: typeof buildConnector): buildConnector.connector {
  let stamp = ''
  let connector: buildConnector.connector | undefined
  return (options, callback) => {
    let tls: TlsSettings
    try {
      tls = connection.tls()
    } catch (error) {
      callback(error instanceof Error ? error : new Error('TLS settings cannot be read'), null)
      return
    }
    const current = JSON.stringify(tls)
    if (connector === undefined || current !== stamp) {
      connector = build({ ...toTlsOptions(tls), allowH2: false, timeout: CONNECT_TIMEOUT_MS })
      stamp = current
    }
    connector(tls.serverName === undefined ? options : { ...options, servername: tls.serverName }, callback)
  }
}

function toTlsOptions(tls: TlsSettings): {
  ca?: string
  cert?: string
  key?: string
  rejectUnauthorized: boolean
} {
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    rejectUnauthorized: tls.skipVerify !== true,
  }
}

function checkProxy(proxyUrl: string): string {
  const protocol = URL.canParse(proxyUrl) ? new URL(proxyUrl).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return proxyUrl
  throw new AppError(
    'ReconciliationFailed',
    'stall',
    'the kubeconfig names a proxy-url that is not http or https',
  )
}
