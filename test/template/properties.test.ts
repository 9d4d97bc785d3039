import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { getKey, isList, isMap } from '../../helpers/go/value.ts'
import type { Value, ValueMap } from '../../helpers/go/value.ts'
import { TemplateError } from '../../src/template/errors.ts'
import type { Delimiters } from '../../src/template/lexer.ts'
import { templateLimits } from '../../src/template/limits.ts'
import { render, renderHandlebars } from './render.ts'

const names = [
  'a',
  'b',
  'name',
  'list',
  'map',
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'length',
  '0',
]
const name = fc.constantFrom(...names)

/** Data without empty maps, which are true in Handlebars and false in Go. */
const scalar = fc.oneof(fc.string({ maxLength: 5 }), fc.boolean(), fc.integer({ min: -99, max: 99 }))
const data = fc.record({
  a: scalar,
  b: fc.constant('text'),
  name: fc.string({ maxLength: 5 }),
  list: fc.array(scalar, { maxLength: 3 }),
  map: fc.record({ a: scalar, b: scalar }),
})

function outcome(run: () => string): string {
  try {
    return `rendered ${run()}`
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return `${error.stage} ${error.detail}`
  }
}

describe('delimiters', () => {
  const action = fc.constantFrom(
    ' .a ',
    ' .map.b ',
    '- .a -',
    ' if .a ',
    ' else ',
    ' end ',
    ' range .list ',
    ' range $i, $x := .list ',
    ' $x := 1 ',
    ' $x ',
    ' . | printf "%v" ',
    ' upper .name ',
    '/* c */',
    '- /* c */ -',
    ' define "t" ',
    ' template "t" . ',
    ' ( ',
    ' nosuch ',
    '',
  )
  const part = fc.oneof(
    fc.record({ text: fc.constantFrom('x', ' ', '\n', '-', 'é') }),
    fc.record({ action: action.map((inside) => fixTrims(inside)) }),
  )
  const others: Delimiters[] = [
    { left: '${{', right: '}}' },
    { left: '<<', right: '>>' },
    { left: '[[', right: ']]' },
    { left: '%', right: '~' },
  ]

  test('swapping them changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.constantFrom(...others),
        data,
        (parts, delimiters, values) => {
          const source = ({ left, right }: Delimiters) =>
            parts.map((item) => ('text' in item ? item.text : left + item.action + right)).join('')
          const braces = { left: '{{', right: '}}' }
          const wanted = outcome(() => render(source(braces), structuredClone(values)))
          expect(outcome(() => render(source(delimiters), structuredClone(values), { delimiters }))).toBe(
            wanted,
          )
        },
      ),
      { numRuns: 400 },
    )
  })

  /** A trim marker needs a space between it and what it stands beside. */
  function fixTrims(inside: string): string {
    return inside.startsWith('-') ? `-${inside.slice(1, -1)}-`.replace('-/*', '- /*') : inside
  }
})

describe('own data', () => {
  const tree = fc.letrec<{ node: Value }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.constant(null),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(name, tie('node'), { maxKeys: 4 }),
    ),
  })).node
  const path = fc.array(name, { minLength: 1, maxLength: 4 })

  /** What a path of own keys leads to. */
  function follow(value: Value, keys: readonly string[]): Value | undefined {
    let current: Value | undefined = value
    for (const key of keys) {
      if (isMap(current)) current = getKey(current, key)
      else return undefined
    }
    return current
  }

  test('a Go path reads own keys only', () => {
    fc.assert(
      fc.property(tree, path, (value, keys) => {
        const usable = keys.filter((key) => key !== '0')
        const want = follow(value, usable)
        const got = outcome(() => render(`{{ toJson $${usable.map((key) => `.${key}`).join('')} }}`, value))
        if (want === undefined) expect(got).toMatch(/^exec /)
        else expect(got).toMatch(/^rendered /)
      }),
      { numRuns: 500 },
    )
  })

  test('a Handlebars path reads own keys, items and the length of lists only', () => {
    fc.assert(
      fc.property(tree, path, (value, keys) => {
        const got = outcome(() =>
          renderHandlebars(`{{toJson this.${keys.map((key) => `[${key}]`).join('.')}}}`, value),
        )
        if (got.startsWith('rendered')) expect(followLoosely(value, keys)).toBe(true)
        else expect(got).toMatch(/^exec /)
      }),
      { numRuns: 500 },
    )
  })

  function followLoosely(value: Value, keys: readonly string[]): boolean {
    let current: Value | undefined = value
    for (const key of keys) {
      if (isMap(current)) current = getKey(current, key)
      else if (isList(current)) current = key === 'length' ? current.length : current[Number(key)]
      else return false
    }
    return current !== undefined
  }

  test('index and get read own keys only', () => {
    fc.assert(
      fc.property(fc.dictionary(name, scalar), name, (map: ValueMap, key) => {
        const own = Object.hasOwn(map, key)
        expect(render('{{ hasKey .map .key }}', { map, key })).toBe(String(own))
        const text = render('{{ index .map .key | toJson }}', { map, key })
        expect(text === 'null').toBe(!own)
      }),
    )
  })
})

/** One template in both languages. */
interface Both {
  readonly go: string
  readonly handlebars: string
}

const both = (go: string, handlebars: string): Both => ({ go, handlebars })
const expressions = fc.constantFrom(
  both('$.a', '@root.a'),
  both('$.name', '@root.name'),
  both('$.map.b', '@root.map.b'),
  both('$.list', '@root.list'),
  both('"x y"', '"x y"'),
  both('7', '7'),
  both('true', 'true'),
  both('(upper $.name)', '(upper @root.name)'),
  both('(eq $.b "text")', '(eq @root.b "text")'),
  both('(add 1 2)', '(add 1 2)'),
  both('(toJson $.map)', '(toJson @root.map)'),
  both('(printf "%v-%v" $.a $.b)', '(printf "%v-%v" @root.a @root.b)'),
  both('(default "none" $.a)', '(default "none" @root.a)'),
)
const printable = expressions.filter(({ go }) => go !== '$.list')

const node: fc.Arbitrary<Both> = fc.letrec<{ node: Both }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(both('text ', 'text '), both('é\n', 'é\n')),
    printable.map(({ go, handlebars }) => both(`{{ ${go} | toString }}`, `{{toString ${handlebars}}}`)),
    fc
      .tuple(expressions, tie('node'), tie('node'))
      .map(([condition, yes, no]) =>
        both(
          `{{ if ${condition.go} }}${yes.go}{{ else }}${no.go}{{ end }}`,
          `{{#if ${condition.handlebars}}}${yes.handlebars}{{else}}${no.handlebars}{{/if}}`,
        ),
      ),
    fc
      .tuple(tie('node'), tie('node'))
      .map(([inside, none]) =>
        both(
          `{{ range $i, $x := $.list }}{{ $i }}{{ $x }}${inside.go}{{ else }}${none.go}{{ end }}`,
          `{{#each @root.list as |x i|}}{{i}}{{x}}${inside.handlebars}{{else}}${none.handlebars}{{/each}}`,
        ),
      ),
    fc
      .tuple(tie('node'), tie('node'))
      .map(([inside, after]) =>
        both(
          `{{ with $.map }}{{ .a }}${inside.go}{{ end }}${after.go}`,
          `{{#with @root.map}}{{a}}${inside.handlebars}{{/with}}${after.handlebars}`,
        ),
      ),
  ),
})).node

test('handlebars and Go templates that say the same give the same', () => {
  fc.assert(
    fc.property(node, data, (template, values) => {
      // Standalone block lines lose their newline in Handlebars: keep everything on a line with text.
      const source = template.handlebars.replaceAll('\n', '|')
      expect(renderHandlebars(source, values)).toBe(render(template.go.replaceAll('\n', '|'), values))
    }),
    { numRuns: 400 },
  )
})

describe('growing functions respect their limits', () => {
  const count = fc.bigInt({ min: 0n, max: 2n ** 62n })
  const calls = [
    'repeat N "ab"',
    'indent N "a"',
    'nindent N "a"',
    'until N',
    'untilStep 0 N 1',
    'untilStep N 0 -1',
    'seq N',
    'seq 0 N',
    'printf "%*d" N 1',
    'printf "%.*f" N 1.5',
    'randAlphaNum N',
    'randBytes N',
    'abbrev N "abc"',
    'wrap N "a b c"',
    'splitn "," N "a,b"',
    'chunk N (list 1 2 3)',
    'round 1.5 N',
    'trunc N "abc"',
  ]

  test.each(calls)('%s', (call) => {
    fc.assert(
      fc.property(count, (size) => {
        const got = outcome(() => render(`{{ ${call.replace('N', String(size))} }}`))
        expect(got.length).toBeLessThan(templateLimits.maxOutputBytes + 100)
        expect(got).not.toContain('internal error')
      }),
      { numRuns: 30 },
    )
  })
})
