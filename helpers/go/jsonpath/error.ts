/**
 * Where a JSONPath failed: in its text (`parse`), on the data (`find`), or because what it found does not serve its
 * purpose (`shape`).
 */
export type JsonPathStage = 'parse' | 'find' | 'shape'

/** A JSONPath that cannot be read, or finds nothing usable. The message never holds data, only keys of the path. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError'
  readonly stage: JsonPathStage
  /** For `parse`: characters from the start of the path to what is wrong. */
  readonly offset: number | undefined

  constructor(stage: JsonPathStage, message: string, offset?: number) {
    super(message)
    this.stage = stage
    this.offset = offset
  }
}
