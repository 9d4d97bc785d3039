import type { Operand } from '../ast.ts'

/** A slot that holds a context, or an entry of a loop with the context in its `value`. */
export interface Holder {
  readonly slot: number
  readonly isEntry: boolean
}

/** What `this`, `../`, `@index` and block parameters mean at a point of the template. Immutable. */
export interface Contexts {
  /** The innermost context first. */
  readonly stack: readonly Holder[]
  /** The loops around, innermost first: what `@index` reads. */
  readonly loops: readonly Holder[]
  readonly blockParams: ReadonlyMap<string, { readonly slot: number; readonly names: readonly string[] }>
}

export const rootContexts: Contexts = {
  stack: [{ slot: 0, isEntry: false }],
  loops: [],
  blockParams: new Map(),
}

export function enterContext(contexts: Contexts, holder: Holder): Contexts {
  const loops = holder.isEntry ? [holder, ...contexts.loops] : contexts.loops
  return { ...contexts, stack: [holder, ...contexts.stack], loops }
}

/** Names the context of a block, and in a loop its key, as `as |item key|` does. */
export function nameBlockParams(contexts: Contexts, names: readonly string[], holder: Holder): Contexts {
  const blockParams = new Map(contexts.blockParams)
  const fields = holder.isEntry ? [['value'], ['key']] : [[]]
  for (const [index, name] of names.entries()) {
    const field = fields[index]
    if (field !== undefined) blockParams.set(name, { slot: holder.slot, names: field })
  }
  return { ...contexts, blockParams }
}

export function readSlot(pos: number, slot: number, names: readonly string[]): Operand {
  return { kind: 'variable', pos, name: '$', slot, names }
}

export function readHolder(pos: number, holder: Holder): Operand {
  return readSlot(pos, holder.slot, holder.isEntry ? ['value'] : [])
}
