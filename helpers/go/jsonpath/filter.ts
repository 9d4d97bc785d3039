/**
 * The index of the `)` that ends a filter, or undefined. As in Kubernetes: the first quote opens, any later one of its
 * kind closes, and a parenthesis between them does not count.
 */
export function findFilterEnd(text: string, from: number): number | undefined {
  let quote = ''
  let isQuoted = false
  for (let index = from; index < text.length; index++) {
    const char = text.charAt(index)
    if (char === '\n') return undefined
    if (char === ')' && !isQuoted) return index
    if (quote === '' && (char === '"' || char === "'")) {
      quote = char
      isQuoted = true
    } else if (char === quote && text.charAt(index - 1) !== '\\') {
      isQuoted = false
    }
  }
  return undefined
}

/** `left operator right`, or the whole text as `left` with the operator `exists` where nothing is compared. */
export function splitComparison(text: string): { left: string; operator: string; right: string } {
  const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)([^\n]+)$/.exec(text) ?? []
  if (left === undefined || operator === undefined || right === undefined) {
    return { left: text, operator: 'exists', right: '' }
  }
  return { left, operator, right }
}
