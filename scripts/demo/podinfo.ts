import type { SampleSeries } from '../../test/stack/samples.ts'

export const MIB = 1_048_576
const DAY_S = 86_400

/** What the demo's Git repository holds: a workload whose memory somebody once guessed. */
export const PODINFO_FILES: Readonly<Record<string, string>> = {
  'apps/podinfo/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'apps/podinfo/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: podinfo
spec:
  replicas: 1
  selector: {matchLabels: {app: podinfo}}
  template:
    metadata: {labels: {app: podinfo}}
    spec:
      containers:
        - name: podinfod
          image: ghcr.io/stefanprodan/podinfo:6.9.2
          resources:
            requests: {memory: 64Mi}
            limits: {memory: 128Mi}
`,
}

const LABELS = { namespace: 'flux-system', pod: 'podinfo-6c5f8b7d9-x2x4x', container: 'podinfod' }

/** 30 days of memory at 5 minute steps: a daily wave, with one peak of `peakMib` eleven days ago. */
export function memoryHistory(nowSeconds: number, peakMib: number): SampleSeries[] {
  const samples: [number, number][] = []
  const peakAt = nowSeconds - 11 * DAY_S
  for (let at = nowSeconds - 30 * DAY_S; at < nowSeconds - 600; at += 300) {
    const wave = 0.6 + 0.2 * Math.sin((2 * Math.PI * at) / DAY_S)
    const isPeak = Math.abs(at - peakAt) <= 150
    samples.push([at, isPeak ? peakMib * MIB : Math.round(peakMib * wave) * MIB])
  }
  return metrics(samples)
}

/** One sample of now. */
export function memoryNow(nowSeconds: number, mib: number): SampleSeries[] {
  return metrics([[nowSeconds, mib * MIB]])
}

/** Both metrics: the working set, which right-sizing should go by, and the usage of the original recipe. */
function metrics(samples: readonly (readonly [number, number])[]): SampleSeries[] {
  return ['container_memory_working_set_bytes', 'container_memory_usage_bytes'].map((name) => ({
    name,
    labels: LABELS,
    samples,
  }))
}
