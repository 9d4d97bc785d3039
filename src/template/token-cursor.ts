import { quoteString } from '../../helpers/go/quote.ts'
import { parseError } from './errors.ts'
import type { TemplateError } from './errors.ts'
import { maxNesting } from './limits.ts'
import { positionAt } from './position.ts'
import type { Source } from './position.ts'
import type { Token, TokenKind } from './token.ts'

/** Reads tokens in order, with any lookahead, and words the parse errors. */
export class TokenCursor {
  readonly source: Source
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0
  /** Offset of the action being read, for errors that end far from where they began. */
  actionPos = 0

  constructor(source: Source, tokens: readonly Token[]) {
    this.source = source
    this.#tokens = tokens
  }

  next(): Token {
    const token = this.peek()
    if (this.#at < this.#tokens.length - 1) this.#at++
    return token
  }

  peek(): Token {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new RangeError('a token list ends with eof or error')
    return token
  }

  nextNonSpace(): Token {
    this.#skipSpace()
    return this.next()
  }

  peekNonSpace(): Token {
    this.#skipSpace()
    return this.peek()
  }

  #skipSpace(): void {
    while (this.peek().kind === 'space') this.next()
  }

  /** Where the cursor is, to come back to with {@link rewind}. */
  mark(): number {
    return this.#at
  }

  rewind(mark: number): void {
    this.#at = mark
  }

  expect(context: string, ...kinds: readonly TokenKind[]): Token {
    const token = this.nextNonSpace()
    return kinds.includes(token.kind) ? token : this.unexpected(token, context)
  }

  /** Counts a level of blocks or parentheses; the caller leaves it by calling {@link leave}. */
  enter(token: Token): void {
    if (++this.#depth > maxNesting) throw this.error(token, `nested more than ${maxNesting} levels deep`)
  }

  leave(): void {
    this.#depth--
  }

  error(token: Token, detail: string): TemplateError {
    return parseError(this.source, token.pos, detail)
  }

  unexpected(token: Token, context: string): never {
    if (token.kind === 'error') throw this.error(token, token.text + this.#describeStart(token))
    throw this.error(token, `unexpected ${describe(token)} in ${context}`)
  }

  #describeStart(token: Token): string {
    const { text, name } = this.source
    const started = positionAt(text, this.actionPos).line
    if (started === positionAt(text, token.pos).line) return ''
    return `${token.text.endsWith(' action') ? '' : ' in action'} started at ${name}:${started}`
  }
}

function describe(token: Token): string {
  if (token.kind === 'eof') return 'EOF'
  if (token.kind === 'keyword') return `<${token.text}>`
  return token.text.length > 10 ? `${quoteString(token.text.slice(0, 10))}...` : quoteString(token.text)
}
