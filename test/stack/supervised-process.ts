import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ProcessOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** The whole environment of the process; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  /** Standard output and error are appended here. */
  readonly logPath: string
}

export interface SupervisedProcess {
  readonly pid: number
  readonly hasExited: boolean
  /** Resolves with the exit code, or the signal's name. Never rejects. */
  readonly exited: Promise<number | string>
  /** Sends a signal to the process; does nothing when it is gone. */
  signal(signal: NodeJS.Signals): void
  /** SIGTERM, and SIGKILL after `graceMs`. Resolves when the process is gone. */
  stop(graceMs?: number): Promise<void>
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>
}

/*
 * The shell becomes the server (`exec`), so the pid is the server's own and leads a process group. A subshell stays behind in that group and
 * reads descriptor 3, a pipe whose other end only this Node process holds: when Node ends, however it ends, the read returns and the
 * group is killed. No server outlives the program that started it.
 */
const SUPERVISOR = '(cat <&3 >/dev/null; kill -s KILL -- -$$) >/dev/null 2>&1 & exec 3<&-; exec "$@"'

/** Starts a process that dies with this one. */
export function startProcess(options: ProcessOptions): SupervisedProcess {
  const log = openSync(options.logPath, 'a')
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'sh', options.command, ...options.args], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
  })
  closeSync(log)
  const lifeline = child.stdio[3]
  const { pid } = child
  if (pid === undefined) throw new Error(`could not start /bin/sh for ${options.command}`)

  let hasExited = false
  const exited = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => {
      hasExited = true
      lifeline?.destroy()
      resolve(code ?? signal ?? 'unknown')
    })
  })

  const signal = (name: NodeJS.Signals): void => {
    if (!hasExited) process.kill(pid, name)
  }
  const kill = async (): Promise<void> => {
    if (!hasExited) process.kill(-pid, 'SIGKILL')
    await exited
  }
  const stop = async (graceMs = 10_000): Promise<void> => {
    signal('SIGTERM')
    // One that a test has paused hears nothing before it goes on.
    signal('SIGCONT')
    const grace = new AbortController()
    await Promise.race([exited, sleep(graceMs, undefined, { signal: grace.signal }).catch(() => undefined)])
    grace.abort()
    await kill()
  }
  return {
    pid,
    get hasExited() {
      return hasExited
    },
    exited,
    signal,
    stop,
    kill,
  }
}

/** Whether a process with this id exists, be it ours or another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
