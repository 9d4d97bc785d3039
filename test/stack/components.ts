import { join } from 'node:path'

/** One of the Go modules beside this file, and what is built from it. */
export interface GoModule {
  readonly name: string
  readonly dir: string
  /** File name → Go package, in the order in which they are built. */
  readonly binaries: Readonly<Record<string, string>>
  /** The module whose version is stamped into the binaries, which otherwise call themselves v0.0.0. */
  readonly stampedModule?: string
  /** Modules of go.mod's graph whose `config/crd/bases` are kept beside the binaries. */
  readonly crdModules: readonly string[]
}

function defineModule(
  name: string,
  binaries: Record<string, string>,
  extras: { readonly stampedModule?: string; readonly crdModules?: readonly string[] } = {},
): GoModule {
  return { name, dir: join(import.meta.dirname, name), binaries, crdModules: [], ...extras }
}

/** Servers needed first come first: building all of them takes about a quarter of an hour. */
export const GO_MODULES: readonly GoModule[] = [
  defineModule(
    'kubernetes',
    {
      etcd: 'go.etcd.io/etcd/server/v3',
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
    },
    { stampedModule: 'k8s.io/kubernetes' },
  ),
  defineModule(
    'flux',
    { 'kustomize-controller': 'github.com/fluxcd/kustomize-controller' },
    { crdModules: ['github.com/fluxcd/source-controller', 'github.com/fluxcd/kustomize-controller'] },
  ),
  defineModule('prometheus', {
    prometheus: 'github.com/prometheus/prometheus/cmd/prometheus',
    promtool: 'github.com/prometheus/prometheus/cmd/promtool',
  }),
  defineModule('kustomize', { kustomize: 'sigs.k8s.io/kustomize/kustomize/v5' }),
]

/** The module that a binary is built from. Throws for a name that no module has. */
export function moduleOf(binary: string): GoModule {
  const found = GO_MODULES.find((module) => Object.hasOwn(module.binaries, binary))
  if (found === undefined) throw new Error(`no part of the test stack is called ${binary}`)
  return found
}
