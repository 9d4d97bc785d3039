import type { Readable } from 'node:stream'
import type { AxiosStatic } from 'axios'
import type { HttpRequest, HttpResponse } from '../ports.ts'
import type { AgentPair } from './agents.ts'
import { ExchangeFault, toFault } from './faults.ts'

/** Loads axios, which takes a while: when the first request is made, outside of its deadline. */
export async function loadTransport(): Promise<AxiosStatic> {
  const { default: axios } = await import('axios')
  return axios
}

/** One request, one answer: no redirect, no retry, no decompression. Throws ExchangeFault. */
export async function exchange(
  request: HttpRequest,
  agents: AgentPair,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const axios = await loadTransport()
  try {
    const response = await axios.request<Readable>({
      adapter: 'http',
      url: request.url,
      method: request.method,
      headers: requestHeaders(request),
      data: request.body,
      responseType: 'stream',
      // The body goes out as it is, and comes in as it is.
      transformRequest: [],
      transformResponse: [],
      decompress: false,
      maxRedirects: 0,
      maxBodyLength: Infinity,
      maxContentLength: Infinity,
      proxy: false,
      httpAgent: agents.http,
      httpsAgent: agents.https,
      validateStatus: () => true,
      signal,
    })
    const headers = flattenHeaders(response.headers)
    const body = await readBody(response.data, headers, { maxBytes: request.maxBytes, signal })
    return { status: response.status, headers, body }
  } catch (error) {
    throw toFault(error)
  }
}

function requestHeaders(request: HttpRequest): Record<string, string> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': 'gitopsset-controller',
  }
  if (request.body !== undefined) headers['content-type'] = 'application/json'
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value
  // Last: a compressed answer could grow a thousandfold while it is read.
  headers['accept-encoding'] = 'identity'
  return headers
}

function flattenHeaders(headers: unknown): Record<string, string> {
  const flat = Object.create(null) as Record<string, string>
  for (const [name, value] of Object.entries((headers ?? {}) as Record<string, unknown>)) {
    if (typeof value === 'string') flat[name.toLowerCase()] = value
    else if (Array.isArray(value)) flat[name.toLowerCase()] = value.join(', ')
  }
  return flat
}

async function readBody(
  stream: Readable,
  headers: Readonly<Record<string, string>>,
  limits: { maxBytes: number; signal: AbortSignal },
): Promise<string> {
  const stop = (): void => void stream.destroy(new Error('stopped'))
  limits.signal.addEventListener('abort', stop, { once: true })
  try {
    checkEncoding(headers['content-encoding'])
    checkLength(Number(headers['content-length'] ?? 0), limits.maxBytes)
    if (limits.signal.aborted) throw new ExchangeFault('stopped', { isTransient: false })
    return await collect(stream, limits.maxBytes)
  } finally {
    limits.signal.removeEventListener('abort', stop)
    stream.destroy()
  }
}

async function collect(stream: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    checkLength(bytes, maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes).toString('utf8')
}

function checkEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity') return
  throw new ExchangeFault('the answer is compressed although identity was asked for', { isTransient: false })
}

function checkLength(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return
  throw new ExchangeFault(
    `the answer is larger than ${String(maxBytes)} bytes; ask for less, or raise --max-response-bytes`,
    { isTransient: false },
  )
}
