/** Character classes and number scanning of the template lexer. Offsets are in UTF-16 units. */

/** Space, tab, carriage return and newline: what separates words and what trim markers remove. */
export function isSpaceCode(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 10
}

const letterOrDigit = /[\p{L}\p{Nd}_]/uy

/** Whether a letter, digit or underscore is at the offset. */
export function isLetterOrDigit(source: string, at: number): boolean {
  const code = source.charCodeAt(at)
  if (code < 0x80) return isAsciiWord(code)
  letterOrDigit.lastIndex = at
  return letterOrDigit.test(source)
}

function isAsciiWord(code: number): boolean {
  const lower = code | 32
  return (lower >= 97 && lower <= 122) || (code >= 48 && code <= 57) || code === 95
}

const numberShape =
  /[+-]?(?:0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*\.?[0-7_]*|0[bB][01_]*\.?[01_]*|[0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9_]*)?)i?/y

/**
 * The end of what looks like a number at `start`, or minus the offset up to which a malformed one goes: one with a
 * letter, digit or underscore right behind it.
 */
export function scanNumber(source: string, start: number): number {
  numberShape.lastIndex = start
  numberShape.test(source)
  const end = Math.max(numberShape.lastIndex, start)
  return isLetterOrDigit(source, end) ? -(end + 1) : end
}
