interface Variable {
  readonly name: string
  readonly slot: number
}

/**
 * The variables visible at a point of a template. Each declaration gets a slot of its own, so that execution finds
 * variables by number. Slot 0 is `$`.
 */
export class Scope {
  #visible: Variable[] = [{ name: '$', slot: 0 }]
  #slotCount = 1

  get slotCount(): number {
    return this.#slotCount
  }

  /** To be given to {@link leave} at the end of the block. */
  enter(): number {
    return this.#visible.length
  }

  leave(mark: number): void {
    this.#visible.length = mark
  }

  newSlot(): number {
    return this.#slotCount++
  }

  declare(name: string, slot: number): void {
    this.#visible.push({ name, slot })
  }

  find(name: string): number | undefined {
    return this.#visible.findLast((variable) => variable.name === name)?.slot
  }
}
