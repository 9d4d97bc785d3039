import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import { fromByteChars, toByteChars } from './go/byte-chars.ts'
import { example, inFamily, int, string } from './typed.ts'

const define = inFamily('strings')

function indentLines(spaces: bigint, text: string, context: CallContext): string {
  if (spaces < 0n) throw new HelperError(`cannot indent by ${spaces} spaces: give 0 or more`)
  const lines = text.split('\n')
  context.charge(text.length + lines.length * Number(spaces))
  const pad = ' '.repeat(Number(spaces))
  return pad + lines.join(`\n${pad}`)
}

interface WrapOptions {
  /** In bytes; below 1 counts as 1. */
  readonly width: number
  readonly lineBreak: string
  /** Whether words longer than a line are cut. */
  readonly cutsWords: boolean
}

function wrapText(text: string, options: WrapOptions, context: CallContext): string {
  const chars = toByteChars(text)
  const width = Math.max(options.width, 1)
  const lineBreak = options.lineBreak === '' ? '\n' : toByteChars(options.lineBreak)
  let out = ''
  let start = 0
  while (chars.length - start > width) {
    if (chars.charAt(start) === ' ') {
      start++
      continue
    }
    const line = findLine(chars, start, { ...options, width })
    if (line.end === chars.length) break
    context.charge(line.end - start + lineBreak.length)
    out += chars.slice(start, line.end) + lineBreak
    start = line.next
  }
  return fromByteChars(out + chars.slice(start))
}

/** Where the line that starts at `start` ends, and where the next one starts. */
function findLine(chars: string, start: number, options: WrapOptions): { end: number; next: number } {
  const limit = start + options.width
  const space = chars.slice(start, limit + 1).lastIndexOf(' ')
  if (space !== -1) return { end: start + space, next: start + space + 1 }
  if (options.cutsWords) return { end: limit, next: limit }
  const wordEnd = chars.indexOf(' ', limit)
  return wordEnd === -1 ? { end: chars.length, next: chars.length } : { end: wordEnd, next: wordEnd + 1 }
}

export const layoutHelpers: readonly Helper[] = [
  define({
    name: 'indent',
    params: [int('spaces'), string('text')],
    doc: 'Puts spaces before every line.',
    example: example('{{ indent 2 "a: 1\\nb: 2" }}', '  a: 1\n  b: 2'),
    call: ([spaces, text], context) => indentLines(spaces, text, context),
  }),
  define({
    name: 'nindent',
    params: [int('spaces'), string('text')],
    doc: 'A line end, and then the text with spaces before every line.',
    example: example('labels:{{ nindent 2 "a: x\\nb: y" }}', 'labels:\n  a: x\n  b: y'),
    call: ([spaces, text], context) => `\n${indentLines(spaces, text, context)}`,
  }),
  define({
    name: 'wrap',
    params: [int('width'), string('text')],
    doc: 'Breaks lines at spaces so that they have at most `width` bytes. Longer words stay whole.',
    example: example('{{ wrap 10 "the quick brown fox" }}', 'the quick\nbrown fox'),
    call: ([width, text], context) =>
      wrapText(text, { width: Number(width), lineBreak: '\n', cutsWords: false }, context),
  }),
  define({
    name: 'wrapWith',
    params: [int('width'), string('lineBreak'), string('text')],
    doc: 'Breaks lines of at most `width` bytes with a text of your own. Longer words are cut.',
    example: example('{{ wrapWith 5 "|" "Hello World" }}', 'Hello|World'),
    call: ([width, lineBreak, text], context) =>
      wrapText(text, { width: Number(width), lineBreak, cutsWords: true }, context),
  }),
]
