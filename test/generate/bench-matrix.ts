/** `node test/generate/bench-matrix.ts`: how long a matrix of 100×100 elements with nested maps takes, cold and warm. */
import type { JsonObject } from '../../helpers/go/value.ts'
import { bindEntry } from '../../src/generate/registry.ts'
import { fakeContext } from './fakes.ts'

const SIDE = 100
const RUNS = 15

/** What elements have under a key of their own, and what under keys that both sides have. */
const CASES: Readonly<Record<string, (side: string, index: number) => JsonObject>> = {
  'keys apart': () => ({}),
  'nested maps under one key': (side, index) => ({ both: { [side]: { index }, last: side } }),
  'a key that the later one overrides': (side, index) => ({ name: `${side}-${index}` }),
}

const [only] = process.argv.slice(2)
for (const [name, shared] of Object.entries(CASES)) {
  if (only !== undefined && only !== name) continue
  const sides = ['app', 'region'].map((side) => ({
    list: { elements: Array.from({ length: SIDE }, (_, index) => elementOf(side, index, shared)) },
  }))
  const bound = bindEntry({ matrix: { generators: sides } }, 'spec.generators[0]')
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now()
    await bound.generator.generate(bound.spec, fakeContext())
    times.push(performance.now() - start)
  }
  const [first = 0, ...warm] = times
  process.stdout.write(
    `${name}: first ${first.toFixed(0)} ms, then at best ${Math.min(...warm).toFixed(0)} ms\n`,
  )
}

function elementOf(
  side: string,
  index: number,
  shared: (side: string, index: number) => JsonObject,
): JsonObject {
  const deep = { a: index, b: [1, 2, { c: index }], text: 'text' }
  return {
    [side]: { name: `${side}-${index}`, deep, labels: { x: '1', y: String(index) } },
    ...shared(side, index),
  }
}
