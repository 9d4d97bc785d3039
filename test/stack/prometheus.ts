import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { request } from 'undici'

import { backfill } from './backfill.ts'
import { isHealthy } from './health.ts'
import { findFreePort } from './ports.ts'
import { otlpRequest, type SampleSeries } from './samples.ts'
import { Server } from './server.ts'

export interface PrometheusOptions {
  readonly binary: string
  readonly promtool: string
  readonly dir: string
  /** How long samples are kept, for example `60d`. */
  readonly retention?: string | undefined
}

/** A Prometheus that scrapes nothing: it holds what it is given. */
export interface Prometheus {
  readonly server: Server
  readonly url: string
  readonly dataDir: string
  start(): Promise<void>
  stop(): Promise<void>
  restart(): Promise<void>
  /** Adds series of the past, restarting the server if it runs. */
  backfill(series: readonly SampleSeries[]): Promise<void>
  /** Adds samples of the last two hours; queries see them as soon as this returns. */
  push(series: readonly SampleSeries[]): Promise<void>
}

const DEFAULT_RETENTION = '60d'
const CONFIG = 'storage: {tsdb: {out_of_order_time_window: 2h}}\n'

export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { binary, promtool, dir, retention = DEFAULT_RETENTION } = options
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const dataDir = join(dir, 'prometheus-data')
  const configPath = join(dir, 'prometheus.yaml')
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(configPath, CONFIG)

  const server = new Server({
    name: 'prometheus',
    command: binary,
    args: [
      `--config.file=${configPath}`,
      `--storage.tsdb.path=${dataDir}`,
      `--storage.tsdb.retention.time=${retention}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-otlp-receiver',
      '--log.level=warn',
    ],
    dir,
    isReady: async () => isHealthy(`${url}/-/ready`),
  })
  await server.start()
  return {
    server,
    url,
    dataDir,
    start: async () => server.start(),
    stop: async () => server.stop(),
    restart: async () => server.restart(),
    backfill: async (series) => {
      await backfill({ promtool, dataDir }, series)
      if (server.pid !== undefined) await server.restart()
    },
    push: async (series) => push(url, series),
  }
}

async function push(url: string, series: readonly SampleSeries[]): Promise<void> {
  const { statusCode, body } = await request(`${url}/api/v1/otlp/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(otlpRequest(series)),
  })
  const text = await body.text()
  if (statusCode >= 300) throw new Error(`Prometheus refused the samples with ${statusCode}: ${text}`)
}
