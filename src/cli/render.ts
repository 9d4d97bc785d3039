import { type Command, Option } from 'commander'
import { ALL_GENERATORS } from '../generate/entry.ts'
import { type CliContext, type ExitCode, UsageError } from './context.ts'
import { OUTPUT_FORMATS, type OutputFormat } from './output.ts'
import { addBuildFlags, parseGenerators } from './render-flags.ts'
import { renderSets } from './render-sets.ts'

interface Flags {
  offline?: boolean
  repositoryRoot?: string
  endpoint: string[]
  record?: string
  replay?: string
  kubeconfig: string
  context: string
  enabledGenerators?: string
  output: OutputFormat
}

export function defineRender(command: Command): Command {
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

export function runRender(command: Command, context: CliContext): Promise<ExitCode> {
  const flags = command.opts<Flags>()
  if (flags.record !== undefined && (flags.replay !== undefined || flags.offline === true)) {
    throw new UsageError('--record needs the network: leave --replay and --offline out')
  }
  const isOffline = flags.offline === true || flags.replay !== undefined
  const settings = {
    withoutCluster: isOffline,
    withoutNetwork: isOffline,
    repositoryRoot: flags.repositoryRoot,
    endpoints: flags.endpoint,
    record: flags.record,
    replay: flags.replay,
    kubeconfig: flags.kubeconfig,
    context: flags.context,
    enabled:
      flags.enabledGenerators === undefined ? ALL_GENERATORS : parseGenerators(flags.enabledGenerators),
  }
  return renderSets(command.args, settings, flags.output, context)
}
