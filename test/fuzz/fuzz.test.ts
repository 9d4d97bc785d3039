import { expect, test } from 'vitest'
import { Random } from './random.ts'
import { fuzz } from './run.ts'
import { targets } from './targets.ts'

test.each(Object.keys(targets))('%s stands 400 mutated inputs', (name) => {
  const target = targets[name]
  if (target === undefined) throw new Error(`no target ${name}`)
  const { count, failure } = fuzz(target, new Random(20_260_101), (done) => done < 400)
  expect(failure).toBeUndefined()
  expect(count).toBe(400)
})

test('a fault is found and reported with its input', () => {
  const target = {
    corpus: ['aaaa'],
    dictionary: ['x'],
    run: (input: string) => {
      if (input.includes('x')) throw new TypeError('found')
    },
  }
  const { failure } = fuzz(target, new Random(1), (done) => done < 1_000)
  expect(failure?.input).toContain('x')
  expect(failure?.error).toBeInstanceOf(TypeError)
})

test('a seed gives the same inputs again', () => {
  const inputs = [1, 2].map(() => {
    const seen: string[] = []
    const target = {
      corpus: ['abc', 'def'],
      dictionary: ['x', 'y'],
      run: (input: string) => void seen.push(input),
    }
    fuzz(target, new Random(7), (done) => done < 50)
    return seen
  })
  expect(inputs[0]).toEqual(inputs[1])
})
