import { type Command, Option } from 'commander'
import { ALL_GENERATORS } from '../generate/entry.ts'
import { type CliContext, type ExitCode, UsageError } from './context.ts'
import { OUTPUT_FORMATS, type OutputFormat } from './output.ts'
import { addBuildFlags, type BuildFlags, parseGenerators, toSettings } from './render-flags.ts'
import { renderSets } from './render-sets.ts'

interface Flags extends BuildFlags {
  readonly offline?: boolean
  readonly enabledGenerators?: string
  readonly output: OutputFormat
}

export function define(command: Command): Command {
  return addBuildFlags(
    command
      .argument('[path...]', 'files, folders, or - for standard input')
      .option('--offline', 'use neither the network nor a cluster'),
  )
    .option('--enabled-generators <names>', 'generators that sets may use (default: all)')
    .addOption(
      new Option('-o, --output <format>', 'form of the output').choices(OUTPUT_FORMATS).default('yaml'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  gitopsset render set.yaml\n  gitopsset render sets/ --offline -o name\n  gitopsset render set.yaml --endpoint http://prometheus.monitoring:9090=http://127.0.0.1:9090 --record answers\n  gitopsset render set.yaml --replay answers',
    )
}

export function run(command: Command, context: CliContext): Promise<ExitCode> {
  const flags = command.opts<Flags>()
  if (flags.record !== undefined && (flags.replay !== undefined || flags.offline === true)) {
    throw new UsageError('--record needs the network: leave --replay and --offline out')
  }
  const isOffline = flags.offline === true || flags.replay !== undefined
  const settings = toSettings(flags, {
    withoutCluster: isOffline,
    withoutNetwork: isOffline,
    enabled:
      flags.enabledGenerators === undefined ? ALL_GENERATORS : parseGenerators(flags.enabledGenerators),
  })
  return renderSets(command.args, settings, flags.output, context)
}
