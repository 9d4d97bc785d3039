import type { Random } from './random.ts'

const maxLength = 4_000
const oddCharacters = [
  '\0',
  '\u007f',
  '\u00e9',
  '\u2028',
  '\ufeff',
  '\ufffd',
  '\udc80',
  '\u{1f642}',
  '\r\n',
  '\t',
]

export interface Material {
  /** Inputs to start from. */
  readonly corpus: readonly string[]
  /** Words of the input's language, to insert. */
  readonly dictionary: readonly string[]
}

/** A new input: one of the corpus after a few random edits. */
export function mutate(material: Material, random: Random): string {
  let text = random.pick(material.corpus)
  for (let edits = 1 + random.below(6); edits > 0; edits--) text = edit(text, material, random)
  return text.slice(0, maxLength)
}

type Edit = (text: string, material: Material, random: Random) => string

const edits: readonly Edit[] = [
  (text, { dictionary }, random) => insert(text, random.pick(dictionary), random),
  (text, { dictionary }, random) => insert(text, random.pick(dictionary), random),
  (text, _material, random) => insert(text, String.fromCharCode(32 + random.below(95)), random),
  (text, _material, random) => insert(text, random.pick(oddCharacters), random),
  (text, _material, random) => {
    const [start, end] = span(text, random)
    return text.slice(0, start) + text.slice(end)
  },
  (text, _material, random) => {
    const [start, end] = span(text, random)
    return insert(text, text.slice(start, end), random)
  },
  (text, { corpus }, random) => {
    const other = random.pick(corpus)
    return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1))
  },
  (text, { dictionary }, random) =>
    insert(text, random.pick(dictionary).repeat(1 + random.below(40)), random),
]

function edit(text: string, material: Material, random: Random): string {
  return random.pick(edits)(text, material, random)
}

function insert(text: string, addition: string, random: Random): string {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + addition + text.slice(at)
}

function span(text: string, random: Random): [number, number] {
  const start = random.below(text.length + 1)
  return [start, Math.min(text.length, start + random.below(12))]
}
