import type { Command } from 'commander'
import type { CliContext, ExitCode } from './context.ts'
import { addBuildFlags, parseGenerators } from './render-flags.ts'
import { renderSets } from './render-sets.ts'

interface Flags {
  disableClusterAccess?: boolean
  enabledGenerators: string
  repositoryRoot?: string
  endpoint: string[]
  record?: string
  replay?: string
  kubeconfig: string
  context: string
}

/** What the Go command line enables where nothing is said. */
const GO_DEFAULT = 'GitRepository,OCIRepository,PullRequests,List,APIClient,Matrix,Config'

export function defineGenerate(command: Command): Command {
  return addBuildFlags(
    command
      .argument('[path...]', 'files, folders, or - for standard input')
      .option('-d, --disable-cluster-access', 'read nothing from a cluster')
      .option('--enabled-generators <names>', 'generators that sets may use', GO_DEFAULT),
  )
}

/** `render` with the flags and defaults of the Go controller's command line: HTTP sources are asked also without a cluster. */
export function runGenerate(command: Command, context: CliContext): Promise<ExitCode> {
  const flags = command.opts<Flags>()
  const settings = {
    withoutCluster: flags.disableClusterAccess === true,
    withoutNetwork: false,
    repositoryRoot: flags.repositoryRoot,
    endpoints: flags.endpoint,
    record: flags.record,
    replay: flags.replay,
    kubeconfig: flags.kubeconfig,
    context: flags.context,
    enabled: parseGenerators(flags.enabledGenerators),
  }
  return renderSets(command.args, settings, 'yaml', context)
}
