import { quoteString } from '../../helpers/go/quote.ts'
import { isLetterOrDigit, isSpaceCode, scanNumber } from './scan.ts'
import { keywords } from './token.ts'
import type { Token, TokenKind } from './token.ts'

export interface Delimiters {
  readonly left: string
  readonly right: string
}

/**
 * Splits a template into tokens, as text/template does: space inside actions is a token, trim markers need their
 * space, comments vanish. A mistake ends the list with an `error` token, which is an error only if the parser gets
 * there.
 */
export function lex(source: string, delimiters: Delimiters): Token[] {
  return new Lexer(source, delimiters).run()
}

const trimMarkerLength = 2
const dash = 45

const simpleTokens = new Map<string, TokenKind>([
  ['=', 'assign'],
  ['|', 'pipe'],
])

class Lexer {
  readonly #source: string
  readonly #left: string
  readonly #right: string
  readonly #tokens: Token[] = []
  #at = 0
  #parenDepth = 0

  constructor(source: string, { left, right }: Delimiters) {
    this.#source = source
    this.#left = left
    this.#right = right
  }

  run(): Token[] {
    while (this.#lexText() && this.#lexAction());
    return this.#tokens
  }

  #push(kind: TokenKind, pos: number, text = this.#source.slice(pos, this.#at)): true {
    this.#tokens.push({ kind, pos, text })
    return true
  }

  #fail(message: string, pos = this.#at): false {
    this.#tokens.push({ kind: 'error', pos, text: message })
    return false
  }

  /** Text up to the next action. False at the end of the source. */
  #lexText(): boolean {
    const start = this.#at
    const next = this.#source.indexOf(this.#left, start)
    if (next < 0) {
      this.#at = this.#source.length
      if (this.#at > start) this.#push('text', start)
      this.#push('eof', this.#at, '')
      return false
    }
    const trims = this.#hasLeftTrim(next + this.#left.length)
    const text = this.#source.slice(start, trims ? trimmedEnd(this.#source, start, next) : next)
    if (text !== '') this.#push('text', start, text)
    this.#at = next
    return true
  }

  /** An action or a comment. False where there is a mistake. */
  #lexAction(): boolean {
    const start = this.#at
    this.#at += this.#left.length
    const marker = this.#hasLeftTrim(this.#at) ? trimMarkerLength : 0
    if (this.#source.startsWith('/*', this.#at + marker)) return this.#lexComment(marker)
    this.#push('leftDelim', start)
    this.#at += marker
    this.#parenDepth = 0
    while (!this.#atRightDelim()) if (!this.#lexToken()) return false
    return this.#lexRightDelim()
  }

  #lexComment(marker: number): boolean {
    const end = this.#source.indexOf('*/', this.#at + marker)
    if (end < 0) return this.#fail('unclosed comment')
    this.#at = end + 2
    if (!this.#atRightDelim()) return this.#fail('comment ends before closing delimiter')
    this.#skipRightDelim()
    return true
  }

  #lexRightDelim(): boolean {
    if (this.#parenDepth > 0) return this.#fail('unclosed left paren')
    const trims = this.#hasRightTrim()
    this.#push('rightDelim', trims ? this.#at + trimMarkerLength : this.#at, this.#right)
    this.#skipRightDelim()
    return true
  }

  /** Moves past the closing delimiter, and past the space that its trim marker removes. */
  #skipRightDelim(): void {
    const trims = this.#hasRightTrim()
    this.#at += this.#right.length + (trims ? trimMarkerLength : 0)
    if (trims) while (isSpaceCode(this.#source.charCodeAt(this.#at))) this.#at++
  }

  #hasLeftTrim(at: number): boolean {
    return this.#source.charCodeAt(at) === dash && isSpaceCode(this.#source.charCodeAt(at + 1))
  }

  #hasRightTrim(at = this.#at): boolean {
    if (this.#source.charCodeAt(at + 1) !== dash || !isSpaceCode(this.#source.charCodeAt(at))) return false
    return this.#source.startsWith(this.#right, at + trimMarkerLength)
  }

  #atRightDelim(): boolean {
    return this.#source.startsWith(this.#right, this.#at) || this.#hasRightTrim()
  }

  #lexToken(): boolean {
    const code = this.#source.charCodeAt(this.#at)
    if (Number.isNaN(code)) return this.#fail('unclosed action')
    if (isSpaceCode(code)) return this.#lexSpace()
    if (isNumberStart(code) || (code === 46 && isDigitCode(this.#source.charCodeAt(this.#at + 1)))) {
      return this.#lexNumber()
    }
    return isLetterOrDigit(this.#source, this.#at) ? this.#lexIdentifier() : this.#lexMark()
  }

  /** Space, but not the one that belongs to a trim marker. */
  #lexSpace(): boolean {
    const start = this.#at
    while (isSpaceCode(this.#source.charCodeAt(this.#at))) this.#at++
    if (this.#hasRightTrim(this.#at - 1)) this.#at--
    return this.#at === start || this.#push('space', start)
  }

  #lexNumber(): boolean {
    const start = this.#at
    const end = scanNumber(this.#source, start)
    if (end < 0) return this.#failNumber(start, -end)
    this.#at = end
    const sign = this.#source.charAt(end)
    if (sign !== '+' && sign !== '-') return this.#push('number', start)
    const complexEnd = scanNumber(this.#source, end)
    this.#at = Math.abs(complexEnd)
    if (complexEnd < 0 || this.#source.charAt(complexEnd - 1) !== 'i')
      return this.#failNumber(start, this.#at)
    return this.#push('complex', start)
  }

  #failNumber(start: number, end: number): false {
    return this.#fail(`bad number syntax: ${quoteString(this.#source.slice(start, end))}`, start)
  }

  #lexIdentifier(): boolean {
    const start = this.#at
    this.#skipName()
    const word = this.#source.slice(start, this.#at)
    if (!this.#atTerminator()) return this.#failCharacter('bad character')
    if (keywords.has(word)) return this.#push('keyword', start)
    if (word === 'nil') return this.#push('nil', start)
    return this.#push(word === 'true' || word === 'false' ? 'bool' : 'identifier', start)
  }

  #skipName(): void {
    while (isLetterOrDigit(this.#source, this.#at)) {
      this.#at += (this.#source.codePointAt(this.#at) ?? 0) > 0xffff ? 2 : 1
    }
  }

  /** `.name`, `.`, `$name` or `$`. */
  #lexName(kind: 'field' | 'variable'): boolean {
    const start = this.#at++
    if (this.#atTerminator()) return this.#push(kind === 'variable' ? 'variable' : 'dot', start)
    this.#skipName()
    return this.#atTerminator() ? this.#push(kind, start) : this.#failCharacter('bad character')
  }

  #atTerminator(): boolean {
    const char = this.#source.charAt(this.#at)
    if (char === '' || isSpaceCode(char.charCodeAt(0)) || '.,|:()'.includes(char)) return true
    return this.#source.startsWith(this.#right, this.#at)
  }

  #failCharacter(complaint: string): false {
    const code = this.#source.codePointAt(this.#at) ?? 0
    const hex = code.toString(16).toUpperCase().padStart(4, '0')
    return this.#fail(`${complaint} U+${hex} '${String.fromCodePoint(code)}'`)
  }

  #lexMark(): boolean {
    const char = this.#source.charAt(this.#at)
    switch (char) {
      case '.':
        return this.#lexName('field')
      case '$':
        return this.#lexName('variable')
      case '"':
        return this.#lexQuoted('string', 'unterminated quoted string')
      case "'":
        return this.#lexQuoted('charConstant', 'unterminated character constant')
      case '`':
        return this.#lexRawString()
      case '(':
      case ')':
        return this.#lexParen(char)
      case ':':
        return this.#lexDeclare()
      default:
        return this.#lexChar(char)
    }
  }

  #lexQuoted(kind: 'string' | 'charConstant', complaint: string): boolean {
    const start = this.#at
    const quote = this.#source.charCodeAt(start)
    for (let at = start + 1; at < this.#source.length; at++) {
      const code = this.#source.charCodeAt(at)
      if (code === quote) {
        this.#at = at + 1
        return this.#push(kind, start)
      }
      if (code === 92) at++
      if (this.#source.charCodeAt(at) === 10) break
    }
    return this.#fail(complaint, start)
  }

  #lexRawString(): boolean {
    const start = this.#at
    const end = this.#source.indexOf('`', start + 1)
    if (end < 0) return this.#fail('unterminated raw quoted string', start)
    this.#at = end + 1
    return this.#push('rawString', start)
  }

  #lexParen(char: string): boolean {
    const start = this.#at++
    if (char === '(') {
      this.#parenDepth++
      return this.#push('leftParen', start)
    }
    if (--this.#parenDepth < 0) return this.#fail('unexpected right paren', start)
    return this.#push('rightParen', start)
  }

  #lexDeclare(): boolean {
    const start = this.#at
    if (this.#source.charAt(start + 1) !== '=') return this.#fail('expected :=')
    this.#at += 2
    return this.#push('declare', start)
  }

  #lexChar(char: string): boolean {
    if (char < ' ' || char > '~') return this.#failCharacter('unrecognized character in action:')
    const start = this.#at++
    return this.#push(simpleTokens.get(char) ?? 'char', start)
  }
}

function trimmedEnd(source: string, start: number, end: number): number {
  let at = end
  while (at > start && isSpaceCode(source.charCodeAt(at - 1))) at--
  return at
}

function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57
}

function isNumberStart(code: number): boolean {
  return isDigitCode(code) || code === 43 || code === dash
}
