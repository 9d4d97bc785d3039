import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'

export interface LoopbackServer extends AsyncDisposable {
  readonly port: number
  /** Connections accepted so far. */
  readonly connections: () => number
  /** Requests received so far: method, path, headers and body. */
  readonly requests: ReceivedRequest[]
}

export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export type Handler = (
  request: ReceivedRequest,
  response: http.ServerResponse,
  socket: Socket,
) => void | Promise<void>

/** A server on a free loopback port; `tls` makes it https. */
export async function startServer(handler: Handler, tls?: TlsOptions): Promise<LoopbackServer> {
  const requests: ReceivedRequest[] = []
  const listener = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const received = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    }
    requests.push(received)
    await handler(received, response, request.socket)
  }
  const onRequest = (request: http.IncomingMessage, response: http.ServerResponse): void =>
    void listener(request, response).catch(() => response.destroy())
  const server: Server = tls === undefined ? http.createServer(onRequest) : https.createServer(tls, onRequest)
  return listen(server, requests)
}

async function listen(server: Server, requests: ReceivedRequest[]): Promise<LoopbackServer> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

/** A test certificate or key, by file name. */
export function pem(name: string): string {
  return readFileSync(new URL(`certs/${name}`, import.meta.url), 'utf8')
}
