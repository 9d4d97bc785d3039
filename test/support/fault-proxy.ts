import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Agent, request } from 'undici'

/** What happens to a request instead of, or besides, being passed on. */
export type FaultAction =
  /** The connection is reset; the server does not see the request. */
  | { readonly kind: 'reset' }
  /** The server does what it is asked, then the connection is reset. */
  | { readonly kind: 'drop-answer' }
  /** Nothing is answered, and the server does not see the request. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly ms: number }
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: unknown
    }

export interface Fault {
  readonly when: (seen: SeenRequest) => boolean
  readonly action: FaultAction
  /** How many requests it hits; all, unless told. */
  readonly times?: number
}

export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly atMs: number
}

/** The server behind the proxy: only what is needed to reach it. */
export interface Upstream {
  readonly apiServerUrl: string
  readonly ca: string | undefined
}

/**
 * A loopback HTTP proxy in front of one API server, which does to its clients what networks and busy servers do. Clients talk plain HTTP
 * to it and bring their own credentials.
 */
export class FaultProxy implements AsyncDisposable {
  readonly seen: SeenRequest[] = []
  readonly #upstream: Upstream
  readonly #agent: Agent
  readonly #server = createServer((incoming, outgoing) => {
    this.#handle(incoming, outgoing).catch(() => outgoing.destroy())
  })
  readonly #sockets = new Set<Socket>()
  /** Watches that are being passed on, by what ends them. */
  readonly #streams = new Set<ServerResponse>()
  #faults: { fault: Fault; left: number }[] = []
  #silent = false
  #opened = 0

  private constructor(upstream: Upstream) {
    this.#upstream = upstream
    const connect = upstream.ca === undefined ? {} : { ca: upstream.ca }
    this.#agent = new Agent({ connect, headersTimeout: 0, bodyTimeout: 0, allowH2: false })
    this.#server.on('connection', (socket: Socket) => {
      this.#opened++
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(upstream: Upstream): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Connections that clients have opened so far. */
  get connectionsOpened(): number {
    return this.#opened
  }

  get connectionsNow(): number {
    return this.#sockets.size
  }

  /** From now on, until the returned function is called. The first fault that fits a request hits it. */
  inject(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY }
    this.#faults.push(entry)
    return () => {
      this.#faults = this.#faults.filter((other) => other !== entry)
    }
  }

  /** A black hole: connections stay open, but nothing comes out of them any more, neither for old requests nor for new ones. */
  silence(): void {
    this.#silent = true
  }

  heal(): void {
    this.#silent = false
    this.#faults = []
  }

  /** Resets every connection. */
  resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Sends one more line to every open watch, as if the server had. */
  sendToWatches(line: string): void {
    for (const stream of this.#streams) stream.write(`${line}\n`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await this.#agent.destroy()
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const seen = { method: incoming.method ?? '', url: incoming.url ?? '', atMs: performance.now() }
    this.seen.push(seen)
    if (this.#silent) return
    await this.#act(this.#take(seen), incoming, outgoing)
  }

  async #act(
    action: FaultAction | undefined,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    switch (action?.kind) {
      case 'hang':
        return
      case 'reset':
        incoming.socket.resetAndDestroy()
        return
      case 'answer': {
        const headers = { 'content-type': 'application/json', ...action.headers }
        outgoing.writeHead(action.status, headers).end(JSON.stringify(action.body ?? {}))
        return
      }
      case 'delay':
        await new Promise<void>((resolve) => setTimeout(resolve, action.ms))
        break
      case 'drop-answer':
      case undefined:
    }
    await this.#forward(incoming, outgoing, action?.kind === 'drop-answer')
  }

  #take(seen: SeenRequest): FaultAction | undefined {
    const entry = this.#faults.find(({ fault, left }) => left > 0 && fault.when(seen))
    if (entry === undefined) return undefined
    entry.left--
    return entry.fault.action
  }

  async #forward(incoming: IncomingMessage, outgoing: ServerResponse, dropsAnswer: boolean): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of incoming as AsyncIterable<Uint8Array>) chunks.push(chunk)
    const ended = new AbortController()
    outgoing.on('close', () => ended.abort())
    const { host: _host, connection: _connection, ...headers } = incoming.headers
    const answer = await request(`${this.#upstream.apiServerUrl}${incoming.url}`, {
      dispatcher: this.#agent,
      method: incoming.method ?? 'GET',
      headers,
      body: chunks.length === 0 ? null : Buffer.concat(chunks),
      signal: ended.signal,
    })
    if (dropsAnswer) {
      await answer.body.dump()
      incoming.socket.resetAndDestroy()
      return
    }
    const { connection: _hop, 'transfer-encoding': _encoding, ...passed } = answer.headers
    outgoing.writeHead(answer.statusCode, passed as Record<string, string | string[]>)
    outgoing.flushHeaders()
    await this.#pass(answer.body, outgoing)
  }

  async #pass(body: AsyncIterable<Uint8Array>, outgoing: ServerResponse): Promise<void> {
    this.#streams.add(outgoing)
    try {
      for await (const chunk of body) if (!this.#silent) outgoing.write(chunk)
      if (!this.#silent) outgoing.end()
    } finally {
      this.#streams.delete(outgoing)
    }
  }
}
