import { createHash } from 'node:crypto'
import type { HttpRequest, HttpResponse } from '../../ports.ts'

/** Answers with their ETags: a forge that has nothing new says so in a few bytes, which do not count as a request. */
export interface EtagCache {
  /** Sends the request, made conditional where an answer to it is known: that one, where the forge says that it still holds. */
  ask(request: HttpRequest, send: (request: HttpRequest) => Promise<HttpResponse>): Promise<HttpResponse>
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
    async ask(request, send) {
      const key = keyOf(request)
      const earlier = known.get(key)
      const response = await send(earlier === undefined ? request : conditional(request, earlier))
      // What the question was about may have been dropped meanwhile, but is still at hand.
      const answer = response.status === 304 ? (earlier ?? response) : response
      if (answer.status === 200 && answer.headers['etag'] !== undefined) keep(key, answer)
      return answer
    },
  }
}

function conditional(request: HttpRequest, earlier: HttpResponse): HttpRequest {
  const etag = earlier.headers['etag'] ?? ''
  return { ...request, headers: { ...request.headers, 'if-none-match': etag } }
}

/** Of address and credentials: what one token may see is not for another. */
function keyOf(request: HttpRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([request.url, request.headers]))
    .digest('hex')
}
