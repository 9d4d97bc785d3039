import { describe, expect, test } from 'vitest'
import type { Node } from '../../src/template/ast.ts'
import { builtins } from '../../src/template/builtins.ts'
import { TemplateError } from '../../src/template/errors.ts'
import { pipeText } from '../../src/template/node-text.ts'
import { parse } from '../../src/template/parser.ts'

const parseText = (text: string) =>
  parse(
    { name: 't', text },
    { delimiters: { left: '{{', right: '}}' }, findCallable: (name) => builtins.get(name) },
  )

/** The nodes in short: kinds, with what is inside in brackets. */
function outline(nodes: readonly Node[]): string {
  return nodes.map((node) => node.kind + ('list' in node ? inside(node) : '')).join(' ')
}

function inside({ list, elseList }: { list: readonly Node[]; elseList: readonly Node[] }): string {
  return `(${outline(list)}${elseList.length > 0 ? ` else ${outline(elseList)}` : ''})`
}

describe('structure', () => {
  test.each([
    ['a{{ . }}b', 'text action text'],
    ['{{ if . }}a{{ else }}b{{ end }}', 'if(text else text)'],
    ['{{ if 1 }}a{{ else if 2 }}b{{ else }}c{{ end }}', 'if(text else if(text else text))'],
    ['{{ with . }}a{{ else with . }}b{{ end }}', 'with(text else with(text))'],
    ['{{ range . }}{{ break }}{{ continue }}{{ else }}x{{ end }}', 'range(break continue else text)'],
    ['{{ block "b" . }}x{{ end }}', 'template'],
    ['{{ define "d" }}x{{ end }}y', 'text'],
  ])('%s', (text, want) => {
    expect(outline(parseText(text).root.nodes)).toBe(want)
  })

  test('definitions are kept by name', () => {
    const { definitions } = parseText('{{ define "d" }}x{{ . }}{{ end }}{{ block "b" . }}{{ end }}')
    expect([...definitions.keys()]).toEqual(['d', 'b'])
    expect(outline(definitions.get('d')?.nodes ?? [])).toBe('text action')
  })

  test('of two definitions the one that is not empty counts', () => {
    const { definitions } = parseText('{{ define "d" }}x{{ end }}{{ define "d" }} {{ end }}')
    expect(outline(definitions.get('d')?.nodes ?? [])).toBe('text')
  })

  test('each variable has a slot of its own', () => {
    expect(parseText('{{ $a := 1 }}{{ range $i, $a := . }}{{ end }}{{ $a = 2 }}').root.slotCount).toBe(4)
  })
})

test.each([
  ['{{ . | print 1 "a" }}', '. | print 1 "a"'],
  ['{{ $x := (index .a 0).b.c }}', '$x := (index .a 0).b.c'],
  ['{{ print $.a $ nil true }}', 'print $.a $ nil true'],
])('%s as text', (text, want) => {
  const [node] = parseText(text).root.nodes
  expect(node?.kind === 'action' ? pipeText(node.pipe) : '').toBe(want)
})

test.each([
  ['{{ }}', 'missing value for command'],
  ['{{ if }}{{ end }}', 'missing value for if'],
  ['{{ if . }}', 'unexpected EOF'],
  ['{{ end }}', 'unexpected {{end}}'],
  ['{{ else }}', 'unexpected {{else}}'],
  ['{{ if . }}{{ else }}{{ else }}{{ end }}', 'expected end; found {{else}}'],
  ['{{ range . }}{{ else if . }}{{ end }}', 'unexpected <if> in input'],
  ['{{ break }}', '{{break}} outside {{range}}'],
  ['{{ range . }}{{ else }}{{ continue }}{{ end }}', '{{continue}} outside {{range}}'],
  ['{{ range . }}{{ block "b" . }}{{ break }}{{ end }}{{ end }}', '{{break}} outside {{range}}'],
  ['{{ if . }}{{ define "d" }}{{ end }}{{ end }}', 'unexpected <define> in command'],
  ['{{ define "d" }}x{{ end }}{{ define "d" }}y{{ end }}', 'template: multiple definition of template "d"'],
  ['{{ nosuch }}', 'function "nosuch" not defined'],
  ['{{ $x }}', 'undefined variable "$x"'],
  ['{{ if . }}{{ $x := 1 }}{{ end }}{{ $x }}', 'undefined variable "$x"'],
  ['{{ $x, $y := . }}', 'too many declarations in command'],
  ['{{ range $a, $b, $c := . }}{{ end }}', 'too many declarations in range'],
  ['{{ range $a, 1 := . }}{{ end }}', 'range can only initialize variables'],
  ['{{ 1 | 2 }}', 'non executable command in pipeline stage 2'],
  ['{{ "a".b }}', 'unexpected . after term "\\"a\\""'],
  ['{{ template x }}', 'unexpected "x" in template clause'],
  ['{{ template "x" | print }}', 'unexpected "|" in template clause'],
  ['{{ print "\\q" }}', 'invalid syntax'],
  ["{{ 'ab' }}", "malformed character constant: 'ab'"],
  ['{{ 99999999999999999999 }}', 'integer overflow: "99999999999999999999"'],
])('%s: %s', (text, detail) => {
  let error: unknown
  try {
    parseText(text)
  } catch (caught) {
    error = caught
  }
  expect(error).toBeInstanceOf(TemplateError)
  expect(error).toMatchObject({ stage: 'parse', detail })
})
