import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { load } from 'js-yaml'

/** How to reach an API server. PEM texts, not paths. */
export interface ClusterAccess {
  readonly kubeconfigPath: string
  readonly apiServerUrl: string
  readonly ca: string | undefined
  readonly token: string | undefined
  readonly clientCert: string | undefined
  readonly clientKey: string | undefined
}

/** A cluster or a user. */
type Section = Readonly<Record<string, string>>

interface Kubeconfig {
  readonly 'current-context'?: string
  readonly contexts?: readonly {
    readonly name: string
    readonly context: { cluster: string; user: string }
  }[]
  readonly clusters?: readonly { readonly name: string; readonly cluster: Section }[]
  readonly users?: readonly { readonly name: string; readonly user: Section }[]
}

/** Writes a kubeconfig with one context. JSON is YAML, so no serializer is needed. */
export function writeKubeconfig(
  path: string,
  { apiServerUrl, ca, token }: { readonly apiServerUrl: string; readonly ca: string; readonly token: string },
): void {
  const name = 'gitopsset-stack'
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: {
          server: apiServerUrl,
          'certificate-authority-data': Buffer.from(ca).toString('base64'),
        },
      },
    ],
    users: [{ name, user: { token } }],
  }
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
}

/** Reads the current context. Throws when it has no credentials that work without starting a program. */
export function readKubeconfig(path: string): ClusterAccess {
  const { cluster, user } = currentContext(path)
  const pem = (source: Section, field: string): string | undefined => {
    const data = source[`${field}-data`]
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8')
    const file = source[field]
    return file === undefined ? undefined : readFileSync(resolve(dirname(path), file), 'utf8')
  }
  const token = user['token']
  const clientCert = pem(user, 'client-certificate')
  if (token === undefined && clientCert === undefined) {
    throw new Error(`${path}: the test stack needs a token or a client certificate, and the user has neither`)
  }
  return {
    kubeconfigPath: path,
    apiServerUrl: cluster['server']!.replace(/\/$/, ''),
    ca: pem(cluster, 'certificate-authority'),
    token,
    clientCert,
    clientKey: pem(user, 'client-key'),
  }
}

function currentContext(path: string): { readonly cluster: Section; readonly user: Section } {
  const config = load(readFileSync(path, 'utf8')) as Kubeconfig
  const name = config['current-context']
  const context = config.contexts?.find((entry) => entry.name === name)?.context
  const cluster = config.clusters?.find((entry) => entry.name === context?.cluster)?.cluster
  const user = config.users?.find((entry) => entry.name === context?.user)?.user
  if (cluster?.['server'] === undefined || user === undefined) {
    throw new Error(`${path} has no complete context called ${name}`)
  }
  return { cluster, user }
}
