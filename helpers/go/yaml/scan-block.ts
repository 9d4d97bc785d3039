import type { Cursor } from './cursor.ts'
import { isBlank, isBreak } from './scalar-style.ts'

interface Header {
  /** Keep every final line break (`+`), drop all (`-`), or keep one. */
  readonly chomping: '+' | '-' | ''
  /** From the indentation indicator; 0: found out from the first line. */
  readonly increment: number
}

/** Reads a literal (`|`) or folded (`>`) block scalar. `parentIndent` is the column of the block around it, or -1. */
export function scanBlock(cursor: Cursor, parentIndent: number): string {
  const start = cursor.pos
  const isLiteral = cursor.code() === 0x7c
  cursor.pos++
  const header = readHeader(cursor, start)
  const fixed = header.increment > 0 ? Math.max(parentIndent, 0) + header.increment : 0
  const lead = readBreaks(cursor, fixed)
  const indent = fixed || Math.max(lead.indent, parentIndent + 1, 1)
  return readLines(cursor, { indent, isLiteral, breaks: lead.breaks, chomping: header.chomping })
}

const headerSyntax = /(?:([+-])([0-9])?|([0-9])([+-])?)?/y

function readHeader(cursor: Cursor, start: number): Header {
  headerSyntax.lastIndex = cursor.pos
  const [text = '', before, digitAfter, digitBefore, after] = headerSyntax.exec(cursor.text) ?? []
  cursor.pos += text.length
  const digit = digitAfter ?? digitBefore
  if (digit === '0') cursor.fail('found an indentation indicator equal to 0', start)
  endHeader(cursor, start)
  return { chomping: (before ?? after ?? '') as Header['chomping'], increment: Number(digit ?? 0) }
}

function endHeader(cursor: Cursor, start: number): void {
  cursor.skipBlanks()
  if (cursor.code() === 0x23) cursor.skipToLineEnd()
  if (!cursor.isBreakOrEnd()) cursor.fail('did not find expected comment or line break', start)
  cursor.readBreak()
}

interface BlockLines {
  readonly indent: number
  readonly isLiteral: boolean
  readonly breaks: string
  readonly chomping: Header['chomping']
}

function readLines(cursor: Cursor, block: BlockLines): string {
  let text = ''
  let first = ''
  let others = block.breaks
  let startedBlank = false
  while (cursor.column === block.indent && cursor.code() !== -1) {
    const startsBlank = isBlank(cursor.code())
    const isFolded = !block.isLiteral && first === '\n' && !startedBlank && !startsBlank
    if (!isFolded) text += first
    else if (others === '') text += ' '
    text += others
    startedBlank = startsBlank
    const from = cursor.pos
    cursor.skipToLineEnd()
    text += cursor.text.slice(from, cursor.pos)
    first = cursor.readBreak()
    others = readBreaks(cursor, block.indent).breaks
  }
  if (block.chomping !== '-') text += first
  return block.chomping === '+' ? text + others : text
}

/** Skips indentation (to `indent`, or all of it where that is 0) and the empty lines, whose breaks it returns. */
function readBreaks(cursor: Cursor, indent: number): { breaks: string; indent: number } {
  let breaks = ''
  let widest = 0
  const limit = indent === 0 ? Infinity : indent
  for (;;) {
    while (cursor.code() === 0x20 && cursor.column < limit) cursor.pos++
    widest = Math.max(widest, cursor.column)
    if (cursor.code() === 0x09 && cursor.column < limit)
      cursor.fail('found a tab character where an indentation space is expected')
    if (!isBreak(cursor.code())) return { breaks, indent: widest }
    breaks += cursor.readBreak()
  }
}
