import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compileJsonPath,
  findAll,
  findElements,
  findRepeat,
  JsonPathError,
} from '../../../helpers/go/jsonpath/jsonpath.ts'
import { type JsonValue, WideNumber } from '../../../helpers/go/value.ts'

const pods: JsonValue = {
  items: [
    { name: 'a', size: 1, ready: true, tags: ['x', 'y'] },
    { name: 'b', size: 2.5, ready: false, tags: [] },
    { name: 'c', size: 3, ready: true, tags: ['z'] },
  ],
}

const elements = (path: string, data: JsonValue = pods) => findElements(compileJsonPath(path), data)
const repeat = (path: string, data: JsonValue = pods) => findRepeat(compileJsonPath(path), data)
const names = (path: string) => elements(path).map((element) => element['name'])

describe('findElements', () => {
  it('takes a list, or several objects', () => {
    expect(names('{.items}')).toEqual(['a', 'b', 'c'])
    expect(names('{.items[*]}')).toEqual(['a', 'b', 'c'])
    expect(names('{.items[?(@.ready==true)]}')).toEqual(['a', 'c'])
  })

  it('compares numbers by value', () => {
    expect(names('{.items[?(@.size>=2)]}')).toEqual(['b', 'c'])
    expect(names('{.items[?(@.size!=2.5)]}')).toEqual(['a', 'c'])
    expect(names('{.items[?(2<@.size)]}')).toEqual(['b', 'c'])
  })

  it('tells long integers apart', () => {
    const data = { l: [{ id: new WideNumber('9007199254740993') }, { id: 9007199254740992 }] }
    expect(findAll(compileJsonPath('{.l[?(@.id==9007199254740993)].id}'), data)).toEqual([data.l[0]?.id])
  })

  it('has no element where nothing matches', () => {
    expect(elements('{.items[?(@.name=="zz")]}')).toEqual([])
  })

  it.each([
    ['{.items[0]}', 'the result of {.items[0]} is an object, not a list of objects'],
    ['{.items[0].tags}', 'item 0 of {.items[0].tags} is a string, not an object'],
    ['{.itemz}', 'itemz is not found'],
    ['{.items[9]}', 'array index out of bounds: index 9, length 3'],
    ['{.items[?(@.name>1)]}', 'incompatible types for comparison: string with number'],
    ['{.items[?(@.tags==1)]}', 'invalid type for comparison: a list'],
  ])('%s says what is wrong', (path, message) => {
    expect(() => elements(path)).toThrow(message)
  })
})

describe('findRepeat', () => {
  it('spreads lists and leaves out null', () => {
    expect(repeat('{.items[*].tags}')).toEqual(['x', 'y', 'z'])
    expect(repeat('{.a}{.b}', { a: null, b: 1 })).toEqual([1])
  })

  it('refuses texts', () => {
    expect(() => repeat('items')).toThrow('gives a text or literal, not data')
  })
})

describe('findAll', () => {
  it('gives every result, in key order', () => {
    expect(findAll(compileJsonPath('{.*}'), { b: 1, a: 2 })).toEqual([2, 1])
    expect(findAll(compileJsonPath('{..size}'), pods)).toEqual([1, 2.5, 3])
  })

  it('reads own keys only', () => {
    for (const key of ['constructor', '__proto__', 'toString', 'length']) {
      expect(() => findAll(compileJsonPath(`{.items[0].${key}}`), pods)).toThrow('is not found')
      expect(() => findAll(compileJsonPath(`{.items.${key}}`), pods)).toThrow('is not found')
    }
    const data = JSON.parse('{"__proto__": {"x": 1}}') as JsonValue
    expect(findAll(compileJsonPath('{.__proto__.x}'), data)).toEqual([1])
  })
})

describe('compileJsonPath', () => {
  it.each([
    ['{.a', 3],
    ['{.a}{#', 5],
    ['{.list[x]}', 6],
    ['{.list[0,x]}', 6],
    ['{"abc}', 1],
    ['{"\\q"}', 1],
    ['{.x....y}', 5],
  ])('%s fails at its place', (path, offset) => {
    const error = caught(() => compileJsonPath(path))
    expect(error).toMatchObject({ stage: 'parse', offset })
  })

  it.each([
    ['{"a\\tb"}', 'a\tb'],
    ["{'it\\'s'}", "it's"],
    ['{"\\u017c\\U0001F642\\x41\\101"}', 'ż🙂AA'],
    ['{"\\xff"}', '\udcff'],
  ])('unquotes %s', (path, text) => {
    expect(findAll(compileJsonPath(path), null)).toEqual([text])
  })

  it.each(['{"\\ud800"}', '{"\\400"}', '{"\\x4"}', '{"\\U00110000"}', "{'\\\"'}"])(
    'refuses the escape in %s',
    (path) => {
      expect(() => compileJsonPath(path)).toThrow('invalid escape')
    },
  )
})

describe('limits', () => {
  it('bound the path', () => {
    expect(() => compileJsonPath(`{.${'a'.repeat(5_000)}}`)).toThrow('at most 4096 characters')
    expect(() => compileJsonPath(`{${'[?(@=='.repeat(600)}}`)).toThrow(JsonPathError)
    expect(() => compileJsonPath(`{${"[?('".repeat(600)}}`)).toThrow(JsonPathError)
  })

  it('bound the search', () => {
    const wide = { l: Array.from({ length: 40_000 }, () => ({ a: 1 })) }
    expect(() => findAll(compileJsonPath(`{.l[${Array(50).fill('*').join(',')}]}`), wide)).toThrow(
      'more than',
    )
    expect(() => findAll(compileJsonPath('{.s.*}'), { s: 'x'.repeat(2_000_000) })).toThrow(
      'more than 1000000 values',
    )
  })

  it('bound the depth', () => {
    let deep: JsonValue = {}
    for (let level = 0; level < 5_000; level++) deep = { a: deep }
    expect(() => findAll(compileJsonPath('{..a}'), deep)).toThrow('more than 1000 deep')
  })
})

describe('any text and data', () => {
  const piece = fc.constantFrom(
    ...Array.from('{}[].*()@$\'"\\,:02<a \nż'),
    ...'{. .. [?( )] == -1 range end true items [?(@.a==1)] {.items[*]} {range {end}'.split(' '),
  )
  const path = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))

  it('end in results or a JsonPathError', () => {
    fc.assert(
      fc.property(path, fc.jsonValue(), (text, data) => {
        for (const find of [findAll, findElements, findRepeat]) {
          const error = caught(() => find(compileJsonPath(text), data as JsonValue))
          if (error !== undefined && !(error instanceof JsonPathError)) throw error
        }
      }),
      { numRuns: 2_000, seed: 7 },
    )
  })
})

function caught(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}
