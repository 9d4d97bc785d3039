import { AppliedRecords } from '../apply/applied-records.ts'
import { identityOf } from '../api/inventory.ts'
import type { ObjectIdentity } from '../ports.ts'
import type { EarlierGeneration, PreparedTemplates } from '../pipeline.ts'

interface CachedGeneration {
  readonly earlier: EarlierGeneration
  readonly references: readonly ObjectIdentity[]
  readonly validUntilMs: number
}

/**
 * What the controller remembers of one set between reconciles. Only caches: losing it costs a question to a generator
 * or an apply without effect, never correctness.
 */
export class SetMemory {
  readonly uid: string
  readonly records = new AppliedRecords()
  /** Attempts since the last one that did not have to be repeated. */
  failures = 0
  prepared: PreparedTemplates | undefined
  private revision = ''
  private readonly generations = new Map<string, CachedGeneration>()

  constructor(uid: string) {
    this.uid = uid
  }

  /** Drops what was made from another `revision` of the set's spec. */
  useRevision(revision: string): void {
    if (this.revision === revision) return
    this.revision = revision
    this.prepared = undefined
    this.generations.clear()
  }

  keepGeneration(path: string, cached: CachedGeneration): void {
    this.generations.set(path, cached)
  }

  /** The answer of a generator that is not due yet. */
  findGeneration(path: string, nowMs: number): EarlierGeneration | undefined {
    const cached = this.generations.get(path)
    return cached !== undefined && cached.validUntilMs > nowMs ? cached.earlier : undefined
  }

  hasGenerations(): boolean {
    return this.generations.size > 0
  }

  /** Makes the answers stale that were made from an object (its identity text) that has changed. */
  dropGenerationsFrom(reference: string): void {
    for (const [path, cached] of this.generations) {
      if (cached.references.some((known) => identityOf(known) === reference)) this.generations.delete(path)
    }
  }

  dropGenerations(): void {
    this.generations.clear()
  }
}
