import type { Command } from 'commander'
import type { CliContext, ExitCode } from './context.ts'
import { addBuildFlags, type BuildFlags, parseGenerators, toSettings } from './render-flags.ts'
import { renderSets } from './render-sets.ts'

interface Flags extends BuildFlags {
  readonly disableClusterAccess?: boolean
  readonly enabledGenerators: string
}

/** What the Go command line enables where nothing is said. */
const GO_DEFAULT = 'GitRepository,OCIRepository,PullRequests,List,APIClient,Matrix,Config'

export function define(command: Command): Command {
  return addBuildFlags(
    command
      .argument('[path...]', 'files, folders, or - for standard input')
      .option('-d, --disable-cluster-access', 'read nothing from a cluster')
      .option('--enabled-generators <names>', 'generators that sets may use', GO_DEFAULT),
  )
}

/** `render` with the flags and defaults of the Go controller's command line: HTTP sources are asked also without a cluster. */
export function run(command: Command, context: CliContext): Promise<ExitCode> {
  const flags = command.opts<Flags>()
  const settings = toSettings(flags, {
    withoutCluster: flags.disableClusterAccess === true,
    withoutNetwork: false,
    enabled: parseGenerators(flags.enabledGenerators),
  })
  return renderSets(command.args, settings, 'yaml', context)
}
