import { HelperError } from '../define.ts'
import { setKey, WideNumber } from './value.ts'
import type { JsonObject, JsonValue } from './value.ts'

export const jsonLimits = { maxDepth: 1_000 } as const

const whitespace = /[ \t\n\r]*/y
const numberSyntax = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y
const literals: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

/** Parses JSON where JSON.parse would lose digits, or to say what is wrong. */
export class JsonParser {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): JsonValue {
    const value = this.#readValue()
    this.#skipSpace()
    if (this.#at < this.#text.length) this.#fail('after top-level value')
    return value
  }

  #readValue(): JsonValue {
    this.#skipSpace()
    switch (this.#text.charAt(this.#at)) {
      case '{':
        return this.#nest(() => this.#readObject())
      case '[':
        return this.#nest(() => this.#readArray())
      case '"':
        return this.#readString()
      default:
        return this.#readLiteral()
    }
  }

  #nest<T>(read: () => T): T {
    if (++this.#depth > jsonLimits.maxDepth) {
      throw new HelperError(`the JSON is nested more than ${jsonLimits.maxDepth} levels deep`)
    }
    this.#at++
    const value = read()
    this.#depth--
    return value
  }

  #readObject(): JsonObject {
    const object: JsonObject = {}
    if (this.#skip('}')) return object
    do {
      this.#skipSpace()
      if (this.#text.charAt(this.#at) !== '"') this.#fail('looking for beginning of object key string')
      const key = this.#readString()
      if (!this.#skip(':')) this.#fail('after object key')
      setKey(object, key, this.#readValue())
    } while (this.#skip(','))
    if (!this.#skip('}')) this.#fail('after object key:value pair')
    return object
  }

  #readArray(): JsonValue[] {
    const items: JsonValue[] = []
    if (this.#skip(']')) return items
    do items.push(this.#readValue())
    while (this.#skip(','))
    if (!this.#skip(']')) this.#fail('after array element')
    return items
  }

  #readString(): string {
    const start = this.#at
    const end = endOfString(this.#text, start)
    try {
      const text = (JSON.parse(this.#text.slice(start, end + 1)) as string).toWellFormed()
      this.#at = end + 1
      return text
    } catch {
      return this.#fail('in string literal')
    }
  }

  #readLiteral(): JsonValue {
    for (const [word, value] of literals) {
      if (!this.#text.startsWith(word, this.#at)) continue
      this.#at += word.length
      return value
    }
    const number = this.#match(numberSyntax)
    if (number === undefined) return this.#fail('looking for beginning of value')
    return this.#toNumber(number)
  }

  #toNumber(match: RegExpExecArray): JsonValue {
    const [text, fraction, exponent] = match
    const value = Number(text)
    if (!Number.isFinite(value))
      throw new HelperError('the JSON has a number that is too large for a float64')
    const isInteger = fraction === undefined && exponent === undefined
    return isInteger && !Number.isSafeInteger(value) && String(value) !== text ? new WideNumber(text) : value
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at = pattern.lastIndex
    return match
  }

  #skipSpace(): void {
    this.#match(whitespace)
  }

  #skip(char: string): boolean {
    this.#skipSpace()
    if (this.#text.charAt(this.#at) !== char) return false
    this.#at++
    return true
  }

  #fail(where: string): never {
    const before = this.#text.slice(0, this.#at)
    const line = before.split('\n').length
    const column = this.#at - before.lastIndexOf('\n')
    const code = this.#text.codePointAt(this.#at)
    const what =
      code === undefined ? 'unexpected end of JSON' : `invalid character '${String.fromCodePoint(code)}'`
    throw new HelperError(`${what} ${where} (line ${line}, column ${column})`)
  }
}

/** The index of the quote that ends the string starting at `start`, or the end of the text. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at)
    if (at < 0) return text.length
    let slashes = at
    while (text.charCodeAt(slashes - 1) === 92) slashes--
    if ((at - slashes) % 2 === 0) return at
  }
}
