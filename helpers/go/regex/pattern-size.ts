/** Literals, escapes, classes, group openings, operators and repeat counts of a pattern, one after another. */
const tokenPattern =
  /\\Q[^]*?(?:\\E|$)|\\[pPx]\{[^}]*\}?|\\[^]?|\[\^?\]?(?:\\[^]|\[:[^\]]*:\]|[^\]\\])*\]?|\(\?(?:P?<[^>]*>|[a-zA-Z-]*:?)|\{(\d+)(,(\d*))?\}|[^]/gu

interface Scope {
  /** Size of everything in the group so far. */
  total: number
  /** Size of what a repetition would repeat. */
  last: number
}

/**
 * About how many instructions a pattern compiles to. Repeat counts are written out when a pattern is compiled, so a
 * short pattern can become a very large program, and it must be refused before.
 */
export function estimateProgramSize(pattern: string): number {
  const outer: Scope = { total: 0, last: 0 }
  const open: Scope[] = []
  let scope = outer
  for (const match of pattern.matchAll(tokenPattern)) {
    const [token, least] = match
    if (token.startsWith('(')) {
      open.push(scope)
      scope = { total: 0, last: 0 }
    } else if (token === ')') {
      const group = scope
      scope = open.pop() ?? outer
      addAtom(scope, group.total + 2)
    } else if (least !== undefined) {
      repeatLast(scope, Math.max(Number(least), Number(match[3] ?? 0)) + (match[2] === ',' ? 1 : 0))
    } else {
      addAtom(scope, token.startsWith(String.raw`\Q`) ? token.length : 1)
    }
  }
  return [...open, scope].reduce((sum, { total }) => sum + total, 0)
}

function addAtom(scope: Scope, size: number): void {
  scope.total += size
  scope.last = size
}

function repeatLast(scope: Scope, times: number): void {
  const repeated = scope.last * Math.max(times, 1)
  scope.total += repeated - scope.last
  scope.last = repeated
}
