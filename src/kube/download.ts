import http from 'node:http'
import https from 'node:https'
import type { IncomingMessage } from 'node:http'

/** Connections for downloads; the guarded ones of the HTTP client check every address when it is dialled. */
export interface DownloadAgents {
  readonly http: http.Agent
  readonly https: https.Agent
}

/** Starts a GET and resolves with the answer's head. Redirects are not followed, encodings are not asked for. */
export function startDownload(
  url: URL,
  agents: DownloadAgents | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const headers = { 'accept-encoding': 'identity', 'user-agent': 'gitopsset-controller' }
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? https.get(
            url,
            { headers, signal, ...(agents === undefined ? {} : { agent: agents.https }) },
            resolve,
          )
        : http.get(url, { headers, signal, ...(agents === undefined ? {} : { agent: agents.http }) }, resolve)
    request.on('error', reject)
  })
}
