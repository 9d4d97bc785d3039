/** One bound of `[start:end:step]`; undefined: not given. */
export interface SliceNode {
  readonly kind: 'slice'
  readonly start: number | undefined
  readonly end: number | undefined
  readonly step: number | undefined
  /** The end of `[n]`, which was not written. */
  readonly endDerived: boolean
}

export interface FilterNode {
  readonly kind: 'filter'
  readonly left: PathNodes
  /** `exists` where the filter compares nothing. What is no operator is refused when it is reached. */
  readonly operator: string
  readonly right: PathNodes
}

export type PathNode =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | SliceNode
  | FilterNode
  | { readonly kind: 'union'; readonly members: readonly PathNodes[] }
  /** A literal inside braces, or text between them. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** `range`, `end`; any other word is refused when it is reached. */
  | { readonly kind: 'word'; readonly word: string }

/** What stands between one pair of braces, from left to right. */
export type PathNodes = readonly PathNode[]

/** A JSONPath: actions in braces, with texts between them. */
export type PathParts = readonly (PathNodes | { readonly kind: 'text'; readonly text: string })[]
