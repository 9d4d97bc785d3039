import { describe, expect, it } from 'vitest'
import { WideNumber } from '../../../../helpers/go/value.ts'
import { parseNode } from '../../../../helpers/go/yaml/node.ts'
import { parseYamlWithPositions } from '../../../../helpers/go/yaml/positions.ts'
import { yamlToJson } from '../../../../helpers/go/yaml/read.ts'
import { YamlError } from '../../../../helpers/go/yaml/yaml-error.ts'

function failureOf(run: () => unknown): YamlError {
  try {
    run()
  } catch (error) {
    if (error instanceof YamlError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('limits', () => {
  it('bound what references expand to', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const items =
        level === 0
          ? 'lol, lol, lol, lol, lol, lol, lol, lol, lol, lol'
          : Array(10)
              .fill(`*a${level - 1}`)
              .join(', ')
      return `a${level}: &a${level} [${items}]`
    })
    expect(failureOf(() => yamlToJson(levels.join('\n'))).message).toContain('excessive aliasing')
  })

  it.each([
    ['flow lists', '['.repeat(5000)],
    ['flow maps', '{a: '.repeat(5000)],
    ['block lists', '- '.repeat(5000)],
    ['block maps', Array.from({ length: 200 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
  ])('bound the depth of %s', (_name, text) => {
    expect(failureOf(() => yamlToJson(text)).message).toContain('nested deeper than 100 levels')
  })

  it('bound the length of a text', () => {
    const limits = { maxChars: 10, maxAliasedValues: 1 }
    expect(failureOf(() => yamlToJson('a'.repeat(11), limits)).message).toContain('more than 10 characters')
  })
})

describe('data', () => {
  it('gets keys of any name as its own', () => {
    const value = yamlToJson('__proto__: {polluted: 1}\nconstructor: x\n') as object
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect('polluted' in value).toBe(false)
  })

  it('shares nothing between references', () => {
    const value = yamlToJson('a: &x {k: [1]}\nb: *x\n') as { a: object; b: object }
    expect(value.a).toEqual(value.b)
    expect(value.a).not.toBe(value.b)
  })

  it('keeps the digits of integers that a double cannot hold', () => {
    expect(yamlToJson('[9007199254740993, -9223372036854775808, 0xFFFFFFFFFFFFFFFF]')).toEqual([
      new WideNumber('9007199254740993'),
      new WideNumber('-9223372036854775808'),
      new WideNumber('18446744073709551615'),
    ])
  })
})

describe('errors', () => {
  it('say where, counting characters', () => {
    const error = failureOf(() => yamlToJson('a: 1\r\n"\u{1F642}": "b" @\n'))
    expect(error).toMatchObject({ line: 2, column: 10, lineText: '"\u{1F642}": "b" @' })
  })
})

describe('parseYamlWithPositions', () => {
  const text =
    '# two sets\nkind: A\nspec:\n  list:\n  - x: 1\n  - {w: 2}\n---\nkind: B\nref: &r {z: 1}\ncopy: *r\n'
  const { documents } = parseYamlWithPositions(text)

  it('finds keys, items and nested keys', () => {
    const [first, second] = documents
    expect(first?.startLine).toBe(2)
    expect(first?.locate(['spec', 'list'])).toEqual({ line: 4, column: 3, lineText: '  list:' })
    expect(first?.locate(['spec', 'list', 0, 'x'])).toMatchObject({ line: 5, column: 5 })
    expect(first?.locate(['spec', 'list', 1])).toMatchObject({ line: 6, column: 5 })
    expect(first?.locateValue(['spec', 'list', 1, 'w'])).toMatchObject({ line: 6, column: 9 })
    expect(second?.startLine).toBe(8)
    expect(second?.locate(['kind'])).toMatchObject({ line: 8, column: 1 })
  })

  it('falls back to the nearest parent', () => {
    expect(documents[0]?.locate(['spec', 'gone', 'deep'])).toMatchObject({ line: 3, column: 1 })
    expect(documents[0]?.locate(['gone'])).toMatchObject({ line: 2, column: 1 })
    expect(documents[1]?.locate(['copy', 'z'])).toMatchObject({ line: 10, column: 1 })
  })

  it('reads every document, empty ones too', () => {
    expect(parseYamlWithPositions('a: 1\n---\n---\nb: 2\n').documents.map(({ value }) => value)).toEqual([
      { a: 1 },
      null,
      { b: 2 },
    ])
    expect(parseYamlWithPositions('').documents).toEqual([])
  })

  it('fails for a broken document with its line in the file', () => {
    expect(failureOf(() => parseYamlWithPositions('a: 1\n---\nb: [1\n')).line).toBeGreaterThanOrEqual(3)
  })
})

describe('parseNode', () => {
  it.each([
    ['[1, 2]', [1, 2]],
    ['\n    a: 1\n    b: 2', { a: 1, b: 2 }],
    ['|\n    x\n', 'x\n'],
    ['', null],
  ])('reads one value: %j', (text, value) => {
    expect(parseNode(text, { indent: 2, isItem: false })).toEqual({ value })
  })

  it.each(['a: b', '1\nother: 2', '[', 'x\n---\ny', '1\n  k: 2'])(
    'refuses what is more or less: %j',
    (text) => {
      expect(parseNode(text, { indent: 2, isItem: false })).toBeUndefined()
    },
  )
})
