import { mutate } from './mutate.ts'
import { Random } from './random.ts'
import type { Target } from './targets.ts'

/** One input may not take longer. */
export const maxInputMs = 5_000

export interface Failure {
  readonly input: string
  readonly error: unknown
}

/** Feeds a target with mutated inputs while `goesOn` says so. Returns how many it took, and the first failure. */
export function fuzz(
  target: Target,
  random: Random,
  goesOn: (count: number) => boolean,
): { count: number; failure?: Failure } {
  let count = 0
  while (goesOn(count)) {
    const input = mutate(target, random)
    const started = performance.now()
    count++
    try {
      target.run(input)
    } catch (error) {
      return { count, failure: { input, error } }
    }
    const elapsedMs = performance.now() - started
    if (elapsedMs > maxInputMs) return { count, failure: { input, error: new Error(`took ${elapsedMs} ms`) } }
  }
  return { count }
}
