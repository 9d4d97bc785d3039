import { systemClock } from '../lib/clock.ts'
import { type BuildPorts, builtinScopes } from '../pipeline.ts'
import type { Clock, ObjectReader } from '../ports.ts'
import { noClusterAccess, openClusterAccess } from './cluster-access.ts'
import type { CliContext } from './context.ts'
import { openHttpAccess } from './http-access.ts'
import { findLocalSource, localArtifacts } from './local-repository.ts'
import type { RenderSettings } from './render-settings.ts'
import { silentLogger } from './silent.ts'

export interface OpenPorts {
  readonly ports: BuildPorts
  close(): Promise<void>
}

/** What a build on the command line works with. Throws UsageError. */
export async function openPorts(settings: RenderSettings, context: CliContext): Promise<OpenPorts> {
  const clock = await openClock(settings)
  const cluster = settings.withoutCluster
    ? noClusterAccess(settings.withoutNetwork ? '--offline' : '--disable-cluster-access')
    : openClusterAccess(settings, context, systemClock())
  const ports: BuildPorts = {
    reader: withLocalSources(cluster.reader, settings.repositoryRoot),
    artifacts: localArtifacts(cluster.artifacts),
    http: await openHttpAccess(settings, clock.nowMs()),
    scopes: settings.withoutCluster ? builtinScopes : cluster.scopes,
    clock,
    log: silentLogger,
  }
  return { ports, close: () => cluster.close() }
}

/** A replay happens at the time of the recording: queries carry it, and so may templates. */
async function openClock(settings: RenderSettings): Promise<Clock> {
  const clock = systemClock()
  if (settings.replay === undefined) {
    const nowMs = clock.nowMs()
    // One instant for the whole run, so that a recording has one.
    return { ...clock, nowMs: () => nowMs }
  }
  const { findRecordedInstantMs } = await import('../http/record.ts')
  const recordedMs = (await findRecordedInstantMs(settings.replay)) ?? clock.nowMs()
  return { ...clock, nowMs: () => recordedMs }
}

function withLocalSources(reader: ObjectReader, root: string | undefined): ObjectReader {
  if (root === undefined) return reader
  return {
    get: async (key, signal) => findLocalSource(root, key) ?? reader.get(key, signal),
    list: (kind, options) => reader.list(kind, options),
  }
}
