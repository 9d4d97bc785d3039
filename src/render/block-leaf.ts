/** How a block scalar ends: drop the last line breaks (`-`), keep one, or keep all (`+`). */
export type Chomping = '-' | '' | '+'

/** The source of a multi-line leaf as it stands in the YAML text: each line indented. */
export function indentBlock(text: string, indent: number): string {
  const pad = ' '.repeat(indent)
  return text.replace(/^(?=[^\n])/gm, pad)
}

/**
 * Takes the block's indentation off a rendered block, as a YAML reader does. Lines that a value brought in without
 * indentation stay as they are, where a reader would stop.
 */
export function dedentBlock(rendered: string, indent: number, hasFixedIndent: boolean): string {
  const plain = dedentEvenly(rendered, ' '.repeat(indent))
  if (plain !== undefined) return plain
  const lines = rendered.split('\n')
  const found = hasFixedIndent ? indent : findIndent(lines, indent)
  return lines.map((line) => stripIndent(line, found)).join('\n')
}

/** The common case: the first line has text and is indented by `pad`, and no other by less. */
function dedentEvenly(rendered: string, pad: string): string | undefined {
  const first = rendered.charCodeAt(pad.length)
  if (first === 0x20 || first === 0x0a) return undefined
  let text = ''
  for (let start = 0; start < rendered.length;) {
    const newline = rendered.indexOf('\n', start)
    const end = newline < 0 ? rendered.length : newline + 1
    if (rendered.startsWith(pad, start)) text += rendered.slice(start + pad.length, end)
    else if (newline === start && start > 0) text += '\n'
    else return undefined
    start = end
  }
  return text
}

/** The first line with text decides, if all others are indented as far; else the template's own indentation does. */
function findIndent(lines: readonly string[], indent: number): number {
  let widest = 0
  for (const line of lines) {
    const width = indentOf(line)
    widest = Math.max(widest, width)
    if (width < line.length) break
  }
  if (widest === indent || widest < indent - 1) return indent
  return lines.every((line) => indentOf(line) >= widest || isBlankLine(line)) ? widest : indent
}

function indentOf(line: string): number {
  let at = 0
  while (line.charCodeAt(at) === 0x20) at++
  return at
}

function isBlankLine(line: string): boolean {
  return indentOf(line) === line.length
}

function stripIndent(line: string, indent: number): string {
  return line.slice(Math.min(indentOf(line), indent))
}

/** Ends the text as the block's header says. */
export function chompBlock(text: string, chomping: Chomping): string {
  if (chomping === '+') return text
  const end = endOfText(text)
  if (chomping === '-' || end === 0) return text.slice(0, end)
  return `${text.slice(0, end)}\n`
}

function endOfText(text: string): number {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0x0a) end--
  return end
}
