import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = [Address, number]

/** What generators may call. Everything is permitted that no rule refuses: Prometheus lives on private addresses. */
export interface AddressRules {
  /** Generators may call loopback addresses: for development and tests. */
  readonly allowLoopback?: boolean
  /**
   * Host names, `*.suffix`, addresses or CIDRs. When any is given, generators may call only these. A host named here exactly,
   * by name or address, may be loopback or the API server too.
   */
  readonly allowHosts?: readonly string[]
  readonly denyCidrs?: readonly string[]
  /** `host` or `host:port` of the API server and of this process: refused unless allowed by name. */
  readonly protectedEndpoints?: readonly string[]
}

export interface AddressPolicy {
  /** Why `address` must not be dialled for `host`, or undefined where it may. `address` without brackets. */
  findRefusal(target: { host: string; address: string; port: number }): string | undefined
}

/** Never dialled, whatever the flags say. Sources: IANA special-purpose registries, the clouds' documentation. */
const ALWAYS_REFUSED: readonly (readonly [cidr: string, name: string])[] = [
  ['169.254.169.254/32', 'a cloud metadata address'],
  ['169.254.170.0/24', 'a cloud metadata address'],
  ['100.100.100.200/32', 'a cloud metadata address'],
  ['168.63.129.16/32', 'a cloud metadata address'],
  ['192.0.0.192/32', 'a cloud metadata address'],
  ['fd00:ec2::/32', 'a cloud metadata address'],
  ['fd20:ce::254/128', 'a cloud metadata address'],
  ['169.254.0.0/16', 'a link-local address'],
  ['fe80::/10', 'a link-local address'],
  ['fec0::/10', 'a site-local address'],
  ['0.0.0.0/8', 'an unspecified address'],
  ['::/128', 'an unspecified address'],
  ['224.0.0.0/4', 'a multicast address'],
  ['ff00::/8', 'a multicast address'],
  ['240.0.0.0/4', 'a reserved address'],
  ['64:ff9b::/96', 'an address translated to IPv4'],
  ['64:ff9b:1::/48', 'an address translated to IPv4'],
  ['::ffff:0:0:0/96', 'an address translated to IPv4'],
  ['2002::/16', 'an address tunnelled to IPv4'],
  ['2001::/32', 'an address tunnelled to IPv4'],
]

const LOOPBACK: readonly Range[] = [parseRange('127.0.0.0/8'), parseRange('::1/128')]
/** `::a.b.c.d`, long deprecated: some stacks still send it to the IPv4 address. Checked after `::` and `::1`. */
const IPV4_COMPATIBLE: Range = parseRange('::/96')
const REFUSED = ALWAYS_REFUSED.map(([cidr, name]) => ({ range: parseRange(cidr), name }))

/** Throws an Error that names the rule which is not an address, CIDR or host name. */
export function createAddressPolicy(rules: AddressRules): AddressPolicy {
  const allow = (rules.allowHosts ?? []).map(parseAllowed)
  const deny = (rules.denyCidrs ?? []).map(parseRange)
  const protectedEndpoints = (rules.protectedEndpoints ?? []).map(parseEndpoint)

  function findRefusal(target: { host: string; address: string; port: number }): string | undefined {
    if (isIP(target.address) === 0) return 'not an address'
    const address = ipaddr.process(target.address)
    const host = normalHost(target.host)
    const always = findAlwaysRefused(address)
    if (always !== undefined) return always
    if (deny.some((range) => isWithin(address, range))) return 'denied by the administrator (--deny-cidrs)'
    if (allow.some((rule) => rule.exact && rule.matches(host, address))) return undefined
    if (rules.allowLoopback !== true && LOOPBACK.some((range) => isWithin(address, range)))
      return 'a loopback address (--allow-loopback permits them)'
    if (protectedEndpoints.some((endpoint) => endpoint(host, address, target.port)))
      return 'the API server or the controller itself'
    if (allow.length > 0 && !allow.some((rule) => rule.matches(host, address)))
      return 'not among the permitted hosts (--allow-hosts)'
    return undefined
  }
  return { findRefusal }
}

/** Lower case, without brackets, trailing dots and IPv6 zone. */
export function normalHost(host: string): string {
  const bare = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host
  return bare.toLowerCase().replace(/\.+$/, '').replace(/%.*$/, '')
}

function findAlwaysRefused(address: Address): string | undefined {
  const known = REFUSED.find(({ range }) => isWithin(address, range))
  if (known !== undefined) return known.name
  const isLoopback = LOOPBACK.some((range) => isWithin(address, range))
  return !isLoopback && isWithin(address, IPV4_COMPATIBLE) ? 'an address translated to IPv4' : undefined
}

interface AllowRule {
  /** Names one host, not a group. */
  readonly exact: boolean
  matches(host: string, address: Address): boolean
}

function parseAllowed(text: string): AllowRule {
  if (text.includes('/')) {
    const range = parseRange(text)
    return { exact: false, matches: (_host, address) => isWithin(address, range) }
  }
  const name = normalHost(text)
  if (name.startsWith('*.')) {
    const suffix = name.slice(1)
    return { exact: false, matches: (host) => host.endsWith(suffix) }
  }
  if (name === '') throw new Error(`"${text}" is not a host`)
  const same = matchHost(name)
  return { exact: true, matches: same }
}

function parseEndpoint(text: string): (host: string, address: Address, port: number) => boolean {
  const match = /^(?<host>\[[^\]]+\]|[^:]+):(?<port>\d+)$/.exec(text)
  const same = matchHost(normalHost(match?.groups?.['host'] ?? text))
  const port = match?.groups?.['port'] === undefined ? undefined : Number(match.groups['port'])
  return (host, address, targetPort) => (port === undefined || port === targetPort) && same(host, address)
}

function matchHost(name: string): (host: string, address: Address) => boolean {
  if (isIP(name) === 0) return (host) => host === name
  const only = ipaddr.process(name).toNormalizedString()
  return (_host, address) => address.toNormalizedString() === only
}

function parseRange(cidr: string): Range {
  if (isIP(cidr) !== 0) {
    const address = ipaddr.process(cidr)
    return [address, address.kind() === 'ipv4' ? 32 : 128]
  }
  if (!ipaddr.isValidCIDR(cidr)) throw new Error(`"${cidr}" is not a CIDR, for example 10.0.0.0/8`)
  return ipaddr.parseCIDR(cidr)
}

function isWithin(address: Address, [base, bits]: Range): boolean {
  if (address.kind() !== base.kind()) return false
  return address.match(base, bits)
}
