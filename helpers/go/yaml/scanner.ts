import { Cursor } from './cursor.ts'
import { isBlank, isBreak } from './scalar-style.ts'
import { scanBlock } from './scan-block.ts'
import { scanAnchor, scanDirective, scanTag } from './scan-names.ts'
import { scanPlain } from './scan-plain.ts'
import { scanQuoted } from './scan-quoted.ts'
import { Token, TokenQueue } from './token.ts'
import type { TokenKind } from './token.ts'

const maxDepth = 100
/** A key that is not marked with `?` ends within so many characters, on one line. */
const maxSimpleKeyChars = 1024

interface Place {
  offset: number
  line: number
  column: number
}

/** Where a key that is not just a scalar may have started, per flow level. */
interface SimpleKey {
  isPossible: boolean
  /** Something must follow it here, and only a key can. */
  isRequired: boolean
  token: number
  offset: number
  line: number
  column: number
}

/** `|`, `>`, `%`, `@`, a backquote, a tab. */
const cannotStart = new Set([0x7c, 0x3e, 0x25, 0x40, 0x60, 0x09])

/** Splits YAML into tokens, just as many as the parser asks for. */
export class Scanner {
  readonly tokens = new TokenQueue()
  readonly cursor: Cursor
  private indent = -1
  private readonly indents: number[] = []
  private flowLevel = 0
  private mayStartKey = true
  private readonly keys: SimpleKey[] = [newSimpleKey()]
  private possibleKeys = 0
  /** One for all tokens: there are many. */
  private readonly start: Place = { offset: 0, line: 0, column: 0 }

  constructor(text: string) {
    this.cursor = new Cursor(text, text.charCodeAt(0) === 0xfeff ? 1 : 0)
  }

  /** The kind of the next token, which is then at the head of `tokens`. */
  peek(): TokenKind {
    for (;;) {
      const { kind } = this.tokens
      if (kind > Token.Pending) return kind
      if (this.tokens.isEmpty) this.fetch()
      else if (kind === Token.None) this.tokens.take()
      else this.settle()
    }
  }

  private settle(): void {
    this.dropStaleKeys()
    if (this.tokens.kind === Token.Pending) this.fetch()
  }

  private fetch(): void {
    this.skipToToken()
    this.dropStaleKeys()
    const { cursor } = this
    if (cursor.code() === -1) {
      this.unroll(-1)
      for (const key of this.keys) if (key.isPossible) this.giveUp(key)
      this.tokens.push(Token.StreamEnd, cursor.pos)
      return
    }
    this.unroll(cursor.column)
    if (cursor.column === 0 && this.fetchAtLineStart()) return
    this.fetchContent(cursor.code())
  }

  private skipToToken(): void {
    const { cursor } = this
    for (;;) {
      const code = cursor.code()
      if (code === 0x20 || (code === 0x09 && (this.flowLevel > 0 || !this.mayStartKey))) {
        cursor.pos++
      } else if (code === 0x23) {
        cursor.skipToLineEnd()
      } else if (isBreak(code)) {
        cursor.readBreak()
        if (this.flowLevel === 0) this.mayStartKey = true
      } else {
        return
      }
    }
  }

  /** Directives and document markers. */
  private fetchAtLineStart(): boolean {
    const { cursor } = this
    const offset = cursor.pos
    if (cursor.code() === 0x25) {
      this.endBlocks()
      this.tokens.push(Token.Directive, offset, scanDirective(cursor))
      return true
    }
    const isStart = cursor.startsWithMarker(0x2d)
    if (!isStart && !cursor.startsWithMarker(0x2e)) return false
    this.endBlocks()
    cursor.pos += 3
    this.tokens.push(isStart ? Token.DocumentStart : Token.DocumentEnd, offset)
    return true
  }

  private endBlocks(): void {
    this.unroll(-1)
    this.endKeys()
  }

  private endKeys(): void {
    this.dropKey()
    this.mayStartKey = false
  }

  private fetchContent(code: number): void {
    switch (code) {
      case 0x5b: // [
        return this.fetchFlowStart(Token.FlowListStart)
      case 0x7b: // {
        return this.fetchFlowStart(Token.FlowMapStart)
      case 0x5d: // ]
        return this.fetchFlowEnd(Token.FlowListEnd)
      case 0x7d: // }
        return this.fetchFlowEnd(Token.FlowMapEnd)
      case 0x22: // "
      case 0x27: // '
        return this.fetchQuoted()
      case 0x26: // &
      case 0x2a: // *
        return this.fetchAnchor()
      default:
        return this.fetchIndicator(code)
    }
  }

  /** Characters that mean something depending on what is around them. */
  private fetchIndicator(code: number): void {
    switch (code) {
      case 0x2d: // -
        return this.cursor.isBlankOrEnd(1) ? this.fetchEntry() : this.fetchPlain()
      case 0x3f: // ?
        return this.endsIndicator() ? this.fetchKey() : this.fetchPlain()
      case 0x3a: // :
        return this.endsIndicator() ? this.fetchValue() : this.fetchPlain()
      case 0x2c: // ,
        return this.fetchFlowEntry()
      case 0x21: // !
        return this.fetchTag()
      default:
        return this.fetchScalar(code)
    }
  }

  private fetchScalar(code: number): void {
    if ((code === 0x7c || code === 0x3e) && this.flowLevel === 0) return this.fetchBlock()
    if (cannotStart.has(code)) this.cursor.fail('found character that cannot start any token')
    return this.fetchPlain()
  }

  private endsIndicator(): boolean {
    return this.flowLevel > 0 || this.cursor.isBlankOrEnd(1)
  }

  private fetchFlowStart(kind: TokenKind): void {
    this.saveKey()
    if (this.flowLevel >= maxDepth) this.cursor.fail(`nested deeper than ${maxDepth} levels`)
    this.flowLevel++
    this.keys.push(newSimpleKey())
    this.mayStartKey = true
    this.push(kind)
  }

  private fetchFlowEnd(kind: TokenKind): void {
    this.dropKey()
    if (this.flowLevel > 0) {
      this.flowLevel--
      this.keys.pop()
    }
    this.mayStartKey = false
    this.push(kind)
  }

  private fetchFlowEntry(): void {
    this.dropKey()
    this.mayStartKey = true
    this.push(Token.FlowEntry)
  }

  private fetchEntry(): void {
    if (this.flowLevel === 0) {
      if (!this.mayStartKey) this.cursor.fail('block sequence entries are not allowed in this context')
      if (this.roll(this.cursor.column)) this.tokens.push(Token.ListStart, this.cursor.pos)
    }
    this.dropKey()
    this.mayStartKey = true
    this.push(Token.Entry)
  }

  private fetchKey(): void {
    if (this.flowLevel === 0) {
      if (!this.mayStartKey) this.cursor.fail('mapping keys are not allowed in this context')
      if (this.roll(this.cursor.column)) this.tokens.push(Token.MapStart, this.cursor.pos)
    }
    this.dropKey()
    this.mayStartKey = this.flowLevel === 0
    this.push(Token.Key)
  }

  private fetchValue(): void {
    const key = this.key
    if (key.isPossible) {
      this.tokens.fill(key.token, this.roll(key.column) ? Token.MapStart : Token.None)
      this.tokens.fill(key.token + 1, Token.Key)
      key.isPossible = false
      this.possibleKeys--
      this.mayStartKey = false
    } else {
      if (this.flowLevel === 0) {
        if (!this.mayStartKey) this.cursor.fail('mapping values are not allowed in this context')
        if (this.roll(this.cursor.column)) this.tokens.push(Token.MapStart, this.cursor.pos)
      }
      this.mayStartKey = this.flowLevel === 0
    }
    this.push(Token.Value)
  }

  private fetchAnchor(): void {
    this.saveKey()
    this.mayStartKey = false
    const offset = this.cursor.pos
    const kind = this.cursor.code() === 0x26 ? Token.Anchor : Token.Alias
    this.tokens.push(kind, offset, scanAnchor(this.cursor))
  }

  private fetchTag(): void {
    this.saveKey()
    this.mayStartKey = false
    const offset = this.cursor.pos
    this.tokens.push(Token.Tag, offset, scanTag(this.cursor))
  }

  private fetchQuoted(): void {
    const start = this.place()
    const text = scanQuoted(this.cursor)
    const isKey = this.pushScalar(Token.Quoted, text, start)
    this.mayStartKey = false
    if (isKey) this.push(Token.Value)
  }

  private fetchBlock(): void {
    this.dropKey()
    this.mayStartKey = true
    const offset = this.cursor.pos
    this.tokens.push(Token.Quoted, offset, scanBlock(this.cursor, this.indent))
  }

  private fetchPlain(): void {
    const start = this.place()
    const text = scanPlain(this.cursor, this.indent + 1, this.flowLevel > 0)
    const isKey = this.pushScalar(Token.Plain, text, start)
    this.mayStartKey = this.cursor.isOnNewLine
    if (isKey) this.push(Token.Value)
  }

  /**
   * Pushes a scalar. A `:` that follows on its line makes it a key: then what goes before a key is pushed too, and the
   * cursor is left at the colon.
   */
  private pushScalar(kind: TokenKind, text: string, start: Place): boolean {
    const isKey = this.mayStartKey && this.makeKey(start)
    this.tokens.push(kind, start.offset, text)
    return isKey
  }

  private makeKey(start: Place): boolean {
    const blanks = this.countBlanksToColon(start)
    if (blanks === undefined) {
      this.saveKey(start)
      return false
    }
    this.dropKey()
    if (this.roll(start.column)) this.tokens.push(Token.MapStart, start.offset)
    this.tokens.push(Token.Key, start.offset)
    this.cursor.pos += blanks
    return true
  }

  private countBlanksToColon({ line, offset }: Place): number | undefined {
    const { cursor } = this
    if (cursor.line !== line || offset + maxSimpleKeyChars < cursor.pos) return undefined
    let ahead = 0
    while (isBlank(cursor.code(ahead))) ahead++
    if (cursor.code(ahead) !== 0x3a) return undefined
    return this.flowLevel > 0 || cursor.isBlankOrEnd(ahead + 1) ? ahead : undefined
  }

  /** A token of one character. */
  private push(kind: TokenKind): void {
    this.tokens.push(kind, this.cursor.pos)
    this.cursor.pos++
  }

  private get key(): SimpleKey {
    return this.keys[this.keys.length - 1] ?? newSimpleKey()
  }

  /** A key may start here: two slots are kept for the tokens that go before it. */
  private saveKey(start: Place = this.place()): void {
    if (!this.mayStartKey) return
    this.dropKey()
    const { key, tokens } = this
    key.isPossible = true
    this.possibleKeys++
    key.isRequired = this.flowLevel === 0 && this.indent === start.column
    key.token = tokens.next
    key.offset = start.offset
    key.line = start.line
    key.column = start.column
    tokens.push(Token.Pending, start.offset)
    tokens.push(Token.Pending, start.offset)
  }

  /** Where the cursor is; valid until the next token. */
  private place(): Place {
    const { cursor, start } = this
    start.offset = cursor.pos
    start.line = cursor.line
    start.column = cursor.column
    return start
  }

  private dropKey(): void {
    const key = this.key
    if (key.isPossible) this.giveUp(key)
  }

  private dropStaleKeys(): void {
    if (this.possibleKeys === 0) return
    const { line, pos } = this.cursor
    for (const key of this.keys) {
      if (key.isPossible && (key.line < line || key.offset + maxSimpleKeyChars < pos)) this.giveUp(key)
    }
  }

  private giveUp(key: SimpleKey): void {
    if (key.isRequired) this.cursor.fail("could not find expected ':'")
    key.isPossible = false
    this.possibleKeys--
    this.tokens.fill(key.token, Token.None)
    this.tokens.fill(key.token + 1, Token.None)
  }

  /** Enters a block at `column`, unless that is not further in. */
  private roll(column: number): boolean {
    if (this.flowLevel > 0 || this.indent >= column) return false
    if (this.indents.length >= maxDepth) this.cursor.fail(`nested deeper than ${maxDepth} levels`)
    this.indents.push(this.indent)
    this.indent = column
    return true
  }

  private unroll(column: number): void {
    if (this.flowLevel > 0) return
    while (this.indent > column) {
      this.tokens.push(Token.BlockEnd, this.cursor.pos)
      this.indent = this.indents.pop() ?? -1
    }
  }
}

function newSimpleKey(): SimpleKey {
  return { isPossible: false, isRequired: false, token: 0, offset: 0, line: 0, column: 0 }
}
