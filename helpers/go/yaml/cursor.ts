import { isBlank, isBreak } from './scalar-style.ts'
import { placeOf, YamlError } from './yaml-error.ts'

/** A reading position in a text. At the end, `code()` is -1. */
export class Cursor {
  readonly text: string
  pos = 0
  line = 0
  /** Whether the last plain scalar ended after a line break, where a key may start. */
  isOnNewLine = false
  private lineStart = 0

  constructor(text: string, pos = 0) {
    this.text = text
    this.pos = pos
    this.lineStart = pos
  }

  get column(): number {
    return this.pos - this.lineStart
  }

  code(ahead = 0): number {
    const at = this.pos + ahead
    return at < this.text.length ? this.text.charCodeAt(at) : -1
  }

  isBlankOrEnd(ahead = 0): boolean {
    const code = this.code(ahead)
    return code === -1 || isBlank(code) || isBreak(code)
  }

  isBreakOrEnd(): boolean {
    const code = this.code()
    return code === -1 || isBreak(code)
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.pos++
  }

  skipToLineEnd(): void {
    while (!this.isBreakOrEnd()) this.pos++
  }

  /** Reads one line break; every form but the Unicode separators becomes a line feed. */
  readBreak(): string {
    const code = this.code()
    if (code === -1) return ''
    this.pos += code === 0x0d && this.code(1) === 0x0a ? 2 : 1
    this.line++
    this.lineStart = this.pos
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n'
  }

  /** At the start of a line with `---` or `...`. */
  isAtDocumentMarker(): boolean {
    return this.column === 0 && (this.startsWithMarker(0x2d) || this.startsWithMarker(0x2e))
  }

  startsWithMarker(code: number): boolean {
    return this.code() === code && this.code(1) === code && this.code(2) === code && this.isBlankOrEnd(3)
  }

  fail(reason: string, offset = this.pos): never {
    throw new YamlError(reason, placeOf(this.text, offset))
  }
}

/** The line breaks between two words of a scalar, folded: a lone line feed becomes a space. */
export function foldBreaks(first: string, others: string): string {
  if (first !== '\n') return first + others
  return others === '' ? ' ' : others
}
