import { parseArgs } from 'node:util'
import { Random } from './random.ts'
import { fuzz } from './run.ts'
import { targets } from './targets.ts'

/**
 * `npm run fuzz -- [--minutes 1] [--target exec] [--seed 42]`: mutated inputs for all targets, or one, in turns.
 * Prints the seed; fails with the input and the error that an input must not cause.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    target: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})

const roundMs = 2_000

function chosenTargets(): string[] {
  if (values.target === undefined) return Object.keys(targets)
  if (Object.hasOwn(targets, values.target)) return [values.target]
  throw new Error(`there is no target ${values.target}; there are: ${Object.keys(targets).join(', ')}`)
}

function runRound(name: string, random: Random): number {
  const target = targets[name]
  if (target === undefined) return 0
  const endMs = performance.now() + roundMs
  const { count, failure } = fuzz(target, random, () => performance.now() < endMs)
  if (failure !== undefined) {
    console.error(`${name} failed on ${JSON.stringify(failure.input)} (seed ${values.seed})`)
    throw failure.error
  }
  return count
}

function main(): void {
  const names = chosenTargets()
  const random = new Random(Number(values.seed))
  const endMs = performance.now() + Number(values.minutes) * 60_000
  const counts = new Map(names.map((name) => [name, 0]))
  console.log(`seed ${values.seed}, targets ${names.join(' ')}`)
  while (performance.now() < endMs) {
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + runRound(name, random))
  }
  for (const [name, count] of counts) console.log(`${name}: ${count} inputs`)
}

main()
