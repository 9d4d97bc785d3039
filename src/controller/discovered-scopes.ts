import type { ScopeResolver } from '../pipeline.ts'
import type { ClientFactory } from '../ports.ts'

/** Scopes as the API server tells them; a kind that it does not serve (yet) has none. */
export function discoveredScopes(clients: ClientFactory): ScopeResolver {
  const client = clients.clientFor({ kind: 'controller' })
  const nameOf = (kind: { group: string; version: string; kind: string }): string =>
    `${kind.group}/${kind.version}/${kind.kind}`
  return {
    resolve: async (kinds) => {
      const scopes = new Map<string, 'Namespaced' | 'Cluster' | undefined>()
      for (const kind of kinds) scopes.set(nameOf(kind), await client.findScope(kind))
      return (kind) => scopes.get(nameOf(kind))
    },
  }
}
