import { findApiGroup } from '../api/group.ts'
import { formatFindings, validateSet } from '../api/validate.ts'
import type { GitOpsSet } from '../api/types.ts'
import { AppError } from '../errors.ts'
import type { Random } from '../lib/backoff.ts'
import { build, findReferences } from '../pipeline.ts'
import type {
  ArtifactFetcher,
  ClientFactory,
  Clock,
  EventSink,
  HttpClient,
  Identity,
  KubeObject,
  Logger,
  Metrics,
  ObjectWatcher,
} from '../ports.ts'
import { discoveredScopes } from './discovered-scopes.ts'
import { Controller } from './controller.ts'
import { Dependents } from './dependents.ts'
import { DriftWatches } from './drift-watches.ts'
import { evaluate } from './evaluate.ts'
import type { EvaluateDeps } from './evaluate.ts'
import { finalizeSet } from './finalize.ts'
import { Reconciler } from './reconcile.ts'
import type { Attempt } from './reconcile.ts'
import { ReferenceWatches } from './reference-watches.ts'
import { SetStore } from './set-store.ts'

/** The settings of the work itself; the controller's Config has them all. */
export interface SetsSettings {
  readonly concurrent: number
  readonly watchAllNamespaces: boolean
  readonly watchNamespaces: readonly string[]
  readonly watchLabelSelector: string
  readonly defaultServiceAccount: string
  readonly requireServiceAccount: boolean
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  readonly enabledGenerators: readonly string[]
  readonly maxResponseBytes: number
  readonly podNamespace: string
}

export interface SetsDeps {
  readonly settings: SetsSettings
  readonly clients: ClientFactory
  readonly watcher: ObjectWatcher
  readonly events: EventSink
  readonly http: HttpClient
  readonly artifacts: ArtifactFetcher
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
}

export interface RunningSets {
  /** Ends what is under way at its next step; resolves when nothing is. */
  stop(): Promise<void>
  isSynced(): boolean
  isFresh(): boolean
}

/** Begins to reconcile every set that the settings select. */
export function startSets(deps: SetsDeps): RunningSets {
  return new Sets(deps)
}

/** Ties the parts together: what one notices, another is told. */
class Sets implements RunningSets {
  private readonly deps: SetsDeps
  private readonly dependents = new Dependents()
  private readonly accounts = new Map<string, { namespace: string; name: string } | undefined>()
  private readonly controller: Controller
  private readonly references: ReferenceWatches
  private readonly drift: DriftWatches

  constructor(deps: SetsDeps) {
    this.deps = deps
    const { watcher, clients, clock, log, metrics, random, settings } = deps
    const own = clients.clientFor({ kind: 'controller' })
    const reconciler = this.newReconciler(new SetStore(own))
    this.controller = new Controller(
      {
        watcher,
        clock,
        random,
        log,
        metrics,
        reconcile: (text, causes, signal) => reconciler.reconcile(text, causes, signal),
        forget: (text) => {
          reconciler.forget(text)
          this.forgetReferences(text)
        },
      },
      {
        concurrency: settings.concurrent,
        namespaces: watchedNamespaces(settings),
        labelSelector: settings.watchLabelSelector,
      },
    )
    this.references = new ReferenceWatches({
      watcher,
      log,
      onChange: (key) => {
        for (const { setText, reference } of this.dependents.find(key)) {
          this.controller.wake(setText, { kind: 'reference', reference })
        }
      },
    })
    this.drift = new DriftWatches({
      watcher,
      client: own,
      clock,
      log,
      onDrift: (owner) =>
        this.controller.wake(`${owner.namespace}/${owner.name}/${owner.group}`, { kind: 'drift' }),
    })
    this.controller.start()
  }

  async stop(): Promise<void> {
    this.references.stop()
    this.drift.stop()
    await this.controller.stop()
  }

  isSynced(): boolean {
    return this.controller.isSynced()
  }

  isFresh(): boolean {
    return this.controller.isFresh()
  }

  private newReconciler(sets: SetStore): Reconciler {
    const { clients, events, metrics, clock, log } = this.deps
    const evaluation = this.newEvaluation(sets)
    return new Reconciler({
      sets,
      events,
      metrics,
      clock,
      log,
      steps: {
        decode: decodeSet,
        evaluate: (set, attempt) => evaluate(set, attempt, evaluation),
        finalize: (attempt) =>
          finalizeSet(attempt, {
            clients,
            identityOf: (name, namespace) => this.identityOf(name, namespace),
            onOrphaned: (message) =>
              events.emit({ regarding: attempt.raw, type: 'Warning', reason: 'Orphaned', message }),
          }),
      },
    })
  }

  private newEvaluation(sets: SetStore): EvaluateDeps {
    const { clients, clock, metrics, random, http, artifacts, settings } = this.deps
    return {
      clients,
      sets,
      build,
      ports: { http, artifacts, clock, scopes: discoveredScopes(clients) },
      enabledGenerators: new Set(settings.enabledGenerators),
      maxResponseBytes: settings.maxResponseBytes,
      clock,
      metrics,
      random,
      fieldValidation: settings.fieldValidation,
      identityOf: (set) => this.identityOf(set.spec.serviceAccountName ?? '', set.metadata.namespace),
      onReferences: (attempt, set) => this.watchReferences(attempt, set),
      onApplied: (keys) => this.drift.cover(keys),
    }
  }

  private identityOf(accountName: string, namespace: string): Identity {
    const { defaultServiceAccount, requireServiceAccount } = this.deps.settings
    const name = accountName === '' ? defaultServiceAccount : accountName
    if (name !== '') return { kind: 'serviceAccount', namespace, name }
    if (!requireServiceAccount) return { kind: 'controller' }
    throw new AppError(
      'AccessDenied',
      'stall',
      'spec.serviceAccountName is required here: the controller runs with --require-service-account',
      { path: 'spec.serviceAccountName' },
    )
  }

  private watchReferences(attempt: Attempt, set: GitOpsSet): void {
    const identity = this.identityOf(set.spec.serviceAccountName ?? '', set.metadata.namespace)
    const account = identity.kind === 'controller' ? undefined : identity
    const isSameAccount = this.accounts.get(attempt.text)?.name === account?.name
    this.accounts.set(attempt.text, account)
    const references = findReferences(set.spec.generators ?? [], set.metadata.namespace)
    // The watches of all sets are gone through, so only where something is new.
    if (this.dependents.update(attempt.text, references) || !isSameAccount) this.updateWatches()
  }

  private forgetReferences(text: string): void {
    this.accounts.delete(text)
    this.dependents.forget(text)
    this.updateWatches()
  }

  private updateWatches(): void {
    this.references.update(
      this.dependents.all().map(({ key, setText }) => ({ key, account: this.accounts.get(setText) })),
    )
  }
}

function watchedNamespaces(settings: SetsSettings): readonly string[] {
  if (settings.watchNamespaces.length > 0) return settings.watchNamespaces
  if (settings.watchAllNamespaces) return []
  if (settings.podNamespace !== '') return [settings.podNamespace]
  throw new AppError(
    'InvalidSpec',
    'stall',
    '--watch-all-namespaces=false needs --watch-namespaces, or POD_NAMESPACE in the environment',
  )
}

function decodeSet(raw: KubeObject): GitOpsSet {
  const validation = validateSet(raw)
  if (validation.kind === 'valid' && findApiGroup(raw.apiVersion) !== undefined) return validation.set
  const message = validation.kind === 'invalid' ? formatFindings(validation) : 'unknown apiVersion'
  throw new AppError('InvalidSpec', 'stall', message)
}
