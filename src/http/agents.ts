import { lookup as systemLookup } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Duplex } from 'node:stream'
import { callbackify } from 'node:util'
import { normalHost, type AddressPolicy } from './addresses.ts'
import { tlsIdentity, type TlsMaterial } from './tls-material.ts'

/** Addresses of a host name, all of them. */
export type Resolver = (host: string) => Promise<readonly string[]>

export const resolveBySystem: Resolver = async (host) => {
  const found = await systemLookup(host, { all: true, order: 'verbatim' })
  return found.map((entry) => entry.address)
}

/** The guard's refusal. Its message names host and reason, nothing else of the request. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
  /** Literal: the spec names the address; else DNS does, and may change its mind. */
  readonly isLiteral: boolean

  constructor(host: string, why: string, isLiteral: boolean) {
    super(`${host} is refused: ${why}`)
    this.isLiteral = isLiteral
  }
}

export interface AgentPair {
  readonly http: http.Agent
  readonly https: https.Agent
}

export interface AgentPool {
  agentsFor(tls: TlsMaterial | undefined): AgentPair
  /** Closes idle and busy connections. */
  close(): void
}

/** Idle connections of this many TLS identities are kept. */
const MAX_IDENTITIES = 64
const IDLE_MS = 30_000

interface ConnectOptions {
  host?: string | null
  port?: number | string | null
  lookup?: LookupFunction
}
type ConnectCallback = (error: Error | null, stream: Duplex) => void

/** Keep-alive connections whose every target is checked when it is dialled, so that DNS cannot change its answer in between. */
export function createAgentPool(policy: AddressPolicy, resolve: Resolver = resolveBySystem): AgentPool {
  const pairs = new Map<string, AgentPair>()

  function agentsFor(tls: TlsMaterial | undefined): AgentPair {
    const identity = tlsIdentity(tls)
    const pair = pairs.get(identity) ?? createPair(policy, resolve, tls)
    pairs.delete(identity)
    pairs.set(identity, pair)
    dropOldest(pairs)
    return pair
  }

  function close(): void {
    for (const pair of pairs.values()) destroyPair(pair)
    pairs.clear()
  }
  return { agentsFor, close }
}

function dropOldest(pairs: Map<string, AgentPair>): void {
  if (pairs.size <= MAX_IDENTITIES) return
  const [oldest] = pairs.keys()
  if (oldest === undefined) return
  // Requests under way on it finish: their sockets are no longer in the pool's hands.
  pairs.delete(oldest)
}

function destroyPair(pair: AgentPair): void {
  pair.http.destroy()
  pair.https.destroy()
}

function createPair(policy: AddressPolicy, resolve: Resolver, tls: TlsMaterial | undefined): AgentPair {
  const options = { keepAlive: true, maxFreeSockets: 4, timeout: IDLE_MS }
  return {
    http: guardAgent(new http.Agent(options), policy, resolve),
    https: guardAgent(new https.Agent({ ...options, ...tls }), policy, resolve),
  }
}

/**
 * Replaces the agent's way to connect. The lookup hook alone would not do: Node never calls it for IP literals.
 */
function guardAgent<T extends http.Agent>(agent: T, policy: AddressPolicy, resolve: Resolver): T {
  const guarded = agent as unknown as {
    createConnection(options: ConnectOptions, callback?: ConnectCallback): Duplex | null | undefined
  }
  const connect = guarded.createConnection.bind(agent)
  guarded.createConnection = (options, callback) => {
    const host = normalHost(options.host ?? '')
    const port = Number(options.port ?? 0)
    const refusal = isIP(host) === 0 ? undefined : policy.findRefusal({ host, address: host, port })
    if (refusal !== undefined) {
      const error = new AddressRefused(host, refusal, true)
      process.nextTick(() => callback?.(error, undefined as unknown as Duplex))
      return undefined
    }
    return connect({ ...options, lookup: guardedLookup(policy, resolve, port) }, callback)
  }
  return agent
}

/** Resolves once and hands over exactly the addresses that were checked: those are the ones dialled. */
function guardedLookup(policy: AddressPolicy, resolve: Resolver, port: number): LookupFunction {
  const lookUp = callbackify((host: string) => resolveChecked({ policy, resolve, host, port }))
  return (host, options, callback) => {
    lookUp(host, (error, addresses) => {
      if (error !== null) return callback(error, '')
      const found = addresses.map((address) => ({ address, family: isIP(address) }))
      const [first] = found
      if (options.all === true) callback(null, found)
      else callback(null, first?.address ?? '', first?.family)
    })
  }
}

/** One forbidden address among several refuses the host: an answer that mixes them is an attempt. */
async function resolveChecked(target: {
  policy: AddressPolicy
  resolve: Resolver
  host: string
  port: number
}): Promise<readonly string[]> {
  const { policy, host, port } = target
  const addresses = await target.resolve(host)
  if (addresses.length === 0) throw Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' })
  for (const address of addresses) {
    const refusal = policy.findRefusal({ host, address, port })
    if (refusal !== undefined) throw new AddressRefused(host, refusal, false)
  }
  return addresses
}
