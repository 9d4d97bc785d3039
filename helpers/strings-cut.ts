import type { Helper } from './define.ts'
import { HelperError } from './define.ts'
import { toByteChars } from './go/byte-chars.ts'
import { byteLength, sliceBytes } from './go/bytes.ts'
import { isSpace } from './go/unicode.ts'
import { example, inFamily, int, string } from './typed.ts'

/** Functions that cut text. They count bytes, as Go does: a character that is not ASCII counts two or more. */
const define = inFamily('strings')

const ellipsis = '...'

function truncate(length: number, text: string): string {
  const bytes = byteLength(text)
  if (length >= 0) return bytes > length ? sliceBytes(text, 0, length) : text
  return bytes + length > 0 ? sliceBytes(text, bytes + length, bytes) : text
}

function substring(start: number, end: number, text: string): string {
  const bytes = byteLength(text)
  const from = Math.max(start, 0)
  const to = start >= 0 && (end < 0 || end > bytes) ? bytes : end
  if (to < from || to > bytes || from > bytes) {
    throw new HelperError(`cannot cut [${start}:${end}] out of a text of ${bytes} bytes`)
  }
  return sliceBytes(text, from, to)
}

/** Cuts to `width` bytes, showing the text from about `offset`, with dots where something is left out. */
function abbreviate(text: string, offset: number, width: number): string {
  const bytes = byteLength(text)
  if (bytes <= width) return text
  const room = width - ellipsis.length
  const start = Math.min(offset, bytes - room)
  if (start <= 4) return sliceBytes(text, 0, room) + ellipsis
  if (start + room >= bytes) return ellipsis + sliceBytes(text, bytes - room, bytes)
  return ellipsis + abbreviate(sliceBytes(text, start, bytes), 0, room)
}

/** As in Sprig, letters here are bytes: `é` gives `Ã`. */
function initials(text: string): string {
  let out = ''
  let startsWord = true
  for (const char of toByteChars(text)) {
    const isGap = isSpace(char)
    if (startsWord && !isGap) out += char
    startsWord = isGap
  }
  return out
}

/** As in Sprig, a text that has space comes out with each byte as a character. */
function removeSpace(text: string): string {
  const chars = toByteChars(text)
  const kept = Array.from(chars).filter((char) => !isSpace(char))
  return kept.length === chars.length ? text : kept.join('')
}

export const cutHelpers: readonly Helper[] = [
  define({
    name: 'trunc',
    params: [int('length'), string('text')],
    doc: 'The first `length` bytes; with a negative length, the last ones.',
    example: example('{{ trunc 5 "hello world" }} {{ trunc -5 "hello world" }}', 'hello world'),
    call: ([length, text]) => truncate(Number(length), text),
  }),
  define({
    name: 'substr',
    params: [int('start'), int('end'), string('text')],
    doc: 'The bytes from `start` up to `end`. A negative start means from the beginning, a negative end to the end.',
    example: example('{{ substr 6 11 "hello world" }} {{ substr 6 -1 "hello world" }}', 'world world'),
    call: ([start, end, text]) => substring(Number(start), Number(end), text),
  }),
  define({
    name: 'abbrev',
    params: [int('width'), string('text')],
    doc: 'Cuts to `width` bytes, ending with dots where something is left out. A width below 4 changes nothing.',
    example: example('{{ abbrev 8 "hello world" }}', 'hello...'),
    call: ([width, text]) => (width < 4n ? text : abbreviate(text, 0, Number(width))),
  }),
  define({
    name: 'abbrevboth',
    params: [int('offset'), int('width'), string('text')],
    doc: 'Cuts to `width` bytes from about `offset`, with dots on the sides where something is left out.',
    example: example('{{ abbrevboth 5 10 "1234 5678 9123" }}', '...5678...'),
    call: ([offset, width, text]) => {
      const isTooNarrow = width < 4n || (offset > 0n && width < 7n)
      return isTooNarrow ? text : abbreviate(text, Number(offset), Number(width))
    },
  }),
  define({
    name: 'initials',
    params: [string('text')],
    doc: 'The first letter of each word.',
    example: example('{{ initials "First Try" }}', 'FT'),
    call: ([text]) => initials(text),
  }),
  define({
    name: 'nospace',
    params: [string('text')],
    doc: 'Removes all space.',
    example: example('{{ nospace "hello w o r l d" }}', 'helloworld'),
    call: ([text]) => removeSpace(text),
  }),
]
