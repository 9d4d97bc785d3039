/** A glob that cannot be read. */
export class GlobError extends Error {
  override readonly name = 'GlobError'
}

/** One part of a pattern: `*`, or a test of a single character. */
type Step = 'any-text' | ((char: string) => boolean)

/**
 * Compiles a glob over `/`-separated paths, as Go's path/filepath.Match has it: `*` and `?` stay within a segment,
 * `[a-z]` and `[^a-z]` are classes, `\` takes the next character as it is, `**` is the same as `*`. Throws GlobError.
 */
export function compileGlob(pattern: string): (path: string) => boolean {
  const segments = pattern.split('/').map(compileSegment)
  return (path) => {
    const parts = path.split('/')
    if (parts.length !== segments.length) return false
    return segments.every((steps, index) => matchSegment(steps, Array.from(parts[index] ?? '')))
  }
}

/** Greedy with one point to return to: the last `*`. Linear for each of them. */
function matchSegment(steps: readonly Step[], chars: readonly string[]): boolean {
  let step = 0
  let char = 0
  let star = -1
  let starChar = 0
  while (char < chars.length) {
    const current = steps[step]
    if (current === 'any-text') {
      star = step++
      starChar = char
    } else if (current?.(chars[char] ?? '') === true) {
      step++
      char++
    } else if (star >= 0) {
      step = star + 1
      char = ++starChar
    } else return false
  }
  return steps.slice(step).every((rest) => rest === 'any-text')
}

function compileSegment(segment: string): Step[] {
  const chars = Array.from(segment)
  const steps: Step[] = []
  let at = 0
  while (at < chars.length) {
    const char = chars[at++] ?? ''
    if (char === '*') steps.push('any-text')
    else if (char === '?') steps.push(() => true)
    else if (char === '[') {
      const charClass = compileClass(chars, at)
      steps.push(charClass.matches)
      at = charClass.end
    } else {
      const literal = char === '\\' ? takeEscaped(chars, at++) : char
      steps.push((other) => other === literal)
    }
  }
  return steps
}

/** A class from the character after `[`; `end` is behind its `]`. */
function compileClass(
  chars: readonly string[],
  start: number,
): { matches: (char: string) => boolean; end: number } {
  const isNegated = chars[start] === '^'
  const ranges: [low: string, high: string][] = []
  let at = isNegated ? start + 1 : start
  while (chars[at] !== ']' || ranges.length === 0) {
    const low = takeClassChar(chars, at)
    at = low.end
    const high = chars[at] === '-' ? takeClassChar(chars, at + 1) : low
    at = high.end
    ranges.push([low.char, high.char])
  }
  const isInside = (char: string): boolean => ranges.some(([low, high]) => low <= char && char <= high)
  return { matches: (char) => isInside(char) !== isNegated, end: at + 1 }
}

function takeClassChar(chars: readonly string[], at: number): { char: string; end: number } {
  const char = chars[at]
  if (char === undefined || char === '-' || char === ']')
    throw new GlobError(`the glob ${JSON.stringify(chars.join(''))} has a class that does not end`)
  if (char === '\\') return { char: takeEscaped(chars, at + 1), end: at + 2 }
  return { char, end: at + 1 }
}

function takeEscaped(chars: readonly string[], at: number): string {
  const char = chars[at]
  if (char === undefined)
    throw new GlobError(`the glob ${JSON.stringify(chars.join(''))} ends in a backslash`)
  return char
}
