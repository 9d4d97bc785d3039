import { homedir } from 'node:os'
import { join } from 'node:path'

/** What the surroundings say about the stack. Read here alone, so that the rest can be called with plain values. */
export interface StackEnvironment {
  /** Where built servers are kept, shared by every clone on the machine. */
  readonly cacheDir: string
  /** A folder with `etcd` and `kube-apiserver`, used instead of building them. */
  readonly assetsDir: string | undefined
  /** An existing cluster, used instead of starting one. */
  readonly kubeconfigPath: string | undefined
  /** Whether that cluster may be one that is not on this machine. */
  readonly allowsRemoteCluster: boolean
  /** What the Go toolchain is started with: proxies, module cache and so on stay the user's. */
  readonly goEnv: Readonly<Record<string, string>>
}

type Variables = Readonly<Record<string, string | undefined>>

/** Reads `XDG_CACHE_HOME`, `KUBEBUILDER_ASSETS`, `KUBECONFIG` and `GITOPSSET_TEST_CLUSTER`; an empty value counts as unset. */
export function readStackEnvironment(variables: Variables = process.env): StackEnvironment {
  return {
    cacheDir: join(variables['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'gitopsset-controller'),
    assetsDir: variables['KUBEBUILDER_ASSETS'] || undefined,
    kubeconfigPath: variables['KUBECONFIG'] || undefined,
    allowsRemoteCluster: variables['GITOPSSET_TEST_CLUSTER'] === 'allow',
    goEnv: { ...definedOnly(variables), CGO_ENABLED: '0' },
  }
}

function definedOnly(variables: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  )
}
