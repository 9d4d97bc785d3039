import { identityOf } from '../api/inventory.ts'
import { canonicalHash } from '../lib/canonical.ts'
import type { ObjectIdentity, ObjectKey } from '../ports.ts'

/** An object that a set reads. An empty name stands for all objects of the kind in the namespace, an empty namespace for all. */
export interface Dependency {
  readonly setText: string
  readonly key: ObjectKey
}

/** Which sets read which objects: the reverse of the generators' references. */
export class Dependents {
  private readonly setsByReference = new Map<string, Set<string>>()
  private readonly referencesBySet = new Map<string, readonly ObjectKey[]>()

  /** Replaces what the set reads. False: it was so before. */
  update(setText: string, references: readonly ObjectKey[]): boolean {
    const known = this.referencesBySet.get(setText) ?? []
    if (canonicalHash(known.map(identityOf)) === canonicalHash(references.map(identityOf))) return false
    this.forget(setText)
    if (references.length === 0) return true
    this.referencesBySet.set(setText, references)
    for (const reference of references) {
      const text = identityOf(reference)
      const sets = this.setsByReference.get(text) ?? new Set()
      this.setsByReference.set(text, sets.add(setText))
    }
    return true
  }

  forget(setText: string): void {
    for (const reference of this.referencesBySet.get(setText) ?? []) {
      const text = identityOf(reference)
      const sets = this.setsByReference.get(text)
      sets?.delete(setText)
      if (sets?.size === 0) this.setsByReference.delete(text)
    }
    this.referencesBySet.delete(setText)
  }

  /** Sets that read the object, and the reference by which they do. */
  find(object: ObjectIdentity): { setText: string; reference: string }[] {
    const texts = [object, { ...object, name: '' }, { ...object, name: '', namespace: '' }].map(identityOf)
    return [...new Set(texts)].flatMap((reference) =>
      [...(this.setsByReference.get(reference) ?? [])].map((setText) => ({ setText, reference })),
    )
  }

  /** Every reference of every set. */
  all(): Dependency[] {
    return [...this.referencesBySet].flatMap(([setText, keys]) => keys.map((key) => ({ setText, key })))
  }
}
