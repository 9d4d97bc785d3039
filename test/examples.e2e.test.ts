import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { useCluster } from './support/cluster.ts'
import { listExamples } from './support/example-files.ts'
import { applyExample, installExampleCrds, type AppliedExample } from './support/example-cluster.ts'

const cluster = useCluster()
const { api } = cluster
beforeAll(async () => installExampleCrds(api))
afterAll(async () => api.close())

interface Spec<T = Record<string, unknown>> {
  spec: T
}

/** Applies an example before the tests of a suite, and removes it after them. */
function useExample(setFile: string): () => AppliedExample {
  let applied: AppliedExample | undefined
  beforeAll(async () => {
    applied = await applyExample(cluster, setFile)
  })
  afterAll(async () => applied?.remove())
  return () => applied!
}

const utilisation = (name: string, averageUtilization: number) => ({
  type: 'Resource',
  resource: { name, target: { type: 'Utilization', averageUtilization } },
})

const inDetail = ['dremio-autoscaling', 'dremio-metric-scaling', 'node-pool', 'flux-minicluster']
const others = listExamples().filter(({ name }) => !inDetail.includes(name))

it.each(others.flatMap(({ setFiles }) => setFiles))(
  'the API server takes what %s renders',
  async (setFile) => {
    const applied = await applyExample(cluster, setFile)
    expect(applied.objects.length).toBeGreaterThan(0)
    await applied.remove()
  },
)

describe('dremio-autoscaling', () => {
  const example = useExample('examples/dremio-autoscaling/set.yaml')
  const scaleDown = {
    stabilizationWindowSeconds: 300,
    selectPolicy: 'Max',
    policies: [{ type: 'Pods', value: 1, periodSeconds: 600 }],
  }
  const scaleUp = {
    stabilizationWindowSeconds: 300,
    selectPolicy: 'Max',
    policies: [{ type: 'Percent', value: 900, periodSeconds: 60 }],
  }

  const specOf = async (name: string) => (await example().get<Spec>('HorizontalPodAutoscaler', name)).spec

  it('scales the default engine as the chart does', async () => {
    expect(await specOf('dremio-executor')).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'dremio-executor' },
      minReplicas: 3,
      maxReplicas: 50,
      metrics: [utilisation('cpu', 70), utilisation('memory', 70)],
      behavior: { scaleUp, scaleDown },
    })
  })

  it('gives an engine what it overrides, and the defaults for the rest', async () => {
    expect(await specOf('dremio-executor-big')).toMatchObject({
      minReplicas: 3,
      maxReplicas: 10,
      metrics: [utilisation('cpu', 50), utilisation('memory', 70)],
      behavior: { scaleUp, scaleDown },
    })
  })

  it('adds an engine’s own metrics and policies to the default ones', async () => {
    const own = { type: 'Pods', value: 2, periodSeconds: 10 }
    const waiting = {
      type: 'Pods',
      pods: {
        metric: { name: 'threads_waiting_count' },
        target: { type: 'AverageValue', averageValue: '20' },
      },
    }
    const spec = (await specOf('dremio-executor-reflections')) as { metrics: unknown[]; behavior: unknown }
    expect(spec.metrics).toHaveLength(3)
    expect(spec.metrics).toEqual(
      expect.arrayContaining([utilisation('cpu', 70), utilisation('memory', 70), waiting]),
    )
    expect(spec.behavior).toMatchObject({
      scaleUp: { policies: [...scaleUp.policies, own] },
      scaleDown: { policies: [...scaleDown.policies, own] },
    })
  })

  it('scrapes every 10 seconds, and installs what scraping and scaling need', async () => {
    expect((await example().get<Spec>('PodMonitor', 'dremio-executor')).spec).toMatchObject({
      podMetricsEndpoints: [{ path: '/metrics', port: 'prometheus', interval: '10s' }],
    })
    const valuesOf = async (name: string) => (await example().get<Spec>('HelmRelease', name)).spec['values']
    expect(await valuesOf('kube-prometheus-stack')).toEqual({
      prometheus: { prometheusSpec: { podMonitorSelectorNilUsesHelmValues: false } },
    })
    expect(await valuesOf('prometheus-adapter')).toEqual({
      prometheus: { url: 'http://prometheus-operated.monitoring.svc', port: 9090 },
    })
    expect((await example().get<Spec>('HelmRelease', 'metrics-server')).spec).toMatchObject({
      chart: { spec: { chart: 'metrics-server' } },
    })
  })
})

describe('dremio-metric-scaling', () => {
  const example = useExample('examples/dremio-metric-scaling/set.yaml')

  it('runs executors with ports, parameters, annotations, hooks and references', async () => {
    const { spec } = await example().get<
      Spec<{ replicas: number; template: { metadata: unknown; spec: Pod } }>
    >('StatefulSet', 'dremio-executor')
    interface Pod {
      terminationGracePeriodSeconds: number
      containers: [
        { image: string; ports: unknown; env: { name: string }[]; envFrom: unknown; lifecycle: unknown },
      ]
    }
    const [container] = spec.template.spec.containers
    const reference = (key: string) => ({
      name: key,
      valueFrom: { secretKeyRef: { name: 'dremio-autoscale', key } },
    })
    const hook = (action: string) => ({
      exec: { command: ['bash', '/opt/dremio/bin/autoscale-handler.sh', '-a', action] },
    })
    expect(spec.template.metadata).toMatchObject({
      annotations: {
        'prometheus.io/path': '/metrics',
        'prometheus.io/port': '9010',
        'prometheus.io/scrape': 'true',
      },
    })
    expect(spec.template.spec.terminationGracePeriodSeconds).toBe(4 * 1000 + 120)
    expect(container).toMatchObject({
      image: 'registry.example.com/dremio-autoscale:24.3',
      ports: [{ containerPort: 9010, name: 'prometheus', protocol: 'TCP' }],
      envFrom: [{ configMapRef: { name: 'dremio-executor-autoscale' } }],
      lifecycle: { postStart: hook('remove'), preStop: hook('add') },
    })
    expect(container.env).toEqual([
      {
        name: 'DREMIO_JAVA_SERVER_EXTRA_OPTS',
        value:
          '-Dservices.web-admin.port=9010 -Dservices.web-admin.enabled=true -Dservices.web-admin.host=0.0.0.0',
      },
      ...['DREMIO_USER', 'DREMIO_PASSWORD', 'DREMIO_URL'].map(reference),
    ])
  })

  it('leaves the replicas to the autoscaler', async () => {
    const stored = await example().get<{
      metadata: { managedFields: { manager: string; fieldsV1: object }[] }
    }>('StatefulSet', 'dremio-executor')
    const own = stored.metadata.managedFields.find(({ manager }) => manager === 'examples')
    expect(JSON.stringify(own?.fieldsV1)).not.toContain('f:replicas')
  })

  it('keeps numbers in the ConfigMap as text', async () => {
    expect(await example().get('ConfigMap', 'dremio-executor-autoscale')).toMatchObject({
      data: {
        PROMETHEUS_ENDPOINT: 'http://prometheus_endpoint',
        PROMETHEUS_PORT: '9010',
        PROMETHEUS_WAIT_TIME: '4',
        PROMETHEUS_QUERY_MAX_RETRIES: '1000',
      },
    })
  })

  it('scales on the metric of all executors, or on that of each', async () => {
    expect((await example().get<Spec>('HorizontalPodAutoscaler', 'dremio-executor')).spec).toMatchObject({
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [
        {
          type: 'External',
          external: {
            metric: { name: 'fragments_active', selector: { matchLabels: { app: 'dremio-executor' } } },
            target: { type: 'Value', value: '1' },
          },
        },
      ],
    })
    const name = 'dremio-executor-reflections'
    expect((await example().get<Spec>('HorizontalPodAutoscaler', name)).spec).toMatchObject({
      minReplicas: 1,
      maxReplicas: 6,
      metrics: [
        {
          type: 'Pods',
          pods: { metric: { name: 'fragments_active' }, target: { type: 'AverageValue', averageValue: '1' } },
        },
      ],
    })
  })

  it('could not ask for a Value of pods: the API server refuses that', async () => {
    const path = example().pathOf('HorizontalPodAutoscaler', 'dremio-executor-reflections')
    const metrics = [
      { type: 'Pods', pods: { metric: { name: 'fragments_active' }, target: { type: 'Value', value: '1' } } },
    ]
    const patch = { spec: { metrics } }
    const { status, body } = await api.request(
      'PATCH',
      `${path}?dryRun=All`,
      patch,
      'application/merge-patch+json',
    )
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('averageValue') as string },
    })
  })

  it('scrapes the pods of every engine', async () => {
    expect((await example().get<Spec>('PodMonitor', 'dremio-executor')).spec).toEqual({
      selector: { matchLabels: { role: 'dremio-cluster-pod' } },
      podMetricsEndpoints: [{ path: '/metrics', interval: '10s', port: 'prometheus' }],
    })
  })
})

describe('node-pool', () => {
  const example = useExample('examples/node-pool/set.yaml')

  it('sizes a pool by what needs more, and never below its least', async () => {
    expect((await example().get<Spec>('MachineDeployment', 'workers')).spec).toMatchObject({ replicas: 8 })
    const { spec } = await example().get<Spec<{ vars: { name: string; value: unknown }[] }>>(
      'Terraform',
      'pool-batch',
    )
    expect(spec.vars).toContainEqual({ name: 'node_count', value: 3 })
  })

  it('shows the size where the scale subresource reads it', async () => {
    const scale = await api.get<Spec>(`${example().pathOf('MachineDeployment', 'workers')}/scale`)
    expect(scale.spec).toEqual({ replicas: 8 })
  })

  it('hands image, tags and limits through as they are', async () => {
    const { spec } = await example().get<
      Spec<{ template: { spec: { infrastructureRef: { name: string } } } }>
    >('MachineDeployment', 'workers')
    const { name } = spec.template.spec.infrastructureRef
    expect((await example().get<Spec>('AWSMachineTemplate', name)).spec['template']).toEqual({
      spec: {
        ami: { id: 'ami-0123456789abcdef0' },
        instanceType: 'm6i.2xlarge',
        additionalTags: { owner: 'platform', 'cost-center': '0042' },
      },
    })
    const terraform = await example().get<Spec>('Terraform', 'pool-batch')
    expect(terraform.spec).toMatchObject({
      vars: expect.arrayContaining([
        { name: 'tags', value: { owner: 'data', 'cost-center': '0043' } },
        { name: 'ansible_limit', value: 'kubernetes_node' },
        { name: 'ansible_tags', value: 'kubernetes_common,kubernetes_node' },
      ]) as unknown,
      varsFrom: [{ kind: 'Secret', name: 'azure-service-principal' }],
    })
  })
})

describe('flux-minicluster', () => {
  const example = useExample('examples/flux-minicluster/set.yaml')
  const HPA = 'HorizontalPodAutoscaler'

  it('makes clusters of two with room for ten', async () => {
    const { spec } = await example().get<Spec>('MiniCluster', 'flux-sample')
    expect(spec).toMatchObject({
      size: 2,
      maxSize: 10,
      tasks: 1,
      interactive: false,
      deadlineSeconds: 31_500_000,
    })
  })

  it('scales through the scale subresource', async () => {
    const path = example().pathOf('MiniCluster', 'flux-sample')
    const selector = 'job-name=flux-sample'
    await api.request(
      'PATCH',
      `${path}/status`,
      { status: { size: 2, selector } },
      'application/merge-patch+json',
    )
    const scale = await api.get<Spec & { status: unknown }>(`${path}/scale`)
    expect(scale).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 2, selector } })
    await api.patch(`${path}/scale`, { spec: { replicas: 4 } })
    expect((await api.get<Spec>(path)).spec['size']).toBe(4)
  })

  it.each(['v1', 'v2'])(
    'read as autoscaling/%s, the v1 and the v2 autoscaler say the same',
    async (version) => {
      const [one, two] = await Promise.all(
        ['flux-sample', 'flux-sample-cpu'].map((name) => example().get<Spec>(HPA, `${name}-hpa`, version)),
      )
      const { scaleTargetRef: _one, ...specOne } = one!.spec
      const { scaleTargetRef: _two, ...specTwo } = two!.spec
      expect(specOne).toEqual(specTwo)
      expect(specOne).toMatchObject({
        minReplicas: 2,
        maxReplicas: 4,
        ...(version === 'v1' ? { targetCPUUtilizationPercentage: 2 } : { metrics: [utilisation('cpu', 2)] }),
      })
    },
  )

  it('scales on a metric of an object, two minutes late in both directions', async () => {
    const pace = {
      stabilizationWindowSeconds: 120,
      selectPolicy: 'Max',
      policies: [{ type: 'Percent', value: 100, periodSeconds: 60 }],
    }
    expect((await example().get<Spec>(HPA, 'flux-sample-custom-hpa')).spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 4,
      metrics: [
        {
          type: 'Object',
          object: {
            describedObject: { apiVersion: 'v1', kind: 'Service', name: 'custom-metrics-apiserver' },
            metric: { name: 'node_up_count' },
            target: { type: 'Value', value: '4' },
          },
        },
      ],
      behavior: { scaleUp: pace, scaleDown: pace },
    })
  })

  it('gives an application the rights to list, get and patch, and no others', async () => {
    const rules = async (kind: string, name: string) =>
      (await example().get<{ rules: { resources: string[]; verbs: string[] }[] }>(kind, name)).rules
    const all = [
      ...(await rules('Role', 'flux-elastic')),
      ...(await rules('ClusterRole', 'flux-operator-flux-elastic')),
    ]
    expect(all.flatMap(({ resources }) => resources)).toEqual([
      'pods',
      'miniclusters',
      'customresourcedefinitions',
    ])
    for (const { verbs } of all) expect(verbs).toEqual(['list', 'get', 'patch'])
  })
})
