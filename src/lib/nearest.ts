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

/** Letters to insert, drop or change, or neighbours to swap, until `a` is `b` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = cell(rows[i - 1], j - 1) + Number(a[i - 1] !== b[j - 1])
      const swapped = isSwap(a, b, i, j) ? cell(rows[i - 2], j - 2) + 1 : Infinity
      row.push(Math.min(changed, swapped, cell(rows[i - 1], j) + 1, cell(row, j - 1) + 1))
    }
    rows.push(row)
  }
  return cell(rows[a.length], b.length)
}

function isSwap(a: string, b: string, i: number, j: number): boolean {
  return i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
}

function cell(row: readonly number[] | undefined, index: number): number {
  return row?.[index] ?? 0
}
