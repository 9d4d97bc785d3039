import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../helpers/go/value.ts'
import type { TemplateEntry } from '../../src/api/types.ts'
import { AppError } from '../../src/errors.ts'
import { makeSet, renderLeaf, renderObjects } from './fixture.ts'
import { helpers } from '../../helpers/index.ts'
import { prepareTemplates } from '../../src/render/prepare.ts'

function configMap(data: JsonObject, more: Partial<TemplateEntry> = {}): TemplateEntry {
  return { content: { apiVersion: 'v1', kind: 'ConfigMap', data }, ...more }
}

function failureOf(run: () => unknown): AppError {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const values = (objects: readonly JsonObject[]) =>
  objects.map((object) => (object['data'] as JsonObject)['v'])

describe('order and indices', () => {
  it('goes by elements, then templates, then repetitions', () => {
    const templates = [
      configMap({ v: 'a{{ .ElementIndex }}' }),
      configMap({ v: 'b{{ .ElementIndex }}.{{ .RepeatIndex }}{{ .Repeat }}' }, { repeat: '{.l}' }),
    ]
    const objects = renderObjects(templates, [{ l: ['x', 'y'] }, { l: ['z'] }])
    expect(values(objects)).toEqual(['a0', 'b0.0x', 'b0.1y', 'a1', 'b1.0z'])
  })
})

describe('when', () => {
  it.each([
    '.Element.on',
    '{{ .Element.on }}',
    'eq .Element.name "b"',
    'and .Element.on (gt .ElementIndex 0)',
  ])('skips a template for an element: %s', (when) => {
    const elements = [
      { name: 'a', on: false },
      { name: 'b', on: true },
    ]
    expect(values(renderObjects([configMap({ v: '{{ .Element.name }}' }, { when })], elements))).toEqual([
      'b',
    ])
  })

  it('takes a Handlebars expression in a Handlebars set', () => {
    const template = configMap({ v: '{{Element.name}}' }, { when: 'eq Element.name "b"' })
    const objects = renderObjects([template], [{ name: 'a' }, { name: 'b' }], { engine: 'handlebars' })
    expect(values(objects)).toEqual(['b'])
  })

  it('fails to compile with its path', () => {
    const error = failureOf(() => renderObjects([configMap({}, { when: 'nope .Element' })], []))
    expect(error).toMatchObject({
      path: 'spec.templates[0].when',
      disposition: 'stall',
      reason: 'TemplateInvalid',
    })
  })
})

describe('functions that change their arguments', () => {
  it('are seen by later leaves of the same object, and nowhere else', () => {
    const element = { name: 'a', n: 1 }
    const templates = [
      configMap({ a: '{{ $_ := set .Element "n" 2 }}', v: '{{ .Element.n }}' }),
      configMap({ v: '{{ .Element.n }}' }),
    ]
    expect(values(renderObjects(templates, [element, element]))).toEqual(['2', '1', '2', '1'])
    expect(element.n).toBe(1)
  })
})

describe('leaves that depend on each other', () => {
  const spanning = configMap({ a: '{{ if .Element.on }}', b: '{{ .Element.v }}', c: '{{ end }}' })

  it('render as one text', () => {
    const objects = renderObjects([spanning], [{ on: true, v: 'x' }])
    expect(objects[0]?.['data']).toEqual({ a: '', b: 'x', c: '' })
  })

  it('do not let a value add a document', () => {
    const v = "x'\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: stolen}\n# '"
    const error = failureOf(() => renderObjects([spanning], [{ on: true, v }]))
    expect(error.message).toContain('element 0 of spec.generators[0].list')
    expect(error.reason).toBe('RenderFailed')
  })

  it('do not let a value change the kind', () => {
    const content = { kind: 'ConfigMap', zz: { a: '{{ if .Element.on }}', b: '{{ .Element.v }}{{ end }}' } }
    const error = failureOf(() => renderObjects([{ content }], [{ on: true, v: "x'\nkind: 'Secret" }]))
    expect(error.message).toContain('values change the number or the kind of the documents')
  })

  it('may compute the kind', () => {
    const content = {
      apiVersion: 'v1',
      data: { a: '{{ $k := .Element.kind }}' },
      kind: '{{ $k }}',
    }
    expect(renderObjects([{ content }], [{ kind: 'Secret' }])[0]?.kind).toBe('Secret')
  })

  it('report the leaf that is wrong where the text is wrong too', () => {
    const error = failureOf(() => renderObjects([configMap({ a: 'x', b: '{{ nope }}' })], []))
    expect(error).toMatchObject({
      path: 'spec.templates[0].content.data.b',
      position: { line: 1, column: 4, lineText: '{{ nope }}' },
    })
  })
})

describe('documents that a template writes', () => {
  const options = { delimiters: '${{,}}' }

  it('are objects of their own', () => {
    const leaf = 'one${{ printf "\\n---\\n" }}${{ dict "apiVersion" "v1" "kind" .Element.kind | toYaml }}'
    const content = { apiVersion: 'v1', kind: 'ConfigMap', zz: leaf }
    const objects = renderObjects([{ content }], [{ kind: 'Secret' }], options)
    expect(objects.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Secret'])
  })

  it('are text where they come from a value', () => {
    const v = 'one\n---\napiVersion: v1\nkind: Secret'
    expect(renderLeaf('${{ .Element.v }}', { v }, options)).toBe(v)
  })
})

describe('what is rendered', () => {
  it.each([
    ['no kind', { apiVersion: 'v1' }, "Object 'Kind' is missing"],
    ['a kind that is not a text', { apiVersion: 'v1', kind: 5 }, "Object 'Kind' is missing"],
  ])('must be an object: %s', (_name, content, message) => {
    expect(failureOf(() => renderObjects([{ content }], [{}])).message).toContain(message)
  })

  it('does not share what the caller could change', () => {
    const content = { apiVersion: 'v1', kind: 'ConfigMap', data: { list: ['a'] } }
    const [first] = renderObjects([{ content }], [{}])
    expect(Object.isFrozen(content.data)).toBe(false)
    expect(first).toEqual(content)
  })
})

describe('limits', () => {
  const limits = { maxObjects: 10, maxObjectBytes: 1000, maxSetBytes: 2000, maxSetSteps: 5000 }

  it('bound the number of objects', () => {
    const error = failureOf(() =>
      renderObjects(
        [configMap({ v: 'x' })],
        Array.from({ length: 11 }, () => ({})),
        { limits },
      ),
    )
    expect(error.message).toContain('more than 10 objects')
  })

  it('bound the output of one object over all its leaves', () => {
    const template = configMap({ a: '{{ repeat 600 "x" }}', b: '{{ repeat 600 "x" }}' })
    const error = failureOf(() => renderObjects([template], [{}], { limits }))
    expect(error.message).toContain('1000 bytes')
    expect(error.path).toBe('spec.templates[0].content.data.b')
  })

  it('bound the output of the set', () => {
    const template = configMap({ a: '{{ repeat 900 "x" }}' })
    const error = failureOf(() => renderObjects([template], [{}, {}, {}], { limits }))
    expect(error.message).toContain('more than 2000 bytes')
  })
})

describe('the limit of steps', () => {
  it('counts over all objects of the set', () => {
    const limits = { maxObjects: 10, maxObjectBytes: 10_000, maxSetBytes: 100_000, maxSetSteps: 5000 }
    const template = configMap({ a: '{{ range until 1000 }}{{ . }}{{ end }}' })
    expect(renderObjects([template], [{}], { limits })).toHaveLength(1)
    const error = failureOf(() => renderObjects([template], [{}, {}, {}, {}], { limits }))
    expect(error.message).toContain('more than 5000 steps')
  })
})

describe('preparing', () => {
  it('lists functions whose result changes', () => {
    const set = makeSet([configMap({ a: '{{ now }}', b: '{{ uuidv4 }}', c: '{{ upper "x" }}' })])
    expect(prepareTemplates(set, { helpers }).changingFunctions.toSorted()).toEqual(['now', 'uuidv4'])
  })
})
