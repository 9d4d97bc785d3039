import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Abandon, waitFor } from './poll.ts'
import { startProcess, type SupervisedProcess } from './supervised-process.ts'

export interface ServerDefinition {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Added to `PATH`, `HOME` and `TMPDIR`, which all servers get. */
  readonly env?: Readonly<Record<string, string>>
  /** Working folder, which also holds the log. */
  readonly dir: string
  /** Whether the server answers; an exception counts as no. */
  readonly isReady: () => Promise<boolean>
  readonly deadlineMs?: number
}

const TAIL_LINES = 25

/** One server of the stack: the same command can be started, stopped, killed and started again on the same ports. */
export class Server implements AsyncDisposable {
  readonly name: string
  readonly logPath: string
  readonly #definition: ServerDefinition
  #process: SupervisedProcess | undefined

  constructor(definition: ServerDefinition) {
    this.#definition = definition
    this.name = definition.name
    mkdirSync(definition.dir, { recursive: true })
    this.logPath = join(definition.dir, `${definition.name}.log`)
  }

  /** The server's own pid, or undefined when it does not run. */
  get pid(): number | undefined {
    return this.#process?.hasExited === false ? this.#process.pid : undefined
  }

  /** Starts the server and waits until it is ready. Does nothing when it runs. */
  async start(): Promise<void> {
    if (this.pid !== undefined) return
    const { command, args, env, dir } = this.#definition
    this.#process = startProcess({
      command,
      args,
      cwd: dir,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: dir, TMPDIR: dir, ...env },
      logPath: this.logPath,
    })
    try {
      await this.waitUntilReady()
    } catch (error) {
      await this.kill()
      throw error
    }
  }

  /** Waits until the server answers, for example after a SIGCONT. Throws with the end of its log when it does not, or has ended. */
  async waitUntilReady(): Promise<void> {
    const { isReady, deadlineMs = 120_000 } = this.#definition
    try {
      await waitFor(
        `${this.name} to be ready`,
        async () => {
          if (this.pid === undefined) throw new Abandon(`${this.name} has ended`)
          return isReady()
        },
        { deadlineMs },
      )
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`${reason}\nThe end of ${this.logPath}:\n${this.logTail()}`, { cause: error })
    }
  }

  /** Asks the server to end, and makes it end after 10 s. */
  async stop(): Promise<void> {
    await this.#process?.stop()
  }

  /** Ends the server at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#process?.kill()
  }

  /** Sends a signal to the server, for example SIGSTOP. */
  signal(signal: NodeJS.Signals): void {
    this.#process?.signal(signal)
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** Everything that the server has written, over all its starts. */
  log(): string {
    return existsSync(this.logPath) ? readFileSync(this.logPath, 'utf8') : ''
  }

  logTail(): string {
    return this.log().trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
