import { maxNesting } from '../limits.ts'

/** What opens, goes on with and closes blocks, mustaches and parentheses. */
const marks = /\{\{~?(?:[#^](?!~?\}\})|\/|else\s+[^\s~}]|)|\}\}|[()]/g

/**
 * Where blocks, `else` chains or parentheses nest too deeply, or undefined. Looked at before the parser is, because
 * its time grows with the cube of the depth.
 */
export function findTooDeep(text: string): number | undefined {
  const levels = new Levels()
  for (const match of text.matchAll(marks)) {
    levels.take(match[0])
    if (levels.depth > maxNesting) return match.index
  }
  return undefined
}

class Levels {
  /** Of each open block: itself and the branches of its `else` chain. */
  readonly #blocks: number[] = []
  #blockDepth = 0
  #parens = 0
  #isInside = false

  get depth(): number {
    return this.#blockDepth + this.#parens
  }

  take(mark: string): void {
    if (mark.startsWith('{{')) this.#open(mark)
    else if (mark === '}}') this.#leave()
    else if (this.#isInside) this.#parens += mark === '(' ? 1 : -1
  }

  #leave(): void {
    this.#isInside = false
    this.#parens = 0
  }

  #open(mark: string): void {
    this.#isInside = true
    if (mark.endsWith('/')) this.#blockDepth -= this.#blocks.pop() ?? 0
    else if (/[#^]$/.test(mark)) this.#grow(this.#blocks.push(0) - 1)
    else if (mark.includes('else')) this.#grow(this.#blocks.length - 1)
  }

  #grow(index: number): void {
    const count = this.#blocks[index]
    if (count === undefined) return
    this.#blocks[index] = count + 1
    this.#blockDepth++
  }
}
