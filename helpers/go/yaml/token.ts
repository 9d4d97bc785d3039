export const Token = {
  /** A slot that a simple key did not need. */
  None: 0,
  /** A slot that is needed if a `:` follows. */
  Pending: 1,
  StreamEnd: 2,
  Directive: 3,
  DocumentStart: 4,
  DocumentEnd: 5,
  ListStart: 6,
  MapStart: 7,
  BlockEnd: 8,
  FlowListStart: 9,
  FlowListEnd: 10,
  FlowMapStart: 11,
  FlowMapEnd: 12,
  Entry: 13,
  FlowEntry: 14,
  Key: 15,
  Value: 16,
  Alias: 17,
  Anchor: 18,
  Tag: 19,
  Plain: 20,
  /** A quoted or block scalar. */
  Quoted: 21,
} as const

export type TokenKind = (typeof Token)[keyof typeof Token]

/** Tokens between scanner and parser. Slots are filled in later where what follows them turns out to be a key. */
export class TokenQueue {
  private readonly kinds: TokenKind[] = []
  private readonly values: string[] = []
  private readonly offsets: number[] = []
  private head = 0
  private tail = 0
  /** Tokens taken before those that are held. */
  private base = 0

  /** The number that the next token gets. */
  get next(): number {
    return this.base + this.tail
  }

  get isEmpty(): boolean {
    return this.head === this.tail
  }

  get kind(): TokenKind {
    return this.head === this.tail ? Token.None : (this.kinds[this.head] ?? Token.None)
  }

  get value(): string {
    return this.values[this.head] ?? ''
  }

  get offset(): number {
    return this.offsets[this.head] ?? 0
  }

  push(kind: TokenKind, offset: number, value = ''): void {
    const { tail } = this
    this.kinds[tail] = kind
    this.offsets[tail] = offset
    this.values[tail] = value
    this.tail = tail + 1
  }

  fill(number: number, kind: TokenKind): void {
    this.kinds[number - this.base] = kind
  }

  take(): void {
    this.head++
    if (this.head < this.tail) return
    // The arrays keep their size: they are used again at once.
    this.base += this.tail
    this.head = 0
    this.tail = 0
  }
}
