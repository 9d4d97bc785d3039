import type { Command } from 'commander'
import { AppError } from '../errors.ts'
import { findNearest } from '../lib/nearest.ts'
import { VERSION } from '../version.ts'
import { type CliContext, EXIT, type ExitCode, UsageError } from './context.ts'

interface CommandModule {
  define(command: Command): Command
  run(command: Command, context: CliContext): Promise<ExitCode>
}

interface CommandEntry {
  readonly summary: string
  /** Imports the command alone, so that it starts with what it uses and no more. */
  load(): Promise<CommandModule>
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  render: { summary: 'render sets to YAML', load: () => import('./render.ts') },
  generate: {
    summary: 'render, with the flags of the Go controller’s command line',
    load: () => import('./generate.ts'),
  },
  validate: { summary: 'check sets without asking anybody', load: () => import('./validate.ts') },
  eval: { summary: 'render one template', load: () => import('./eval.ts') },
  functions: { summary: 'list the functions that templates may call', load: () => import('./functions.ts') },
}

/** It reads its flags itself, together with the environment. */
const CONTROLLER_SUMMARY = 'run the controller'

/** Runs `gitopsset` with these arguments. Never rejects; the result is the process's exit code. */
export async function main(args: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    return await dispatch(args, context)
  } catch (error) {
    return reportError(error, context)
  }
}

async function dispatch(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const [name = '--help', ...rest] = args
  if (name === 'controller') {
    const { runController } = await import('./controller.ts')
    return runController(rest, context)
  }
  if (Object.hasOwn(COMMANDS, name)) return runCommand(name, rest, context)
  if (name === '--version' || name === '-v') {
    context.out(`${VERSION}\n`)
    return EXIT.done
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    context.out(usage())
    return args.length === 0 ? EXIT.invalid : EXIT.done
  }
  throw new UsageError(`unknown command ${JSON.stringify(name)}${hintFor(name)}`)
}

async function runCommand(name: string, args: readonly string[], context: CliContext): Promise<ExitCode> {
  const [{ Command, CommanderError }, module] = await Promise.all([
    import('commander'),
    COMMANDS[name]?.load() ?? Promise.reject(new UsageError(`unknown command ${name}`)),
  ])
  const command = module
    .define(new Command(`gitopsset ${name}`))
    .description(COMMANDS[name]?.summary ?? '')
    .configureOutput({ writeOut: context.out, writeErr: context.err })
    .exitOverride()
  try {
    command.parse([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT.done : EXIT.invalid
  }
  return module.run(command, context)
}

function usage(): string {
  const entries = [
    ['controller', CONTROLLER_SUMMARY],
    ...Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary]),
  ]
  const lines = entries.map(([name = '', summary = '']) => `  ${name.padEnd(12)}${summary}\n`)
  return `Usage: gitopsset <command> [flags]\n\nCommands:\n${lines.join('')}\n  gitopsset <command> --help shows the flags of a command, gitopsset --version the version.\n`
}

function hintFor(name: string): string {
  const nearest = findNearest(name, ['controller', ...Object.keys(COMMANDS)])
  return nearest === undefined ? '; see gitopsset --help' : `; did you mean ${nearest}?`
}

function reportError(error: unknown, context: CliContext): ExitCode {
  if (error instanceof UsageError) {
    context.err(`error: ${error.message}\n`)
    return EXIT.invalid
  }
  if (error instanceof AppError) {
    context.err(`error: ${error.message}\n`)
    return error.reason === 'InvalidSpec' ? EXIT.invalid : EXIT.failed
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  context.err(`internal error, please report it: ${text}\n`)
  return EXIT.failed
}
