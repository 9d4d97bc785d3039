import { findField, mapField, stringField } from '../lib/json.ts'
import { API_GROUPS, REQUESTED_AT_ANNOTATION, findApiGroup } from '../api/group.ts'
import type { ApiGroup } from '../api/group.ts'
import { backoffMs } from '../lib/backoff.ts'
import type { Random } from '../lib/backoff.ts'
import { canonicalHash } from '../lib/canonical.ts'
import type { Clock, KubeObject, Logger, Metrics, ObjectWatcher, Watch } from '../ports.ts'
import type { Requeue } from './outcome.ts'
import { WorkQueue } from './queue.ts'
import type { Cause } from './queue.ts'
import { toSetText } from './set-key.ts'

/** Reconciles one set and says when to look again. Never throws. */
export type ReconcileFunction = (
  setText: string,
  causes: readonly Cause[],
  signal: AbortSignal,
) => Promise<{ requeue: Requeue; failures: number }>

export interface ControllerDeps {
  readonly watcher: ObjectWatcher
  readonly reconcile: ReconcileFunction
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
  /** Called when a set is no longer there. */
  readonly forget: (setText: string) => void
}

export interface ControllerSettings {
  readonly concurrency: number
  /** Empty: all namespaces. */
  readonly namespaces: readonly string[]
  readonly labelSelector: string
}

/** Watches the sets of both API groups and has each reconciled when something calls for it. */
export class Controller {
  private readonly deps: ControllerDeps
  private readonly settings: ControllerSettings
  private readonly queue: WorkQueue
  private readonly watches: { watch: Watch; isSynced: boolean }[] = []
  /** What was last seen of each set, so that a change of its status alone wakes nobody. */
  private readonly seen = new Map<string, string>()
  private readonly abort = new AbortController()

  constructor(deps: ControllerDeps, settings: ControllerSettings) {
    this.deps = deps
    this.settings = settings
    this.queue = new WorkQueue({
      clock: deps.clock,
      concurrency: settings.concurrency,
      handle: (setText, causes) => this.handle(setText, causes),
      onWait: (waitedMs, depth) => {
        deps.metrics.observe('gitopsset_queue_wait_seconds', {}, waitedMs / 1_000)
        deps.metrics.set('gitopsset_queue_depth', {}, depth)
      },
    })
  }

  start(): void {
    const namespaces = this.settings.namespaces.length === 0 ? [''] : this.settings.namespaces
    for (const group of API_GROUPS) {
      for (const namespace of namespaces) this.watchSets(group, namespace)
    }
    this.queue.start()
  }

  /** Ends what is under way at its next step and begins nothing new. */
  async stop(): Promise<void> {
    for (const { watch } of this.watches) watch.stop()
    this.abort.abort(new Error('the controller is stopping'))
    await this.queue.stop()
  }

  /** Every set has been seen once. */
  isSynced(): boolean {
    return this.watches.length > 0 && this.watches.every((entry) => entry.isSynced)
  }

  /** No watch has been silent for too long. */
  isFresh(): boolean {
    return this.watches.every((entry) => entry.watch.isFresh())
  }

  /** Has a set reconciled soon, if it is one of those watched here. */
  wake(setText: string, cause: Cause): void {
    if (this.seen.has(setText)) this.queue.add(setText, cause)
  }

  private watchSets(group: ApiGroup, namespace: string): void {
    const entry: { watch: Watch; isSynced: boolean } = { watch: NO_WATCH, isSynced: false }
    entry.watch = this.deps.watcher.watch(
      {
        group: group.name,
        version: 'v1alpha1',
        kind: 'GitOpsSet',
        ...(namespace === '' ? {} : { namespace }),
        ...(this.settings.labelSelector === '' ? {} : { labelSelector: this.settings.labelSelector }),
      },
      {
        onChange: (set) => this.onChange(group, set),
        onDelete: (set) => this.onDelete(group, set),
        onSynced: () => {
          entry.isSynced = true
        },
      },
    )
    this.watches.push(entry)
  }

  private onChange(group: ApiGroup, set: KubeObject): void {
    const text = toSetText(group, set)
    const fingerprint = fingerprintOf(set)
    const previous = this.seen.get(text)
    if (previous === fingerprint) return
    this.seen.set(text, fingerprint)
    this.queue.add(text, { kind: previous === undefined ? 'start' : 'spec' })
  }

  private onDelete(group: ApiGroup, set: KubeObject): void {
    const text = toSetText(group, set)
    this.seen.delete(text)
    this.queue.cancel(text)
    this.deps.forget(text)
  }

  private async handle(setText: string, causes: readonly Cause[]): Promise<void> {
    const { requeue, failures } = await this.deps.reconcile(setText, causes, this.abort.signal)
    if (this.abort.signal.aborted) return
    if (requeue.kind === 'none') this.queue.cancel(setText)
    if (requeue.kind === 'after') this.queue.schedule(setText, requeue.delayMs)
    if (requeue.kind === 'backoff') {
      this.queue.schedule(setText, Math.max(requeue.atLeastMs, backoffMs(failures - 1, this.deps.random)))
    }
  }
}

const NO_WATCH: Watch = { stop: () => undefined, isFresh: () => false }

/** Hash of what wakes a set: its spec's generation, deletion, and the annotations that mean something to us. */
function fingerprintOf(set: KubeObject): string {
  const annotations = mapField(set.metadata, 'annotations')
  const group = findApiGroup(set.apiVersion)
  const relevant = [
    REQUESTED_AT_ANNOTATION,
    group?.delimitersAnnotation ?? '',
    group?.confirmPruneAnnotation ?? '',
  ].map((name) => stringField(annotations, name))
  return canonicalHash([
    findField(set.metadata, 'uid') ?? null,
    findField(set.metadata, 'generation') ?? null,
    findField(set.metadata, 'deletionTimestamp') ?? null,
    ...relevant,
  ])
}
