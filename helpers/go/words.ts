import { charToLower, charToUpper, isUpper } from './unicode.ts'

/** The rules by which Sprig takes an identifier apart and puts it together in another case. */

type WordKind = 'connector' | 'punctuation' | 'capitals' | 'letters' | 'number' | 'other'

interface Word {
  readonly kind: WordKind
  readonly text: string
}

/** Hyphen, underscore and space separate words. Chinese characters are not letters here: they form words of kind `other`. */
const connector = String.raw`[-_\p{White_Space}]`
const ideograph = String.raw`\u3400-\u4d85\u4e00-\u9fcc\u{20000}-\u{2b81d}`
const lowerLetter = String.raw`(?:(?![\p{Lu}${ideograph}])\p{L})`

/** In `HTTPServer` the last capital belongs to the word that follows. */
const capitals = String.raw`\p{Lu}+(?=\p{Lu}${lowerLetter})|\p{Lu}{2,}|\p{Lu}${lowerLetter}*`
const other = String.raw`(?:(?!${connector}|\p{P}|\p{Lu}|${lowerLetter}|\p{N})[^])+`

const kinds: readonly WordKind[] = ['connector', 'punctuation', 'capitals', 'letters', 'number', 'other']
const wordPattern = new RegExp(
  String.raw`(${connector}+)|(\p{P}+)|(${capitals})|(${lowerLetter}+)|(\p{N}+)|(${other})`,
  'gu',
)
const connectorRun = /([-_\p{White_Space}]+)/u
const connectors = /[-_\p{White_Space}]/gu

/** `HTTPServer` → `http_server`: lower case words joined by `join` (`_` or `-`). */
export function toJoinedWords(text: string, join: string): string {
  const words = splitWords(text)
  let out = ''
  let at = 0
  const take = (): void => {
    const word = words[at++]
    if (word !== undefined) out += spell(word, join)
  }
  /** Letters that follow a number belong to it, as in `2xx`. */
  const takeNumberTail = (): void => {
    while (words[at]?.kind === 'letters' || words[at]?.kind === 'number') take()
    if (isJoined(words[at])) out += join
  }
  const takeNumberAfterWord = (): void => {
    const isLast = at === words.length - 1
    if (isLast) return
    if (words[at + 1]?.kind === 'letters') out += join
    take()
    takeNumberTail()
  }
  while (at < words.length - 1) {
    const word = words[at]
    take()
    if (word?.kind === 'number') takeNumberTail()
    else if (!isJoined(word)) continue
    else if (words[at]?.kind === 'number') takeNumberAfterWord()
    else if (isJoined(words[at])) out += join
  }
  take()
  return out
}

/** `http_server` → `HttpServer`. Of each run of separators between words, all but the last stay. */
export function toPascalCase(text: string): string {
  const [first = '', ...pieces] = text.split(connectorRun)
  const [lead = '', start = ''] = first === '' ? pieces.splice(0, 2) : ['', first]
  if (start === '') return lead + lead.slice(-1)
  let out = lead + toPascalWord(start)
  for (let i = 0; i < pieces.length; i += 2) {
    const [gap = '', word = ''] = pieces.slice(i, i + 2)
    out += word === '' ? gap : gap.slice(0, -1) + toPascalWord(word)
  }
  return out
}

/** A capital first letter; capitals that follow a capital become small, up to the first other character. */
function toPascalWord(word: string): string {
  const [first = '', ...rest] = word
  if (!isUpper(first)) return charToUpper(first) + rest.join('')
  const found = rest.findIndex((char) => !isUpper(char))
  const end = found === -1 ? rest.length : found
  return first + rest.slice(0, end).map(charToLower).join('') + rest.slice(end).join('')
}

function splitWords(text: string): Word[] {
  const words: Word[] = []
  for (const match of text.matchAll(wordPattern)) {
    const group = match.findIndex((part, i) => i > 0 && part !== undefined)
    words.push({ kind: kinds[group - 1] ?? 'other', text: match[0] })
  }
  return words
}

/** Whether a word that follows another is set off by a connector. */
function isJoined(word: Word | undefined): boolean {
  return word !== undefined && word.kind !== 'punctuation' && word.kind !== 'connector'
}

/** Only words that start with a capital are changed: a capital elsewhere starts a word of its own. */
function spell(word: Word, join: string): string {
  if (word.kind === 'connector') return word.text.replace(connectors, join)
  return word.kind === 'capitals' ? Array.from(word.text, charToLower).join('') : word.text
}
