/** A part of a replacement: text as it is, or the number of a group. */
type Part = string | number

const reference = /\$(?:(\$)|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})?/gu

/**
 * A replacement text of Go's regexp: `$1`, `${1}`, `$name`, `${name}` and `$$`. A name is as long as it can be, so `$1W`
 * is the group named `1W`; a group that does not exist is empty, and a `$` that starts none of these stands for itself.
 */
export function parseReplacement(text: string, groupNumbers: Readonly<Record<string, number>>): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(reference)) {
    const [whole, , plain, braced] = match
    const name = plain ?? braced
    parts.push(text.slice(end, match.index))
    end = match.index + whole.length
    if (name === undefined) parts.push('$')
    else parts.push(groupNumber(name, groupNumbers))
  }
  return [...parts, text.slice(end)]
}

const noGroup = -1

function groupNumber(name: string, groupNumbers: Readonly<Record<string, number>>): number {
  if (/^(0|[1-9][0-9]{0,8})$/.test(name)) return Number(name)
  return Object.hasOwn(groupNumbers, name) ? (groupNumbers[name] ?? noGroup) : noGroup
}

/** The replacement for one match, whose groups are pairs of offsets into the text (-1: not taken part). */
export function expandReplacement(parts: readonly Part[], text: string, offsets: readonly number[]): string {
  let out = ''
  for (const part of parts) {
    if (typeof part === 'string') out += part
    else out += groupText(part, text, offsets)
  }
  return out
}

function groupText(group: number, text: string, offsets: readonly number[]): string {
  const start = offsets[2 * group] ?? -1
  return start < 0 ? '' : text.slice(start, offsets[2 * group + 1])
}
