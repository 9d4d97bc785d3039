import type { Helper } from './define.ts'
import { isSpace } from './go/unicode.ts'
import { aliasOf, example, inFamily, string } from './typed.ts'

const define = inFamily('strings')

function trimWhile(text: string, isTrimmed: (char: string) => boolean): string {
  let start = 0
  for (const char of text) {
    if (!isTrimmed(char)) break
    start += char.length
  }
  let end = text.length
  while (end > start) {
    const char = lastCharBefore(text, end)
    if (!isTrimmed(char)) break
    end -= char.length
  }
  return text.slice(start, end)
}

function lastCharBefore(text: string, end: number): string {
  const pair = end > 1 ? String.fromCodePoint(text.codePointAt(end - 2) ?? 0) : ''
  return pair.length === 2 ? pair : text.charAt(end - 1)
}

function trimChars(chars: string, text: string): string {
  const set = new Set(chars)
  return trimWhile(text, (char) => set.has(char))
}

const trimAll = define({
  name: 'trimAll',
  params: [string('characters'), string('text')],
  doc: 'Removes any of the given characters from both ends.',
  example: example('{{ trimAll "$" "$5.00$" }}', '5.00'),
  call: ([chars, text]) => trimChars(chars, text),
})

export const trimHelpers: readonly Helper[] = [
  define({
    name: 'trim',
    params: [string('text')],
    doc: 'Removes space (also line ends) from both ends.',
    example: example('[{{ trim "  a b " }}]', '[a b]'),
    call: ([text]) => trimWhile(text, isSpace),
  }),
  trimAll,
  aliasOf(trimAll, 'trimall'),
  define({
    name: 'trimPrefix',
    params: [string('prefix'), string('text')],
    doc: 'Removes a prefix, once, where there is one.',
    example: example('{{ trimPrefix "v" "v1.2.3" }}', '1.2.3'),
    call: ([prefix, text]) => (text.startsWith(prefix) ? text.slice(prefix.length) : text),
  }),
  define({
    name: 'trimSuffix',
    params: [string('suffix'), string('text')],
    doc: 'Removes a suffix, once, where there is one.',
    example: example('{{ trimSuffix ".yaml" "app.yaml" }}', 'app'),
    call: ([suffix, text]) => (text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text),
  }),
  define({
    name: 'hasPrefix',
    params: [string('prefix'), string('text')],
    doc: 'Whether the text starts with the prefix.',
    example: example('{{ hasPrefix "v" "v1.2.3" }}', 'true'),
    call: ([prefix, text]) => text.startsWith(prefix),
  }),
  define({
    name: 'hasSuffix',
    params: [string('suffix'), string('text')],
    doc: 'Whether the text ends with the suffix.',
    example: example('{{ hasSuffix ".yaml" "app.yaml" }}', 'true'),
    call: ([suffix, text]) => text.endsWith(suffix),
  }),
  define({
    name: 'contains',
    params: [string('part'), string('text')],
    doc: 'Whether the text has the part in it.',
    example: example('{{ contains "na" "banana" }}', 'true'),
    call: ([part, text]) => text.includes(part),
  }),
]
