import { describe, expect, it } from 'vitest'
import { renderLeaf, renderObjects } from './fixture.ts'

const dollar = { delimiters: '${{,}}' }

describe('an unquoted leaf', () => {
  const type = (v: string) => renderLeaf('${{ .Element.v }}', { v }, dollar)

  it.each([
    ['3', 3],
    ['true', true],
    ['yes', true],
    ['0644', 420],
    ['1_000', 1000],
    ['', null],
    ['~', null],
    ['2024-01-02', '2024-01-02'],
    ['5m', '5m'],
    ['  7 ', 7],
    ['.inf', '.inf'],
  ])('is typed: %j', (text, value) => {
    expect(type(text)).toBe(value)
  })

  it.each([
    ['[1, {a: b}]', [1, { a: 'b' }]],
    ['{"a":1}', { a: 1 }],
    ['"8080"', '8080'],
    ["'yes'", 'yes'],
    ['!!str 5', '5'],
  ])('may be a structure: %j', (text, value) => {
    expect(type(text)).toEqual(value)
  })

  it.each([
    'scope: all',
    'see #42',
    '#fff',
    '- item',
    '? key',
    '@at',
    'ends:',
    '[draft] title',
    '"a" and "b"',
    'two\nlines',
    'x\n---\napiVersion: v1\nkind: Secret',
    '---',
    '...\nx',
    '&anchor *alias: x',
  ])('keeps text that YAML would read as more: %j', (text) => {
    expect(type(text)).toBe(text)
  })

  it('takes a block by its columns in the YAML text', () => {
    const leaf = '${{ .Element.v | toYaml | nindent 4 }}'
    expect(renderLeaf(leaf, { v: { k: [1, { z: 'q' }] } }, dollar)).toEqual({ k: [1, { z: 'q' }] })
  })

  it('keeps the digits of large integers', () => {
    expect(renderLeaf('${{ .Element.v }}', { v: '9007199254740993' }, dollar)).toMatchObject({
      text: '9007199254740993',
    })
  })
})

describe('a quoted leaf', () => {
  it.each(["it's", '"q"', 'a\nb', 'true', '12', '', ' x ', 'a: b', '{{ x }}', '\t\u{1F642}\u0085'])(
    'holds any value as it is: %j',
    (v) => {
      expect(renderLeaf('{{ .Element.v }}', { v })).toBe(v)
    },
  )

  it('is not trimmed into its line breaks, which are escapes in YAML', () => {
    expect(renderLeaf('x \n {{- .Element.v -}} \n y', { v: 'w' })).toBe('x \nw\n y')
  })
})

describe('a block of lines', () => {
  it('keeps lines of values that YAML would end it at', () => {
    expect(renderLeaf('a\n{{ .Element.v }}\nb\n', { v: 'x\nto: y\n# z\n---\nw' })).toBe(
      'a\nx\nto: y\n# z\n---\nw\nb\n',
    )
  })

  it.each([
    ['{{ .Element.v }}\nx', 'a', 'a\nx'],
    ['{{ .Element.v }}\nx\n', 'a', 'a\nx\n'],
    ['{{ .Element.v }}\nx\n\n', 'a', 'a\nx\n\n'],
    ['x\n{{ .Element.v }}\n', '', 'x\n'],
    ['x{{ if eq .Element.v "" }}\n{{ end }}', '', 'x'],
  ])('ends as its form in YAML says: %j', (leaf, v, want) => {
    expect(renderLeaf(leaf, { v })).toBe(want)
  })

  it('takes off a deeper indentation of all lines, as YAML does', () => {
    expect(renderLeaf('{{ .Element.v | nindent 6 }}\n', { v: 'a\nb' })).toBe('\na\nb\n')
  })

  it('counts error positions as the author does', () => {
    const render = () => renderLeaf('first\nsecond {{ .Element.gone }}\n', { v: 1 })
    expect(render).toThrow(
      expect.objectContaining({
        path: 'spec.templates[0].content.data.v',
        position: { line: 2, column: 19, lineText: 'second {{ .Element.gone }}' },
      }),
    )
  })
})

describe('keys', () => {
  const keys = (key: string, v: string, options = {}) => {
    const content = { apiVersion: 'v1', kind: 'ConfigMap', data: { [key]: 'x' } }
    return Object.keys(renderObjects([{ content }], [{ v }], options)[0]?.['data'] as object)
  }

  it('are text when quoted, and typed when not', () => {
    expect(keys('{{ .Element.v }}', 'yes')).toEqual(['yes'])
    expect(keys('${{ .Element.v }}', 'yes', dollar)).toEqual(['true'])
    expect(keys('${{ .Element.v }}', 'a: b', dollar)).toEqual(['a: b'])
  })

  it('may be __proto__ without reaching a prototype', () => {
    const content = { apiVersion: 'v1', kind: 'ConfigMap', data: { '{{ .Element.v }}': { polluted: '1' } } }
    const [object] = renderObjects([{ content }], [{ v: '__proto__' }])
    const data = object?.['data'] as object
    expect(Object.keys(data)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
    expect('polluted' in data).toBe(false)
  })
})
