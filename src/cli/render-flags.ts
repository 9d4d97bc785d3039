import type { Command } from 'commander'
import { ALL_GENERATORS } from '../generate/entry.ts'
import { findNearest } from '../lib/nearest.ts'
import { UsageError } from './context.ts'
import type { RenderSettings } from './render-settings.ts'

/** What {@link addBuildFlags} adds, as commander gives it. */
export interface BuildFlags {
  readonly repositoryRoot?: string
  readonly endpoint: readonly string[]
  readonly record?: string
  readonly replay?: string
  readonly kubeconfig: string
  readonly context: string
}

/** Adds one more value of a flag that may be repeated. */
export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value]
}

/** The flags that `render` and `generate` have in common. */
export function addBuildFlags(command: Command): Command {
  return command
    .option(
      '--repository-root <dir>',
      'read GitRepository and OCIRepository sources from subfolders of this folder',
    )
    .option(
      '--endpoint <from=to>',
      'send requests for FROM to TO, for example a port-forward (repeatable)',
      collect,
      [],
    )
    .option('--record <dir>', 'save the answers of HTTP sources in this folder')
    .option('--replay <dir>', 'take the answers of HTTP sources from this folder; nothing is asked')
    .option('--kubeconfig <file>', 'kubeconfig file; without it KUBECONFIG, then ~/.kube/config', '')
    .option('--context <name>', 'context of the kubeconfig', '')
}

/** The settings that these flags stand for; what differs between the commands is given. */
export function toSettings(
  flags: BuildFlags,
  own: Pick<RenderSettings, 'withoutCluster' | 'withoutNetwork' | 'enabled'>,
): RenderSettings {
  const { repositoryRoot, endpoint: endpoints, record, replay, kubeconfig, context } = flags
  return { repositoryRoot, endpoints, record, replay, kubeconfig, context, ...own }
}

/** Reads `List,Config`. Throws UsageError with the nearest name. */
export function parseGenerators(text: string): ReadonlySet<string> {
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    if (ALL_GENERATORS.has(name)) continue
    const nearest = findNearest(name, [...ALL_GENERATORS])
    const hint =
      nearest === undefined ? `one of ${[...ALL_GENERATORS].join(', ')}` : `did you mean ${nearest}?`
    throw new UsageError(`--enabled-generators: there is no generator ${JSON.stringify(name)}; ${hint}`)
  }
  return new Set(names)
}
