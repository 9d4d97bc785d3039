/** Thrown in the middle of a search that reads too much. */
export class TooMuchWork extends Error {}

/**
 * A text that counts how often a character of it is read. The regular expression engine takes String objects, and a
 * search for all matches can read the rest of the text once per match, so its work is not bounded by the text's length.
 */
export class MeteredText extends String {
  #reads = 0
  readonly #maxReads: number

  constructor(text: string, maxReads: number) {
    super(text)
    this.#maxReads = maxReads
  }

  /** How many characters have been read. */
  get reads(): number {
    return this.#reads
  }

  override charCodeAt(index: number): number {
    if (++this.#reads > this.#maxReads) throw new TooMuchWork()
    return super.charCodeAt(index)
  }
}
