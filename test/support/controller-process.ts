import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { waitFor } from '../stack/poll.ts'
import { findFreePorts } from '../stack/ports.ts'

const BINARY = join(import.meta.dirname, '..', '..', 'bin', 'gitopsset.js')
/** What the deployment gives to Node too: no prototype surgery, no code made from text. */
const NODE_FLAGS = ['--disable-proto=delete', '--disallow-code-generation-from-strings']

/** The controller as a process of its own, as it runs in a cluster. */
export interface ControllerProcess extends AsyncDisposable {
  readonly pid: number
  readonly healthUrl: string
  readonly metricsUrl: string
  /** Everything it has logged so far. */
  log(): string
  /** SIGTERM, and waits for the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
  /** Resolves with the exit code when the process ends by itself. */
  readonly exited: Promise<number | null>
}

export interface ControllerOptions {
  readonly kubeconfigPath: string
  /** Further flags. */
  readonly flags?: readonly string[]
  /** Wait until it has seen all sets; default true. */
  readonly waitUntilReady?: boolean
}

/** Starts the controller on free loopback ports, with generators allowed to call loopback addresses. */
export async function startController(options: ControllerOptions): Promise<ControllerProcess> {
  const [healthPort = 0, metricsPort = 0] = await findFreePorts(2)
  const flags = [
    `--kubeconfig=${options.kubeconfigPath}`,
    `--health-probe-bind-address=127.0.0.1:${healthPort}`,
    `--metrics-bind-address=127.0.0.1:${metricsPort}`,
    '--allow-loopback',
    ...(options.flags ?? []),
  ]
  const child = spawn(process.execPath, [...NODE_FLAGS, BINARY, 'controller', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk
  })
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
  })
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    child.kill(signal)
    return exited
  }
  const controller: ControllerProcess = {
    pid: child.pid ?? 0,
    healthUrl: `http://127.0.0.1:${healthPort}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    log: () => log,
    stop: () => end('SIGTERM'),
    kill: async () => {
      await end('SIGKILL')
    },
    exited,
    [Symbol.asyncDispose]: async () => {
      await end('SIGTERM')
    },
  }
  if (options.waitUntilReady !== false) await waitUntilReady(controller)
  return controller
}

async function waitUntilReady(controller: ControllerProcess): Promise<void> {
  let code: number | null | undefined
  void controller.exited.then((exitCode) => (code = exitCode))
  await waitFor(`the controller to be ready; its log:\n${controller.log()}`, async () => {
    if (code !== undefined) throw new Error(`it ended with code ${code}:\n${controller.log()}`)
    return (await fetch(`${controller.healthUrl}/readyz`)).ok
  })
}
