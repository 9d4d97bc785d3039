import { createHash } from 'node:crypto'
import type { HttpRequest, HttpResponse } from '../../ports.ts'

/** Answers with their ETags: a forge that has nothing new says so in a few bytes, which do not count as a request. */
export interface EtagCache {
  /** The request, made conditional where an answer to it is known. */
  condition(request: HttpRequest): HttpRequest
  /** The answer itself, or the known one where the forge says that it still holds. */
  resolve(request: HttpRequest, response: HttpResponse): HttpResponse
}

const MAX_ENTRIES = 500
const MAX_CHARS = 16 * 1024 * 1024

export function createEtagCache(): EtagCache {
  const known = new Map<string, HttpResponse>()
  let chars = 0

  function drop(key: string): void {
    chars -= known.get(key)?.body.length ?? 0
    known.delete(key)
  }

  function keep(key: string, response: HttpResponse): void {
    drop(key)
    known.set(key, response)
    chars += response.body.length
    for (const oldest of known.keys()) {
      if (known.size <= MAX_ENTRIES && chars <= MAX_CHARS) return
      drop(oldest)
    }
  }

  return {
    condition(request) {
      const etag = known.get(keyOf(request))?.headers['etag']
      return etag === undefined
        ? request
        : { ...request, headers: { ...request.headers, 'if-none-match': etag } }
    },
    resolve(request, response) {
      const key = keyOf(request)
      const earlier = known.get(key)
      if (response.status === 304 && earlier !== undefined) return earlier
      if (response.status === 200 && response.headers['etag'] !== undefined) keep(key, response)
      return response
    },
  }
}

/** Of address and credentials: what one token may see is not for another. */
function keyOf(request: HttpRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([request.url, request.headers]))
    .digest('hex')
}
