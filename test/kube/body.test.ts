import { describe, expect, test } from 'vitest'
import { BodyTooLargeError, readBytes, readLines } from '../../src/kube/body.ts'
import { streamOf } from './fakes.ts'

async function linesOf(chunks: readonly Uint8Array[], maxBytes = 100): Promise<string[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* chunks
  }
  const lines: string[] = []
  for await (const line of readLines(body(), maxBytes)) lines.push(line)
  return lines
}

describe('readLines', () => {
  const text = '{"a":"äöü€😀"}\n\n{"b":2}\n'

  test('gives the same lines however the bytes are cut', async () => {
    const bytes = Buffer.from(text)
    for (let at = 0; at <= bytes.length; at++) {
      expect(await linesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual([
        '{"a":"äöü€😀"}',
        '',
        '{"b":2}',
      ])
    }
  })

  test('an unfinished last line is not given: it may be cut off', async () => {
    expect(await linesOf([Buffer.from('{"a":1}\n{"b"')])).toEqual(['{"a":1}'])
  })

  test('a line that is too long is an error, with or without its end', async () => {
    await expect(linesOf([Buffer.from('x'.repeat(11))], 10)).rejects.toThrow(BodyTooLargeError)
    await expect(linesOf([Buffer.from(`${'x'.repeat(11)}\n`)], 10)).rejects.toThrow(BodyTooLargeError)
    expect(await linesOf([Buffer.from(`${'x'.repeat(10)}\n`.repeat(3))], 10)).toHaveLength(3)
  })
})

test('readBytes stops at its limit', async () => {
  expect((await readBytes(streamOf(['ab', 'cd']), 4)).toString()).toBe('abcd')
  let pulled = 0
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      pulled++
      yield Buffer.alloc(10)
    }
  }
  await expect(readBytes(endless(), 95)).rejects.toThrow(BodyTooLargeError)
  expect(pulled).toBe(10)
})
