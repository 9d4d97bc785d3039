import { isIPv6 } from 'node:net'
import { HelperError } from '../define.ts'
import { fromByteChars, toByteChars } from './byte-chars.ts'
import { quoteString } from './quote.ts'

/** The parts of a URL as Go's net/url names them, decoded except for the query and the user information. */
export interface UrlParts {
  readonly scheme: string
  readonly userinfo: string
  readonly host: string
  readonly path: string
  readonly query: string
  readonly fragment: string
  /** What follows the scheme where it does not start with a slash, as in `mailto:a@b.c`. */
  readonly opaque: string
}

type Component = 'path' | 'fragment' | 'userinfo' | 'host' | 'zone'

/** Characters that stay as they are in a component. */
const hostBytes = /[\w.~!"$&'()*+,\-:;<=>[\]]/
const plainBytes: Readonly<Record<Component, RegExp>> = {
  path: /[\w.~$&+,\-/:;=@]/,
  fragment: /[\w.~!$&()*+,\-/:;=?@]/,
  userinfo: /[\w.~$&+,\-;=]/,
  host: hostBytes,
  zone: hostBytes,
}

/** Why a URL cannot be read; {@link parseUrl} adds the URL. */
class UrlFailure extends Error {}

/** Splits a URL as Go's url.Parse does. @throws HelperError with Go's text. */
export function parseUrl(text: string): UrlParts {
  const [url, fragment] = cut(text, '#')
  const parts = failAt(url, () => parseWithoutFragment(toByteChars(url)))
  return { ...parts, fragment: failAt(text, () => unescape(toByteChars(fragment), 'fragment')) }
}

/** Longer URLs are cut in errors. */
const maxQuotedChars = 512

function failAt<T>(url: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof UrlFailure)
      throw new HelperError(`parse ${quoteString(url.slice(0, maxQuotedChars))}: ${error.message}`)
    throw error
  }
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

const noParts: UrlParts = {
  scheme: '',
  userinfo: '',
  host: '',
  path: '',
  query: '',
  fragment: '',
  opaque: '',
}

function parseWithoutFragment(url: string): UrlParts {
  if (hasControlByte(url)) throw new UrlFailure('net/url: invalid control character in URL')
  if (url === '*') return { ...noParts, path: '*' }
  const [scheme, afterScheme] = splitScheme(url)
  const [rest, rawQuery] = cut(afterScheme, '?')
  const query = fromByteChars(rawQuery)
  if (!rest.startsWith('/') && scheme !== '') {
    return { ...noParts, scheme, query, opaque: fromByteChars(rest) }
  }
  return { ...noParts, scheme, query, ...parseHierarchy(scheme, rest) }
}

type Hierarchy = Pick<UrlParts, 'path'> & Partial<Pick<UrlParts, 'userinfo' | 'host'>>

/** The part between scheme and query: `//authority/path`, or only a path. */
function parseHierarchy(scheme: string, rest: string): Hierarchy {
  if (!rest.startsWith('/') && cut(rest, '/')[0].includes(':')) {
    throw new UrlFailure('first path segment in URL cannot contain colon')
  }
  if (!rest.startsWith('//') || (scheme === '' && rest.startsWith('///'))) {
    return { path: unescape(rest, 'path') }
  }
  const slash = rest.indexOf('/', 2)
  const end = slash < 0 ? rest.length : slash
  return { ...parseAuthority(scheme, rest.slice(2, end)), path: unescape(rest.slice(end), 'path') }
}

function hasControlByte(bytes: string): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes.charCodeAt(at)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}

function splitScheme(url: string): [scheme: string, rest: string] {
  if (url.startsWith(':')) throw new UrlFailure('missing protocol scheme')
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)
  return match === null ? ['', url] : [match[1]?.toLowerCase() ?? '', url.slice(match[0].length)]
}

function parseAuthority(scheme: string, authority: string): Pick<UrlParts, 'userinfo' | 'host'> {
  const at = authority.lastIndexOf('@')
  const host = parseHost(scheme, authority.slice(at + 1))
  return { host, userinfo: at < 0 ? '' : normalizeUserinfo(authority.slice(0, at)) }
}

/** User and password decoded and encoded again, which makes the escapes uniform. */
function normalizeUserinfo(userinfo: string): string {
  if (!/^[\w.:~!$&'()*+,;=%@-]*$/.test(userinfo)) throw new UrlFailure('net/url: invalid userinfo')
  const [user, password] = cut(userinfo, ':')
  const name = escape(unescape(user, 'userinfo'), 'userinfo')
  return userinfo.includes(':') ? `${name}:${escape(unescape(password, 'userinfo'), 'userinfo')}` : name
}

function parseHost(scheme: string, host: string): string {
  const open = host.lastIndexOf('[')
  if (open > 0) throw new UrlFailure('invalid IP-literal')
  if (open === 0) return parseIpLiteral(host)
  const isStrict = scheme === 'http' || scheme === 'https'
  const colon = isStrict ? host.indexOf(':') : host.lastIndexOf(':')
  if (colon >= 0) checkPort(host.slice(colon))
  return unescape(host, 'host')
}

/** `[::1]:80`, also with a zone: `[fe80::1%25en0]`. */
function parseIpLiteral(host: string): string {
  const close = host.lastIndexOf(']')
  if (close < 0) throw new UrlFailure("missing ']' in host")
  const port = host.slice(close + 1)
  checkPort(port)
  const inside = host.slice(1, close)
  const zoneAt = inside.indexOf('%25')
  const address = unescape(zoneAt < 0 ? inside : inside.slice(0, zoneAt), 'host')
  const zone = zoneAt < 0 ? '' : unescape(inside.slice(zoneAt), 'zone')
  if (!isIPv6(address) || zone === '%')
    throw new UrlFailure(`invalid host: ${quoteString(inside)} is no IPv6 address`)
  return `[${address}${zone}]${port}`
}

function checkPort(port: string): void {
  if (/^(?::[0-9]*)?$/.test(port)) return
  throw new UrlFailure(`invalid port ${quoteString(fromByteChars(port))} after host`)
}

/** Decodes percent escapes of a component, whose bytes are given one per character. */
function unescape(bytes: string, component: Component): string {
  const decoded = bytes.replace(/%.{0,2}|[^%]/gs, (part) => {
    if (!part.startsWith('%')) return checkHostByte(part, component)
    if (!/^%[0-9a-fA-F]{2}$/.test(part)) throw badEscape(part)
    const byte = Number.parseInt(part.slice(1), 16)
    if (!isAllowedEscape(byte, component)) throw badEscape(part)
    return String.fromCharCode(byte)
  })
  return fromByteChars(decoded)
}

function checkHostByte(byte: string, component: Component): string {
  const isHost = component === 'host' || component === 'zone'
  if (!isHost || byte > '\x7f' || hostBytes.test(byte)) return byte
  throw new UrlFailure(`invalid character ${quoteString(byte)} in host name`)
}

/** Hosts may escape only what is not ASCII, and `%25`; zones also what a host may hold, and spaces. */
function isAllowedEscape(byte: number, component: Component): boolean {
  if (byte === 0x25) return true
  if (component === 'host') return byte >= 0x80
  if (component !== 'zone') return true
  return byte === 0x20 || hostBytes.test(String.fromCharCode(byte))
}

function badEscape(escape: string): UrlFailure {
  return new UrlFailure(`invalid URL escape ${quoteString(fromByteChars(escape))}`)
}

function escape(text: string, component: Component): string {
  return toByteChars(text).replace(/[^]/g, (byte) => {
    if (plainBytes[component].test(byte)) return byte
    return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

/** The host without port and brackets. */
export function hostnameOf(host: string): string {
  const name = host.replace(/:[0-9]*$/, '')
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name
}

/** Checks and normalises the user information of a URL that is put together. */
export function parseUserinfo(userinfo: string): string {
  return userinfo === '' ? '' : parseUrl(`proto://${userinfo}@host`).userinfo
}

/** The text of a URL, as Go's URL.String. */
export function formatUrl(parts: UrlParts): string {
  const prefix = parts.scheme === '' ? '' : `${parts.scheme}:`
  const query = parts.query === '' ? '' : `?${parts.query}`
  const fragment = parts.fragment === '' ? '' : `#${escape(parts.fragment, 'fragment')}`
  const middle = parts.opaque === '' ? formatHierarchy(parts, prefix) : parts.opaque
  return prefix + middle + query + fragment
}

function formatHierarchy({ scheme, userinfo, host, path }: UrlParts, prefix: string): string {
  const escapedPath = path === '*' ? path : escape(path, 'path')
  if (userinfo !== '' || host !== '' || (scheme !== '' && path !== '')) {
    return `//${formatAuthority(userinfo, host)}${needsSlash(host, path) ? '/' : ''}${escapedPath}`
  }
  const looksLikeScheme = prefix === '' && cut(escapedPath, '/')[0].includes(':')
  return (looksLikeScheme ? './' : '') + escapedPath
}

function formatAuthority(userinfo: string, host: string): string {
  return (userinfo === '' ? '' : `${userinfo}@`) + escape(host, 'host')
}

function needsSlash(host: string, path: string): boolean {
  return host !== '' && path !== '' && !path.startsWith('/')
}
