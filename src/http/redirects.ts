import type { HttpRequest, HttpResponse } from '../ports.ts'
import { ExchangeFault } from './faults.ts'

export const MAX_REDIRECTS = 3

/** The request that a redirect asks for, or undefined where the response is none. Throws ExchangeFault where it is refused. */
export function nextHop(request: HttpRequest, response: HttpResponse): HttpRequest | undefined {
  const location = response.headers['location']
  if (!isRedirect(response.status) || location === undefined) return undefined
  const status = String(response.status)
  if (request.carriesSecret)
    throw refused(`redirect (${status}) not followed, because the request carries a Secret`)
  const from = new URL(request.url)
  const to = parseTarget(location, from)
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw refused(`redirect (${status}) from https to http not followed`)
  return rewrite(request, to, response.status)
}

/** Browsers' rule: 303, and 301 or 302 after a POST, become a GET without body. */
function rewrite(request: HttpRequest, to: URL, status: number): HttpRequest {
  const keepsBody = status === 307 || status === 308
  const sameOrigin = new URL(request.url).origin === to.origin
  const { body, headers, ...rest } = request
  return {
    ...rest,
    url: to.href,
    method: keepsBody ? request.method : 'GET',
    ...(keepsBody && body !== undefined && { body }),
    // Another server gets none of the headers that were meant for the first.
    ...(sameOrigin && headers !== undefined && { headers }),
  }
}

function parseTarget(location: string, base: URL): URL {
  const to = URL.parse(location, base.href)
  if (to === null) throw refused('redirect to something that is no URL not followed')
  if (to.protocol !== 'http:' && to.protocol !== 'https:')
    throw refused('redirect to another scheme than http or https not followed')
  if (to.username !== '' || to.password !== '') throw refused('redirect to a URL with userinfo not followed')
  return to
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

function refused(message: string): ExchangeFault {
  return new ExchangeFault(message, { isTransient: false, disposition: 'stall' })
}
