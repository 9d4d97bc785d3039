import type { Environment } from '../config.ts'

/** What a command has of its surroundings. */
export interface CliContext {
  /** To standard output. */
  readonly out: (text: string) => void
  /** To standard error: problems, warnings, progress. */
  readonly err: (text: string) => void
  readStdin(): Promise<string>
  /** Whether standard error is a terminal: progress is for people. */
  readonly isTerminal: boolean
  readonly env: Environment
  /** Aborts when the process is asked to stop. */
  readonly signal: AbortSignal
}

/** What a process that runs a command ends with. */
export const EXIT = {
  done: 0,
  /** A diff was found. */
  differs: 1,
  /** Wrong usage, or an invalid set. */
  invalid: 2,
  /** A failure at run time. */
  failed: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A command used wrongly. The message is for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
