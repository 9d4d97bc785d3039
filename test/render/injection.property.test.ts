import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapField } from '../../helpers/go/json-tree.ts'
import { renderObjects } from './fixture.ts'

/** Values made of what YAML and templates give a meaning to. */
const value = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '\n',
        '\r\n',
        ': ',
        ' #',
        '- ',
        '---',
        '...',
        '{',
        '}',
        '[',
        ']',
        '|',
        '>',
        '&a',
        '*a',
        '!!str ',
      ),
      fc.constantFrom(
        '{{',
        '}}',
        '${{',
        '\t',
        '  ',
        '\u0085',
        '\u2028',
        '\ufeff',
        '\0',
        'kind: Secret',
        'apiVersion: v1',
        '%YAML 1.1',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

const content = (left: string, right: string) => {
  const action = `${left} .Element.v ${right}`
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'fixed' },
    data: { alone: action, prefixed: `x ${action}`, block: `a\n${action}\nz\n`, spaced: ` ${action}` },
    list: [action, 'after'],
    zz: 'last',
  }
}

describe('any value', () => {
  it('stays within its leaf, as the text that it is where the leaf is quoted', () => {
    fc.assert(
      fc.property(value, (v) => {
        const objects = renderObjects([{ content: content('{{', '}}') }], [{ v }])
        expect(objects).toHaveLength(1)
        expect(objects[0]).toMatchObject({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'fixed' },
          zz: 'last',
        })
        expect(objects[0]?.['list']).toEqual([v, 'after'])
        const data = mapField(objects[0] ?? {}, 'data')
        expect(Object.keys(data).toSorted()).toEqual(['alone', 'block', 'prefixed', 'spaced'])
        expect(data).toMatchObject({ alone: v, spaced: ` ${v}` })
        expect(typeof data['prefixed']).toBe('string')
      }),
      { numRuns: 1000, seed: 20_260_301 },
    )
  })

  it('stays within its leaf where the leaf is unquoted', () => {
    fc.assert(
      fc.property(value, (v) => {
        const objects = renderObjects([{ content: content('${{', '}}') }], [{ v }], { delimiters: '${{,}}' })
        expect(objects).toHaveLength(1)
        expect(Object.keys(objects[0] ?? {}).toSorted()).toEqual([
          'apiVersion',
          'data',
          'kind',
          'list',
          'metadata',
          'zz',
        ])
        expect(objects[0]).toMatchObject({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'fixed' },
          zz: 'last',
        })
        expect(objects[0]?.['list']).toHaveLength(2)
      }),
      { numRuns: 1000, seed: 20_260_301 },
    )
  })
})
