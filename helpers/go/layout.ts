import { HelperError } from '../define.ts'

/** One piece of a Go time layout: literal text, then an element such as `2006` or `Jan` (empty at the end). */
export interface LayoutPart {
  readonly literal: string
  readonly element: string
}

/** In the order in which Go tries them at a place of the layout. */
const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_2(?!006)|__2|[345]|PM|pm|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,](?:0+|9+)(?!\d)/g

const maxLayoutChars = 65_536

/** Splits a Go time layout. @throws HelperError for one that is longer than any real one. */
export function splitLayout(layout: string): LayoutPart[] {
  if (layout.length > maxLayoutChars) {
    throw new HelperError(`a time layout has at most ${maxLayoutChars} characters, this has ${layout.length}`)
  }
  const parts: LayoutPart[] = []
  let end = 0
  for (const match of layout.matchAll(elements)) {
    parts.push({ literal: layout.slice(end, match.index), element: match[0] })
    end = match.index + match[0].length
  }
  parts.push({ literal: layout.slice(end), element: '' })
  return parts
}

/** `.000` and `,000` print all their digits, `.999` and `,999` drop trailing zeros. */
export function isFraction(element: string): boolean {
  return element.startsWith('.') || element.startsWith(',')
}

export interface OffsetStyle {
  /** UTC is written as `Z`. */
  readonly z: boolean
  readonly colons: boolean
  readonly fields: 1 | 2 | 3
}

/** How an element such as `Z07:00` or `-0700` writes an offset, or undefined where it is none. */
export function findOffsetStyle(element: string): OffsetStyle | undefined {
  const first = element.charAt(0)
  if ((first !== '-' && first !== 'Z') || element.length < 3) return undefined
  const digits = element.replace(/\D/g, '').length
  return { z: first === 'Z', colons: element.includes(':'), fields: digits === 2 ? 1 : digits === 4 ? 2 : 3 }
}
