import { expect, test } from 'vitest'
import { helpers } from '../../helpers/index.ts'
import { parseTemplate } from '../../src/template/template.ts'

const parse = (source: string) => parseTemplate(source, { helpers })

test('a template without actions is literal', () => {
  expect(parse('plain')).toMatchObject({ isLiteral: true, literalText: 'plain', startsWithAction: false })
  expect(parse('')).toMatchObject({ isLiteral: true, literalText: '' })
  expect(parse('a{{/* c */}}b')).toMatchObject({ isLiteral: true, literalText: 'ab' })
  expect(parse('{{ .x }}')).toMatchObject({
    isLiteral: false,
    literalText: undefined,
    startsWithAction: true,
  })
})

test('a definition is no literal', () => {
  expect(parse('{{ define "a" }}x{{ end }}').isLiteral).toBe(false)
})

test('names that are defined and called', () => {
  const template = parse('{{ define "a" }}{{ template "b" }}{{ end }}{{ block "c" . }}{{ end }}')
  expect(template.definedNames).toEqual(['a', 'c'])
  expect(template.calledTemplates.toSorted()).toEqual(['b', 'c'])
})

test('functions whose result changes, wherever they are called', () => {
  expect(parse('{{ if (now) }}{{ range list (uuidv4) }}{{ end }}{{ end }}').usesChanging.toSorted()).toEqual([
    'now',
    'uuidv4',
  ])
  expect(parse('{{ define "a" }}{{ (now).Unix }}{{ end }}').usesChanging).toEqual(['now'])
  expect(parse('{{ upper "a" }}').usesChanging).toEqual([])
})

test('functions that change their argument', () => {
  expect(parse('{{ $_ := set .x "a" 1 }}').usesMutating).toBe(true)
  expect(parse('{{ get .x "a" }}').usesMutating).toBe(false)
})
