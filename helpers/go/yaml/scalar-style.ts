import { isPlainString } from './resolve.ts'

/** How a string is written. `double` and `single` are the quotes; `literal` is a block of lines. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal'

/** A mapping key that fits on one line is written `key: `, any other after `? `. */
export const maxSimpleKeyBytes = 128

const maxWordChars = 100

/** ASCII characters that mean nothing within a plain scalar. */
const inWord = new Uint8Array(128).fill(1, 0x21, 0x7f)
for (const char of ':#') inWord[char.charCodeAt(0)] = 0

/** Those that may begin one that is surely a string. */
const startsWord = inWord.slice()
for (const char of ',[]{}&*!|>\'"%@`?-+.~0123456789yYnNtTfFoO') startsWord[char.charCodeAt(0)] = 0

/** Quickly, whether a text is surely written as it is: most keys and values are. */
export function isPlainWord(text: string): boolean {
  const { length } = text
  if (length > maxWordChars) return false
  if (startsWord[text.charCodeAt(0)] !== 1 && !startsOtherWord(text)) return false
  for (let at = 1; at < length; at++) {
    if (inWord[text.charCodeAt(at)] !== 1) return false
  }
  return true
}

const startsKeyword = new Uint8Array(128)
for (const char of 'yYnNtTfFoO') startsKeyword[char.charCodeAt(0)] = 1

/** Words that begin like something else: longer than `false`, relative paths, and `5m` or `512Mi`. */
function startsOtherWord(text: string): boolean {
  const first = text.charCodeAt(0)
  if (startsKeyword[first] === 1) return text.length > 5
  if (first === 0x2e) return text.charCodeAt(1) === 0x2f
  const last = text.charCodeAt(text.length - 1)
  // Numbers end in a hexadecimal digit, a point or an underscore.
  return first >= 0x30 && first <= 0x39 && last >= 0x67 && last <= 0x7a
}

const asciiSafe = /^[\x20-\x7e]*$/

/** The style in which goyaml.v2 writes `text` in block context. Lone surrogates must be replaced already. */
export function scalarStyle(text: string, isSimpleKey: boolean): ScalarStyle {
  if (asciiSafe.test(text)) return asciiStyle(text)
  const facts = analyze(text)
  if (text.includes('\n')) return facts.allowsBlock && !isSimpleKey ? 'literal' : 'double'
  if (!isPlainString(text) || isBase60(text)) return 'double'
  if (facts.allowsPlain && !hasIndicators(text)) return 'plain'
  return facts.allowsSingle ? 'single' : 'double'
}

function asciiStyle(text: string): ScalarStyle {
  if (!isPlainString(text) || isBase60(text)) return 'double'
  return hasIndicators(text) || text.startsWith(' ') || text.endsWith(' ') ? 'single' : 'plain'
}

const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/

/** Older readers take `1:30` for a number in base 60. */
function isBase60(text: string): boolean {
  return text.includes(':') && base60.test(text)
}

const firstIndicators = new Set('#,[]{}&*!|>\'"%@`')

/** Whether something in the text means something to YAML in a block. */
function hasIndicators(text: string): boolean {
  const first = text.charAt(0)
  if (firstIndicators.has(first) || text.startsWith('---') || text.startsWith('...')) return true
  if ((first === '-' || first === '?' || first === ':') && isBlankOrEnd(text, 1)) return true
  return hasColonBeforeBlank(text) || hasHashAfterBlank(text)
}

function hasColonBeforeBlank(text: string): boolean {
  for (let at = text.indexOf(':', 1); at >= 0; at = text.indexOf(':', at + 1)) {
    if (isBlankOrEnd(text, at + 1)) return true
  }
  return false
}

function hasHashAfterBlank(text: string): boolean {
  for (let at = text.indexOf('#', 1); at >= 0; at = text.indexOf('#', at + 1)) {
    if (isBlank(text.charCodeAt(at - 1)) || isBreak(text.charCodeAt(at - 1))) return true
  }
  return false
}

function isBlankOrEnd(text: string, at: number): boolean {
  return at >= text.length || isBlank(text.charCodeAt(at))
}

interface Facts {
  readonly allowsPlain: boolean
  readonly allowsBlock: boolean
  readonly allowsSingle: boolean
}

const unprintable = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/
const breaks = /[\n\r\x85\u2028\u2029]/
const spaceBeforeBreak = / [\n\r\x85\u2028\u2029]/
const breakBeforeSpace = /[\n\r\x85\u2028\u2029] /

function analyze(text: string): Facts {
  const needsDouble = unprintable.test(text) || spaceBeforeBreak.test(text)
  const endsInSpace = text.endsWith(' ')
  return {
    allowsPlain: !needsDouble && !endsInSpace && !text.startsWith(' ') && !breaks.test(text),
    allowsBlock: !needsDouble && !endsInSpace,
    allowsSingle: !needsDouble && !breakBeforeSpace.test(text),
  }
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** Line breaks of YAML 1.1. */
export function isBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029
}

/** Whether a character of a double-quoted text stands for itself. Surrogates never do. */
export function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 0x20 || code === 0x0a
  if (code < 0xa0 || code > 0xfffd) return false
  return (code < 0xd800 || code >= 0xe000) && code !== 0xfeff
}
