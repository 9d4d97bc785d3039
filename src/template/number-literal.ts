import { GoComplex } from '../../helpers/go/complex.ts'
import { findFloatLiteral, findInteger } from '../../helpers/go/number-text.ts'
import { quoteString, unquote } from '../../helpers/go/quote.ts'
import type { Value } from '../../helpers/go/value.ts'
import type { NumberNode } from './ast.ts'
import type { Token } from './token.ts'

const maxInt = 2n ** 63n - 1n
const minInt = -(2n ** 63n)
const maxUint = 2n ** 64n - 1n

/** The number that a token means, or the text of the mistake. */
export function readNumberLiteral(token: Token): NumberNode | string {
  if (token.kind === 'charConstant') return readCharacter(token)
  if (token.kind === 'complex') return readComplex(token)
  if (token.text.endsWith('i')) {
    const imaginary = findFloatLiteral(token.text.slice(0, -1))
    if (imaginary !== undefined) return complexNode(token, 0, imaginary)
  }
  return readReal(token)
}

function newNode(
  token: Token,
  int: bigint | undefined,
  float: number | undefined,
  ideal?: Value,
): NumberNode {
  return { kind: 'number', pos: token.pos, text: token.text, int, float, ideal }
}

function readCharacter(token: Token): NumberNode | string {
  const char = unquote(token.text)
  if (char === undefined) return `malformed character constant: ${token.text}`
  const code = BigInt(char.codePointAt(0) ?? 0)
  return newNode(token, code, Number(code), code)
}

function readComplex(token: Token): NumberNode | string {
  const split = findImaginarySign(token.text)
  const real = findFloatLiteral(token.text.slice(0, split))
  const imaginary = findFloatLiteral(token.text.slice(split, -1))
  if (real === undefined || imaginary === undefined) return `bad number syntax: ${quoteString(token.text)}`
  return complexNode(token, real, imaginary)
}

/** The sign between the parts: the last one that does not belong to an exponent. */
function findImaginarySign(text: string): number {
  const match = /(?<![eEpP])[+-](?=[^+-]*(?:[eEpP][+-])?[^+-]*i$)/.exec(text.slice(1))
  return (match?.index ?? 0) + 1
}

/** A complex constant without an imaginary part is a plain number too. */
function complexNode(token: Token, real: number, imaginary: number): NumberNode {
  const float = imaginary === 0 ? real : undefined
  const int = float !== undefined && Number.isSafeInteger(float) ? BigInt(float) : undefined
  return newNode(token, int, float, new GoComplex(real, imaginary))
}

function readReal(token: Token): NumberNode | string {
  const integer = findInteger(token.text, 0)
  if (integer !== undefined && integer >= minInt && integer <= maxUint) return integerNode(token, integer)
  const float = findFloatLiteral(token.text)
  if (float === undefined) return `illegal number syntax: ${quoteString(token.text)}`
  if (!/[.eEpP]/.test(token.text)) return `integer overflow: ${quoteString(token.text)}`
  const whole = Number.isInteger(float) ? BigInt(float) : undefined
  return newNode(token, whole !== undefined && isInt(whole) ? whole : undefined, float, float)
}

function integerNode(token: Token, integer: bigint): NumberNode {
  const int = isInt(integer) ? integer : undefined
  return newNode(token, int, Number(integer), int)
}

function isInt(value: bigint): boolean {
  return value >= minInt && value <= maxInt
}
