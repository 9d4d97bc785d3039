import { CONTROLLER_FLAGS, environmentName, type FlagDefinition, parseConfig } from '../config.ts'
import { type CliContext, EXIT, type ExitCode } from './context.ts'

/** Runs the controller until the process is asked to stop. Flags are config.ts's, and so are their errors. */
export async function runController(args: readonly string[], context: CliContext): Promise<ExitCode> {
  if (args.some((argument) => argument === '--help' || argument === '-h')) {
    context.out(controllerHelp())
    return EXIT.done
  }
  const config = parseConfig(args, context.env)
  const main = await import('../main.ts')
  const isClean = await main.runController(config, context.env, context.signal)
  return isClean ? EXIT.done : EXIT.failed
}

function controllerHelp(): string {
  const groups = [...new Set(CONTROLLER_FLAGS.map((flag) => flag.group))]
  const sections = groups.map((group) => {
    const flags = CONTROLLER_FLAGS.filter((flag) => flag.group === group)
    return `${group}:\n${flags.map(flagHelp).join('')}`
  })
  return `Usage: gitopsset controller [flags]\n\nRuns the controller. Every flag can be set in the environment too.\n\n${sections.join('\n')}`
}

function flagHelp(flag: FlagDefinition): string {
  const value = flag.kind === 'boolean' ? '' : ` <${flag.kind}>`
  const choices = flag.choices === undefined ? '' : ` One of ${flag.choices.join(', ')}.`
  const fallback = flag.default === '' ? '' : ` Default: ${flag.default}.`
  return `  --${flag.name}${value}\n      ${flag.doc}${choices}${fallback} (${environmentName(flag.name)})\n`
}
