/** Where a template's source comes from. */
export interface SourceOrigin {
  /** Field path, for messages. */
  readonly path: string
  /** Lines put before the source, and columns before each of its lines, which the author does not know of. */
  readonly addedLines?: number
  readonly addedColumns?: number
}

/** Where a leaf stands in the YAML form of its template. */
export interface LeafPlace {
  /** Field path, for messages. */
  readonly path: string
  /** The columns by which further lines of the leaf are indented. */
  readonly indent: number
  /** Whether it is an item of a list, behind `- `. */
  readonly isItem: boolean
}
