import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { CounterName, GaugeName, HistogramName, Metrics } from '../ports.ts'

interface Definition {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  readonly buckets?: readonly number[]
}

const SECONDS = [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
const SET_LABELS = ['kind', 'name', 'namespace']

/** Every series this controller exports. `gotk_*` are those that Flux's dashboards read. Reference: docs/operating.md. */
const DEFINITIONS: Readonly<Record<HistogramName | GaugeName | CounterName, Definition>> = {
  gotk_reconcile_condition: {
    kind: 'gauge',
    help: 'The condition of a set: 1 for the status it has.',
    labels: [...SET_LABELS, 'type', 'status'],
  },
  gotk_suspend_status: { kind: 'gauge', help: 'Whether a set is suspended.', labels: SET_LABELS },
  gotk_reconcile_duration_seconds: {
    kind: 'histogram',
    help: 'Duration of a set’s reconciles.',
    labels: SET_LABELS,
    buckets: SECONDS,
  },
  gitopsset_generator_duration_seconds: {
    kind: 'histogram',
    help: 'Time a generator took to answer.',
    labels: ['generator'],
    buckets: SECONDS,
  },
  gitopsset_generator_errors_total: {
    kind: 'counter',
    help: 'Generators that gave no answer.',
    labels: ['generator'],
  },
  gitopsset_generator_elements: {
    kind: 'gauge',
    help: 'Elements of the last answer.',
    labels: ['name', 'namespace', 'path'],
  },
  gitopsset_generator_last_evaluation_timestamp_seconds: {
    kind: 'gauge',
    help: 'When a generator last answered.',
    labels: ['name', 'namespace', 'path'],
  },
  gitopsset_objects: { kind: 'gauge', help: 'Objects that a set owns.', labels: ['name', 'namespace'] },
  gitopsset_prunes_held: {
    kind: 'gauge',
    help: 'Whether removals of a set are held back.',
    labels: ['name', 'namespace'],
  },
  gitopsset_queue_depth: { kind: 'gauge', help: 'Sets that wait for their turn.', labels: [] },
  gitopsset_queue_wait_seconds: {
    kind: 'histogram',
    help: 'Time a set waited for its turn.',
    labels: [],
    buckets: SECONDS,
  },
  gitopsset_api_request_duration_seconds: {
    kind: 'histogram',
    help: 'Duration of requests to the API server.',
    labels: ['verb'],
    buckets: SECONDS,
  },
  gitopsset_api_requests_total: {
    kind: 'counter',
    help: 'Requests to the API server.',
    labels: ['verb', 'code'],
  },
}

export interface MetricsRegistry extends Metrics {
  /** The exposition text and its content type. */
  render(): Promise<{ body: string; contentType: string }>
}

/** prom-client behind the Metrics port. A name or label that is not defined here is a programming error and throws. */
export function newMetrics(): MetricsRegistry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const metrics = new Map<string, Counter | Gauge | Histogram>(
    Object.entries(DEFINITIONS).map(([name, definition]) => [name, register(registry, name, definition)]),
  )
  const find = <T>(name: string, type: abstract new (...args: never[]) => T): T => {
    const metric = metrics.get(name)
    if (metric instanceof type) return metric
    throw new TypeError(`metric ${name} is not defined as such`)
  }
  return {
    observe: (name, labels, value) => find(name, Histogram).observe({ ...labels }, value),
    set: (name, labels, value) => find(name, Gauge).set({ ...labels }, value),
    add: (name, labels, value = 1) => find(name, Counter).inc({ ...labels }, value),
    forget: (labels) => forgetSeries(metrics.values(), labels),
    render: async () => ({ body: await registry.metrics(), contentType: registry.contentType }),
  }
}

function register(registry: Registry, name: string, definition: Definition): Counter | Gauge | Histogram {
  const base = { name, help: definition.help, labelNames: [...definition.labels], registers: [registry] }
  switch (definition.kind) {
    case 'counter':
      return new Counter(base)
    case 'gauge':
      return new Gauge(base)
    case 'histogram':
      return new Histogram({ ...base, buckets: [...(definition.buckets ?? SECONDS)] })
  }
}

/** Removes every series that has all of the labels. */
function forgetSeries(
  metrics: Iterable<Counter | Gauge | Histogram>,
  labels: Readonly<Record<string, string>>,
): void {
  for (const metric of metrics) void forgetIn(metric, labels)
}

async function forgetIn(
  metric: Counter | Gauge | Histogram,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  for (const { labels: found } of (await metric.get()).values) {
    const series: Record<string, string> = {}
    for (const [name, value] of Object.entries(found)) if (name !== 'le') series[name] = String(value)
    if (Object.entries(labels).every(([name, wanted]) => series[name] === wanted)) metric.remove(series)
  }
}
