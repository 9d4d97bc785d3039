/** One time series: a metric name, its labels, and `[unix seconds, value]` in order of time. */
export interface SampleSeries {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly samples: Iterable<readonly [unixSeconds: number, value: number]>
}

/** The lines of an OpenMetrics text with all series, a chunk of text at a time. */
export function* openMetricsLines(series: readonly SampleSeries[]): Generator<string> {
  for (const { name, labels, samples } of series) {
    const labelText = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(value)}"`)
    const prefix = `${name}{${labelText.join(',')}} `
    for (const [unixSeconds, value] of samples) yield `${prefix}${numberText(value)} ${unixSeconds}\n`
  }
  yield '# EOF\n'
}

/** The series as an OTLP/JSON request, each as a gauge. */
export function otlpRequest(series: readonly SampleSeries[]): unknown {
  const metrics = series.map(({ name, labels, samples }) => {
    const attributes = Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: value } }))
    const dataPoints = [...samples].map(([unixSeconds, value]) => ({
      attributes,
      timeUnixNano: String(BigInt(Math.round(unixSeconds * 1000)) * 1_000_000n),
      asDouble: Number.isFinite(value) ? value : numberText(value).replace(/^\+?(-?)Inf$/, '$1Infinity'),
    }))
    return { name, gauge: { dataPoints } }
  })
  return { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }
}

function numberText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
