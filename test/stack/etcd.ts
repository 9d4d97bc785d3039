import { join } from 'node:path'

import { isHealthy } from './health.ts'
import { findFreePorts } from './ports.ts'
import { Server } from './server.ts'

export interface Etcd {
  readonly server: Server
  readonly url: string
}

/** Starts a single etcd member. It does not sync its files: its data survives its own crash, not the machine's. */
export async function startEtcd(options: { readonly binary: string; readonly dir: string }): Promise<Etcd> {
  const { binary, dir } = options
  const [clientPort, peerPort] = await findFreePorts(2)
  const url = `http://127.0.0.1:${clientPort}`
  const peerUrl = `http://127.0.0.1:${peerPort}`
  const server = new Server({
    name: 'etcd',
    command: binary,
    args: [
      `--data-dir=${join(dir, 'etcd-data')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    dir,
    isReady: async () => isHealthy(`${url}/health`),
  })
  await server.start()
  return { server, url }
}
