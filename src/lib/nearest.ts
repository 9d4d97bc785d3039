/** Longer names are not compared: the work grows with the square. */
const MAX_NAME_CHARS = 64

/** The candidate that a misspelt name most likely meant, or undefined where none is close. */
export function findNearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > MAX_NAME_CHARS) return undefined
  const maxDistance = Math.max(1, Math.floor(name.length / 3))
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance <= maxDistance && (best === undefined || distance < best.distance))
      best = { candidate, distance }
  }
  return best?.candidate
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) previous = nextRow(previous, i, (j) => a[i - 1] === b[j - 1])
  return previous.at(-1) ?? 0
}

/** Row `i` of the distance table, from the row before it. */
function nextRow(previous: readonly number[], i: number, isEqual: (j: number) => boolean): number[] {
  const row = [i]
  for (let j = 1; j < previous.length; j++) {
    const substituted = at(previous, j - 1) + (isEqual(j) ? 0 : 1)
    row.push(Math.min(substituted, at(previous, j) + 1, at(row, j - 1) + 1))
  }
  return row
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0
}
