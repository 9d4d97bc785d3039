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

/**
 * Reads a plain scalar, and the blanks and line breaks after it. `indent` is the least column of its further lines.
 * Sets `cursor.isOnNewLine` where it ends after a line break.
 */
export function scanPlain(cursor: Cursor, indent: number, isFlow: boolean): string {
  let text = readWords(cursor, isFlow)
  cursor.isOnNewLine = false
  while (isBreak(cursor.code())) {
    const first = cursor.readBreak()
    const others = skipToText(cursor, indent)
    const words = startsLine(cursor, indent, isFlow) ? readWords(cursor, isFlow) : ''
    if (words === '') {
      cursor.isOnNewLine = true
      break
    }
    text += foldBreaks(first, others) + words
  }
  return text
}

/** Whether a further line of the scalar may begin here. */
function startsLine(cursor: Cursor, indent: number, isFlow: boolean): boolean {
  if (!isFlow && cursor.column < indent) return false
  return cursor.code() !== 0x23 && !cursor.isAtDocumentMarker()
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
