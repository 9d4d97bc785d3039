import type { Helper } from './define.ts'
import { isAscii, toRunes, toValidText } from './go/bytes.ts'
import { charToLower, charToTitle, charToUpper, isDigit, isLetter, isLower } from './go/unicode.ts'
import { isSpace, isTitle, isUpper } from './go/unicode.ts'
import { toJoinedWords, toPascalCase } from './go/words.ts'
import { example, inFamily, string } from './typed.ts'

const define = inFamily('strings')
const params = [string('text')] as const

function mapChars(text: string, mapChar: (char: string) => string): string {
  return toRunes(toValidText(text)).map(mapChar).join('')
}

function toTitle(text: string): string {
  let startsWord = true
  return mapChars(text, (char) => {
    const out = startsWord ? charToTitle(char) : char
    startsWord = isWordBreak(char)
    return out
  })
}

/** In ASCII everything but letters, digits and the underscore; elsewhere only space. */
function isWordBreak(char: string): boolean {
  if (char === '_' || isLetter(char) || isDigit(char)) return false
  return isAscii(char) || isSpace(char)
}

function untitle(text: string): string {
  let startsWord = true
  return mapChars(text, (char) => {
    const out = startsWord ? charToLower(char) : char
    startsWord = isSpace(char)
    return out
  })
}

function swapCase(text: string): string {
  let startsWord = true
  return mapChars(text, (char) => {
    const isCapital = isUpper(char) || isTitle(char)
    if (!isCapital && !isLower(char)) {
      startsWord = isSpace(char)
      return char
    }
    const toCapital = startsWord ? charToTitle : charToUpper
    startsWord = false
    return isCapital ? charToLower(char) : toCapital(char)
  })
}

export const caseHelpers: readonly Helper[] = [
  define({
    name: 'upper',
    params,
    doc: 'Makes all letters upper case, one character for one.',
    example: example('{{ upper "web-1" }}', 'WEB-1'),
    call: ([text]) => (isAscii(text) ? text.toUpperCase() : mapChars(text, charToUpper)),
  }),
  define({
    name: 'lower',
    params,
    doc: 'Makes all letters lower case, one character for one.',
    example: example('{{ lower "Web-1" }}', 'web-1'),
    call: ([text]) => (isAscii(text) ? text.toLowerCase() : mapChars(text, charToLower)),
  }),
  define({
    name: 'title',
    params,
    doc: 'Makes the first letter of each word upper case.',
    example: example('{{ title "hello big world" }}', 'Hello Big World'),
    call: ([text]) => toTitle(text),
  }),
  define({
    name: 'untitle',
    params,
    doc: 'Makes the first letter of each word lower case. Words are set apart by space only.',
    example: example('{{ untitle "Hello Big World" }}', 'hello big world'),
    call: ([text]) => untitle(text),
  }),
  define({
    name: 'swapcase',
    params,
    doc: 'Turns upper case into lower case and lower case into upper (at the start of a word: title) case.',
    example: example('{{ swapcase "Hello World" }}', 'hELLO wORLD'),
    call: ([text]) => swapCase(text),
  }),
  define({
    name: 'snakecase',
    params,
    doc: 'Splits an identifier into words and joins them in lower case with underscores.',
    example: example('{{ snakecase "HTTPServer" }} {{ snakecase "http2xx" }}', 'http_server http_2xx'),
    call: ([text]) => toJoinedWords(toValidText(text), '_'),
  }),
  define({
    name: 'kebabcase',
    params,
    doc: 'Splits an identifier into words and joins them in lower case with hyphens.',
    example: example('{{ kebabcase "HTTPServer" }} {{ kebabcase "some name" }}', 'http-server some-name'),
    call: ([text]) => toJoinedWords(toValidText(text), '-'),
  }),
  define({
    name: 'camelcase',
    params,
    doc: 'Joins words set apart by space, hyphens or underscores, each with a capital first letter.',
    example: example('{{ camelcase "http_server name" }}', 'HttpServerName'),
    call: ([text]) => toPascalCase(toValidText(text)),
  }),
]
