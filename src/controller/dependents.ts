import { identityOf } from '../api/inventory.ts'
import type { ObjectIdentity } from '../ports.ts'

/** Which sets read which objects: the reverse of the generators' references. */
export class Dependents {
  private readonly setsByReference = new Map<string, Set<string>>()
  private readonly referencesBySet = new Map<string, readonly ObjectIdentity[]>()

  /** Replaces what the set reads. */
  update(setKey: string, references: readonly ObjectIdentity[]): void {
    this.forget(setKey)
    if (references.length === 0) return
    this.referencesBySet.set(setKey, references)
    for (const reference of references) {
      const text = identityOf(reference)
      const sets = this.setsByReference.get(text) ?? new Set()
      this.setsByReference.set(text, sets.add(setKey))
    }
  }

  forget(setKey: string): void {
    for (const reference of this.referencesBySet.get(setKey) ?? []) {
      const text = identityOf(reference)
      const sets = this.setsByReference.get(text)
      sets?.delete(setKey)
      if (sets?.size === 0) this.setsByReference.delete(text)
    }
    this.referencesBySet.delete(setKey)
  }

  /** Sets that read the object. */
  find(reference: ObjectIdentity): string[] {
    return [...(this.setsByReference.get(identityOf(reference)) ?? [])]
  }

  /** Every object that some set reads, each once. */
  all(): ObjectIdentity[] {
    const seen = new Map<string, ObjectIdentity>()
    for (const references of this.referencesBySet.values()) {
      for (const reference of references) seen.set(identityOf(reference), reference)
    }
    return [...seen.values()]
  }
}
