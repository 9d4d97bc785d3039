import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findPath } from '../helpers/go/json-tree.ts'
import { yamlToJson } from '../helpers/go/yaml/read.ts'
import { waitFor } from '../test/stack/poll.ts'
import { startStack } from '../test/stack/stack.ts'
import type { Stack } from '../test/stack/stack.ts'
import { installCrds } from '../test/stack/crds.ts'
import { startController } from '../test/support/controller-process.ts'
import { MIB, PODINFO_FILES, memoryHistory, memoryNow } from './demo/podinfo.ts'
import { Reporter } from './demo/reporter.ts'

const ROOT = join(import.meta.dirname, '..')
const NAMESPACE = 'flux-system'
const SET = `/apis/sets.gitops.pro/v1alpha1/namespaces/${NAMESPACE}/gitopssets/podinfo`
const KUSTOMIZATION = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${NAMESPACE}/kustomizations/podinfo`
const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/podinfo`
const IN_CLUSTER_PROMETHEUS = 'http://prometheus.monitoring:9090'

interface Deployment {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } }
}

interface Container {
  readonly resources: {
    readonly requests: { readonly memory: string }
    readonly limits: { readonly memory: string }
  }
}

interface Kustomization {
  readonly spec: { readonly patches: readonly { readonly patch: string }[] }
}

interface SetObject {
  readonly metadata: { readonly generation: number }
  readonly status?: {
    readonly lastHandledReconcileAt?: string
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly message: string
    }[]
  }
}

/** The main job on real servers, told step by step. */
async function main(keep: boolean): Promise<void> {
  const out = new Reporter((text) => process.stdout.write(text))
  out.title('A GitOpsSet sizes a workload by what Prometheus has seen in 30 days')

  out.step(
    'Starting etcd, kube-apiserver, kube-controller-manager, Flux’s kustomize-controller and Prometheus',
  )
  await using stack = await startStack({
    parts: ['controller-manager', 'flux', 'prometheus'],
    ownCluster: true,
    onProgress: (line) => out.note(line),
  })
  out.note(`kube-apiserver ${stack.cluster.access.apiServerUrl}, Prometheus ${stack.prometheus.url}`)

  await fillIn(stack, out)
  out.step('Starting the controller')
  await using controller = await startController({ kubeconfigPath: stack.cluster.kubeconfigPath })
  out.note(`pid ${controller.pid}`)

  await firstSizing(stack, out)
  await higherPeak(stack, out)
  if (keep) await stayUp(stack, out)
  out.step('Stopping everything')
}

/** What is there before the product comes in: history, a Git artifact, and a Deployment somebody sized by guess. */
async function fillIn(stack: Stack, out: Reporter): Promise<void> {
  out.step('Writing 30 days of memory samples into Prometheus: at most 300 MiB, eleven days ago')
  await stack.prometheus.stop()
  await stack.prometheus.backfill(memoryHistory(nowSeconds(), 300))
  await stack.prometheus.start()

  out.step('Putting a workload into Git: podinfo, with a guessed request of 64Mi and limit of 128Mi')
  const { api } = stack.cluster
  await installCrds(api, join(ROOT, 'crds'))
  await stack.flux.publishGitRepository({ namespace: NAMESPACE, name: NAMESPACE, files: PODINFO_FILES })
  await api.apply(DEPLOYMENT, PODINFO_FILES['apps/podinfo/deployment.yaml'])
  out.resources('before', await resourcesOf(stack))
}

async function firstSizing(stack: Stack, out: Reporter): Promise<void> {
  const source = readFileSync(join(ROOT, 'examples/prometheus-right-sizing/set.yaml'), 'utf8')
  const manifest = source.replaceAll(IN_CLUSTER_PROMETHEUS, stack.prometheus.url)
  out.step('Applying examples/prometheus-right-sizing/set.yaml')
  await showQuery(stack, manifest, out)
  await stack.cluster.api.apply(SET, manifest)
  await waitFor('the set to be Ready', async () => isReady(await stack.cluster.api.get<SetObject>(SET)))
  await showResult(stack, '300Mi', out)
}

async function higherPeak(stack: Stack, out: Reporter): Promise<void> {
  out.step(
    'The workload now uses 1,200 MiB; an annotation asks for an evaluation instead of waiting 24 hours',
  )
  await stack.prometheus.push(memoryNow(nowSeconds(), 1_200))
  const { api } = stack.cluster
  const requestedAt = new Date().toISOString()
  await api.patch(SET, { metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': requestedAt } } })
  await waitFor('the request to be handled', async () => {
    const set = await api.get<SetObject>(SET)
    return set.status?.lastHandledReconcileAt === requestedAt && isReady(set)
  })
  await showQuery(stack, undefined, out)
  await showResult(stack, '1200Mi', out)
}

/** The query that the set asks, and what Prometheus answers to it now. */
async function showQuery(stack: Stack, manifest: string | undefined, out: Reporter): Promise<void> {
  const set = manifest === undefined ? await stack.cluster.api.get(SET) : yamlToJson(manifest)
  const generators = findPath(set as never, 'spec', 'generators')
  const endpoint = findPath(
    Array.isArray(generators) ? (generators[0] ?? null) : null,
    'apiClient',
    'endpoint',
  )
  if (typeof endpoint !== 'string') throw new Error('the set has no endpoint')
  out.field('query', new URL(endpoint).searchParams.get('query') ?? '')
  const response = await fetch(endpoint)
  const answer = (await response.json()) as { data: { result: { value: [number, string] }[] } }
  const bytes = Number(answer.data.result[0]?.value[1])
  out.field('answer', `${bytes} bytes (${bytes / MIB} MiB)`)
}

async function showResult(stack: Stack, request: string, out: Reporter): Promise<void> {
  const kustomization = await stack.cluster.api.get<Kustomization>(KUSTOMIZATION)
  out.block('rendered patch of the Kustomization', kustomization.spec.patches[0]?.patch ?? '')
  await waitFor(
    'the Deployment to follow',
    async () => (await resourcesOf(stack)).requests.memory === request,
  )
  out.resources('after', await resourcesOf(stack))
}

async function resourcesOf(stack: Stack): Promise<Container['resources']> {
  const deployment = await stack.cluster.api.get<Deployment>(DEPLOYMENT)
  const container = deployment.spec.template.spec.containers[0]
  if (container === undefined) throw new Error('the Deployment has no container')
  return container.resources
}

function isReady(set: SetObject): boolean {
  const ready = set.status?.conditions?.find((condition) => condition.type === 'Ready')
  return ready?.status === 'True'
}

async function stayUp(stack: Stack, out: Reporter): Promise<void> {
  out.step('Everything stays up until ctrl-c')
  out.note(`export KUBECONFIG=${stack.cluster.kubeconfigPath}`)
  out.note('kubectl get gitopssets,kustomizations,deployments -n flux-system')
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000)
}

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } })
try {
  await main(values.keep)
} catch (error) {
  process.stderr.write(`demo failed: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
