/**
 * Go's character classes and its one-to-one case mapping. JavaScript maps strings in full: `ß` becomes `SS`, and a
 * final `Σ` differs. All functions take and give one character (a string of one code point).
 */

const upperClass = /^\p{Lu}$/u
const lowerClass = /^\p{Ll}$/u
const titleClass = /^\p{Lt}$/u
const letterClass = /^\p{L}$/u
const digitClass = /^\p{Nd}$/u
const numberClass = /^\p{N}$/u
const spaceClass = /^\p{White_Space}$/u

export const isUpper = (char: string): boolean => upperClass.test(char)
export const isLower = (char: string): boolean => lowerClass.test(char)
export const isTitle = (char: string): boolean => titleClass.test(char)
export const isLetter = (char: string): boolean => letterClass.test(char)
export const isDigit = (char: string): boolean => digitClass.test(char)
export const isNumber = (char: string): boolean => numberClass.test(char)
export const isSpace = (char: string): boolean => spaceClass.test(char)

/** Greek letters with iota subscript whose one-to-one upper case JavaScript does not give. */
const iotaUpper = new Map([
  ['\u1fb3', '\u1fbc'],
  ['\u1fc3', '\u1fcc'],
  ['\u1ff3', '\u1ffc'],
])

export function charToUpper(char: string): string {
  const upper = char.toUpperCase()
  if (isOneCharacter(upper)) return upper
  return iotaUpper.get(char) ?? iotaBlockToUpper(char)
}

export function charToLower(char: string): string {
  const lower = char.toLowerCase()
  return isOneCharacter(lower) ? lower : lower.charAt(0)
}

/** Letters made of two, in upper, title and lower case each. */
const digraphs = ['\u01c4\u01c5\u01c6', '\u01c7\u01c8\u01c9', '\u01ca\u01cb\u01cc', '\u01f1\u01f2\u01f3']

export function charToTitle(char: string): string {
  const digraph = digraphs.find((forms) => forms.includes(char))
  if (digraph !== undefined) return digraph.charAt(1)
  return isGeorgian(char) ? char : charToUpper(char)
}

/** In three blocks of sixteen, the second eight are the upper case of the first eight. */
function iotaBlockToUpper(char: string): string {
  const code = char.charCodeAt(0)
  const isInBlock = code >= 0x1f80 && code < 0x1fb0
  return isInBlock && code % 16 < 8 ? String.fromCharCode(code + 8) : char
}

/** Georgian letters have an upper case, but are their own title case. */
function isGeorgian(char: string): boolean {
  return char >= '\u10d0' && char <= '\u10ff'
}

function isOneCharacter(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff)
}
