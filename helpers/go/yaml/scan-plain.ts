import { foldBreaks } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import { isBlank, isBreak } from './scalar-style.ts'

const ALWAYS = 1
const COLON = 2
const IN_FLOW = 3
const BLANK = 4

/** ASCII characters at which a plain scalar may end. */
const stops = new Uint8Array(128)
stops[0x0a] = stops[0x0d] = ALWAYS
stops[0x20] = stops[0x09] = BLANK
stops[0x3a] = COLON
for (const char of ',?[]{}') stops[char.charCodeAt(0)] = IN_FLOW

export interface PlainScalar {
  readonly text: string
  /** It ends after a line break, where a simple key may start. */
  readonly endsOnNewLine: boolean
}

/** Reads a plain scalar, and the blanks and line breaks after it. `indent` is the least column of its further lines. */
export function scanPlain(cursor: Cursor, indent: number, isFlow: boolean): PlainScalar {
  let text = readWords(cursor, isFlow)
  for (;;) {
    if (!isBreak(cursor.code())) return { text, endsOnNewLine: false }
    const first = cursor.readBreak()
    const others = skipToText(cursor, indent)
    if ((!isFlow && cursor.column < indent) || cursor.code() === 0x23 || cursor.isAtDocumentMarker()) break
    const words = readWords(cursor, isFlow)
    if (words === '') break
    text += foldBreaks(first, others) + words
  }
  return { text, endsOnNewLine: true }
}

/** Skips blanks and further line breaks, which it returns. */
function skipToText(cursor: Cursor, indent: number): string {
  let breaks = ''
  for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
    if (isBreak(code)) breaks += cursor.readBreak()
    else if (code === 0x09 && cursor.column < indent)
      cursor.fail('found a tab character that violates indentation')
    else cursor.pos++
  }
  return breaks
}

/** The words up to where the scalar or the line ends; leaves the cursor behind the blanks that follow. */
function readWords(cursor: Cursor, isFlow: boolean): string {
  const { text } = cursor
  const start = cursor.pos
  let end = start
  let at = start
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const stop = code < 128 ? stops[code] : Number(isBreak(code))
    if (stop === BLANK) continue
    // A number sign after a blank starts a comment.
    if (code === 0x23 && end < at) break
    if (stop !== 0 && endsScalar(stop, isFlow, text.charCodeAt(at + 1))) break
    end = at + 1
  }
  cursor.pos = at
  return text.slice(start, end)
}

function endsScalar(stop: number | undefined, isFlow: boolean, next: number): boolean {
  if (stop === COLON) return Number.isNaN(next) || isBlank(next) || isBreak(next)
  return stop === IN_FLOW ? isFlow : true
}
