const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/y

/** The text of a quoted literal by Go's escape rules, single quotes too; undefined where it is not one. */
export function findUnquoted(literal: string): string | undefined {
  const quote = literal.charAt(0)
  const body = literal.slice(1, -1)
  let text = ''
  for (let index = 0; index < body.length;) {
    const char = body.charAt(index)
    if (char === quote) return undefined
    if (char !== '\\') {
      text += char
      index++
      continue
    }
    ESCAPE.lastIndex = index
    const match = ESCAPE.exec(body)
    const replacement = match === null ? undefined : escapeToText(match, quote)
    if (replacement === undefined) return undefined
    text += replacement
    index = ESCAPE.lastIndex
  }
  return text
}

function escapeToText(match: RegExpExecArray, quote: string): string | undefined {
  const [, hex, short, long, octal, simple = ''] = match
  if (hex !== undefined) return byteToText(Number.parseInt(hex, 16))
  const codePoint = short ?? long
  if (codePoint !== undefined) return codePointToText(Number.parseInt(codePoint, 16))
  if (octal !== undefined) {
    const value = Number.parseInt(octal, 8)
    return value > 0xff ? undefined : byteToText(value)
  }
  if (simple === quote) return quote
  return Object.hasOwn(SIMPLE, simple) ? SIMPLE[simple] : undefined
}

/** A byte over 0x7F is no character on its own; it is kept as the value model keeps such bytes. */
function byteToText(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)
}

function codePointToText(codePoint: number): string | undefined {
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) return undefined
  return String.fromCodePoint(codePoint)
}
