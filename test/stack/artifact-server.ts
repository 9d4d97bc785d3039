import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Tarball } from './tarball.ts'

/** Serves archives on loopback, as source-controller's storage does. */
export interface ArtifactServer extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string
  /** Paths asked for so far, oldest first. */
  readonly requests: readonly string[]
  /** Serves an archive at a path (which starts with a slash) and gives its URL. */
  publish(path: string, tarball: Tarball): string
  /** From now on the path answers 404. */
  withdraw(path: string): void
  stop(): Promise<void>
}

export async function startArtifactServer(): Promise<ArtifactServer> {
  const archives = new Map<string, Buffer>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    requests.push(path)
    const bytes = archives.get(path)
    if (bytes === undefined) response.writeHead(404).end('no such artifact')
    else response.writeHead(200, { 'content-type': 'application/gzip' }).end(bytes)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    url,
    requests,
    publish: (path, { bytes }) => {
      archives.set(path, bytes)
      return url + path
    },
    withdraw: (path) => {
      archives.delete(path)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
