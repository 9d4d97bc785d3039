import type { HttpClient } from '../ports.ts'

/** Requests under `from` go to `to` instead: an in-cluster address through a port-forward. */
export interface EndpointMapping {
  readonly from: URL
  readonly to: URL
}

/** Reads `FROM=TO`, two http(s) URLs without query. Throws an Error that says what is wrong. */
export function parseEndpointMapping(text: string): EndpointMapping {
  const at = text.search(/=https?:\/\//i)
  if (at < 1)
    throw new Error(`"${text}" is not FROM=TO, for example http://prometheus:9090=http://127.0.0.1:9090`)
  return { from: parseEndpoint(text.slice(0, at)), to: parseEndpoint(text.slice(at + 1)) }
}

/** Sends requests to where the mappings say; the first that fits counts. */
export function mappedClient(inner: HttpClient, mappings: readonly EndpointMapping[]): HttpClient {
  return {
    send(request, signal) {
      const url = mapUrl(request.url, mappings)
      return inner.send(url === request.url ? request : { ...request, url }, signal)
    },
  }
}

function mapUrl(text: string, mappings: readonly EndpointMapping[]): string {
  const url = URL.parse(text)
  if (url === null) return text
  const mapping = mappings.find(
    ({ from }) => from.origin === url.origin && isUnder(url.pathname, basePath(from)),
  )
  if (mapping === undefined) return text
  const rest = url.pathname.slice(basePath(mapping.from).length)
  return `${mapping.to.origin}${basePath(mapping.to)}${rest}${url.search}`
}

function isUnder(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}/`)
}

function basePath(url: URL): string {
  return url.pathname.replace(/\/+$/, '')
}

function parseEndpoint(text: string): URL {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.search !== '')
    throw new Error(`"${text}" is not an http or https URL without a query`)
  return url
}
