import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import { AppError } from '../errors.ts'

/** One page of a server: plain text out, nothing in. */
export type Page = () => Promise<{ status: number; contentType: string; body: string }>

const REQUEST_TIMEOUT_MS = 10_000

/**
 * Serves GET requests for the given paths until the signal aborts. Undefined: `address` turns it off (`0` or empty).
 * Resolves with the port once it listens; throws AppError where it cannot.
 */
export async function servePages(
  address: string,
  pages: Readonly<Record<string, Page>>,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (address === '' || address === '0') return undefined
  const { host, port } = parseAddress(address)
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined
    void answer(page, response)
  })
  server.requestTimeout = REQUEST_TIMEOUT_MS
  signal.addEventListener('abort', () => {
    server.close()
    server.closeAllConnections()
  })
  return listen(server, host, port)
}

async function answer(page: Page | undefined, response: ServerResponse): Promise<void> {
  const { status, contentType, body } =
    page === undefined ? { status: 404, contentType: 'text/plain', body: 'not found\n' } : await render(page)
  response.writeHead(status, { 'content-type': contentType }).end(body)
}

async function render(page: Page): ReturnType<Page> {
  try {
    return await page()
  } catch {
    return { status: 500, contentType: 'text/plain', body: 'internal error\n' }
  }
}

function listen(server: Server, host: string | undefined, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new AppError('ReconciliationFailed', 'stall', `cannot listen on port ${port}: ${error.message}`))
    })
    server.listen(port, host, () => {
      const bound = server.address()
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port)
    })
  })
}

/** `:8080`, `127.0.0.1:8080` or `[::1]:8080`. Throws AppError. */
function parseAddress(address: string): { host: string | undefined; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(address)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    throw new AppError('InvalidSpec', 'stall', `${JSON.stringify(address)} is not an address like :8080`)
  }
  const host = match[1] ?? match[2]
  return { host: host === '' ? undefined : host, port }
}
