import { isBlank, isBreak, isPrintable } from './scalar-style.ts'
import type { ScalarStyle } from './scalar-style.ts'

/** Lines are folded at the first space after this many columns. */
const bestWidth = 80

/** Where a scalar is written. Columns count characters from 0. */
export interface ScalarPlace {
  /** Of the scalar's first character. */
  readonly column: number
  /** Of continuation lines. */
  readonly indent: number
  /** Not in keys. */
  readonly mayFold: boolean
}

/** `text` in `style`, as goyaml.v2 writes it. Without the line break after it, except for a literal block. */
export function writeScalar(text: string, style: ScalarStyle, place: ScalarPlace): string {
  switch (style) {
    case 'plain':
      return needsFolding(text, place) ? new Folder(place).plain(text) : text
    case 'single':
      if (needsFolding(text, place)) return new Folder(place).singleQuoted(text)
      return `'${text.replaceAll("'", "''")}'`
    case 'double':
      return new Folder(place).doubleQuoted(text)
    case 'literal':
      return writeLiteral(text, place.indent)
  }
}

const anyBreak = /[\n\r\x85\u2028\u2029]/

function needsFolding(text: string, place: ScalarPlace): boolean {
  return (place.mayFold && place.column + text.length + 2 > bestWidth) || anyBreak.test(text)
}

const rareBreak = /[\x85\u2028\u2029]/

/** `|` with its hints, and the lines. */
function writeLiteral(text: string, indent: number): string {
  const header = `|${blockHints(text)}\n`
  const pad = ' '.repeat(indent)
  if (rareBreak.test(text)) return header + padLines(text, pad)
  const lines = text.replace(/^(?=[^\n])/gm, pad)
  return header + (text.endsWith('\n') ? lines : `${lines}\n`)
}

function padLines(text: string, pad: string): string {
  let lines = ''
  let atLineStart = true
  for (const line of text.split(/(?<=[\n\r\x85\u2028\u2029])/)) {
    if (!atLineStart || !isBreak(line.charCodeAt(0))) lines += pad
    lines += line
    atLineStart = isBreak(line.charCodeAt(line.length - 1))
  }
  return atLineStart ? lines : `${lines}\n`
}

/** An indentation hint where the text begins with space, and what becomes of its last line breaks. */
export function blockHints(text: string): string {
  const first = text.charCodeAt(0)
  const indentHint = first === 0x20 || isBreak(first) ? '2' : ''
  if (!isBreak(text.charCodeAt(text.length - 1))) return `${indentHint}-`
  const keepsBreaks = text.length === 1 || isBreak(text.charCodeAt(text.length - 2))
  return keepsBreaks ? `${indentHint}+` : indentHint
}

const escapes = new Map<number, string>([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0x2028, 'L'],
  [0x2029, 'P'],
])

function escapeCodePoint(code: number): string {
  const short = escapes.get(code)
  if (short !== undefined) return `\\${short}`
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

/** Writes flow scalars character by character, keeping the column. */
class Folder {
  private readonly place: ScalarPlace
  private column: number
  private text = ''
  /** The last thing written was a line break or indentation. */
  private isIndented = false

  constructor(place: ScalarPlace) {
    this.place = place
    this.column = place.column
  }

  plain(value: string): string {
    this.writeWords(value, 0, value.length)
    return this.text
  }

  singleQuoted(value: string): string {
    this.put("'")
    // A space at an end is not where a line may be folded.
    this.writeWords(value, 1, value.length - 1)
    this.put("'")
    return this.text
  }

  doubleQuoted(value: string): string {
    this.put('"')
    let afterSpace = false
    for (let at = 0; at < value.length; at++) {
      const code = value.codePointAt(at) ?? 0
      if (code === 0x20) {
        this.writeQuotedSpace(value, at, afterSpace)
        afterSpace = true
        continue
      }
      this.writeQuotedChar(code)
      afterSpace = false
      if (code > 0xffff) at++
    }
    this.put('"')
    return this.text
  }

  private writeQuotedSpace(value: string, at: number, afterSpace: boolean): void {
    if (!this.isWide() || afterSpace || at === 0 || at === value.length - 1) {
      this.put(' ')
      return
    }
    this.startLine()
    if (value.charCodeAt(at + 1) === 0x20) this.put('\\')
  }

  private writeQuotedChar(code: number): void {
    const isItself = isPrintable(code) && !isBreak(code) && code !== 0x22 && code !== 0x5c
    this.put(isItself ? String.fromCharCode(code) : escapeCodePoint(code))
  }

  /** Plain and single-quoted text; folds at single spaces from `from` to before `to`. */
  private writeWords(value: string, from: number, to: number): void {
    let afterSpace = false
    let afterBreak = false
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at)
      if (code === 0x20) {
        const isSingle = !afterSpace && !isBlank(value.charCodeAt(at + 1))
        if (isSingle && at >= from && at < to && this.isWide()) this.startLine()
        else this.put(' ')
        afterSpace = true
      } else if (isBreak(code)) {
        this.putBreak(value.charAt(at))
        afterBreak = true
      } else {
        if (afterBreak) this.startLine()
        this.putChar(value.charAt(at), code)
        afterSpace = false
        afterBreak = false
      }
    }
  }

  private putChar(char: string, code: number): void {
    this.put(code === 0x27 && this.text.startsWith("'") ? "''" : char)
    this.isIndented = false
  }

  private isWide(): boolean {
    return this.place.mayFold && this.column > bestWidth
  }

  private put(text: string): void {
    this.text += text
    this.column += text.length
  }

  private putBreak(char: string): void {
    this.text += char
    this.column = 0
    this.isIndented = true
  }

  private startLine(): void {
    const { indent } = this.place
    if (!this.isIndented || this.column > indent) {
      this.text += '\n'
      this.column = 0
    }
    this.text += ' '.repeat(Math.max(indent - this.column, 0))
    this.column = Math.max(indent, this.column)
    this.isIndented = true
  }
}
