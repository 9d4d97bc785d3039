import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { helpers } from '../../helpers/index.ts'
import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import type { GitOpsSet } from '../../src/api/types.ts'
import type { KubeObject } from '../../src/ports.ts'
import { prepareTemplates } from '../../src/render/prepare.ts'
import { renderAll } from '../../src/render/render.ts'

/** Text that YAML treats in all its ways, and text that it leaves alone. */
const text = fc.constantFrom(
  'a',
  'word',
  ' ',
  '  ',
  ': ',
  ':',
  '- ',
  '-',
  ' #',
  "'",
  '"',
  '\n',
  '\n\n',
  '\n  ',
  ' \n',
  '\t',
  '@',
  '%',
  '[',
  ']',
  '{',
  '}',
  ',',
  '&',
  '*',
  '!',
  '|',
  '>',
  '?',
  '`',
  '~',
  '=',
  '\\',
  '\\n',
  '\u00e9',
  '\ud83d\ude42',
  '\u00a0',
  '1',
  '0',
  '1.5',
  '007',
  '1e3',
  '0x1F',
  'true',
  'no',
  'null',
  '2024-01-02',
  '12:30',
  '...',
  '---',
  '<<',
  '1_0',
  'a longer run of words that makes a line fold when there are enough of them, ',
  'x'.repeat(85),
)

/** Actions, without the quotes that a quoted leaf's YAML form would change. */
const action = fc.constantFrom(
  'OPEN .Element.s CLOSE',
  'OPEN .Element.n CLOSE',
  'OPEN .Element.t CLOSE',
  'OPEN .ElementIndex CLOSE',
  'OPEN if .Element.t CLOSEyesOPEN else CLOSEnoOPEN end CLOSE',
  'OPEN range .Element.l CLOSEOPEN . CLOSE,OPEN end CLOSE;',
  'OPEN with .Element.m CLOSEOPEN .k CLOSEOPEN end CLOSE',
  'OPEN upper .Element.s CLOSE',
  'OPEN add .Element.n 1 CLOSE',
  'xOPEN/* gone */CLOSEy',
  'xOPEN- .Element.s -CLOSEy',
)

const leaf = fc
  .array(fc.oneof({ weight: 3, arbitrary: text }, { weight: 2, arbitrary: action }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(''))

const key = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('a', 'b', 'name', 'on', 'key with space', 'k1', 'k10', 'x/y', '1'),
  },
  { weight: 1, arbitrary: fc.constantFrom('OPEN .Element.s CLOSE', 'p-OPEN .Element.n CLOSE') },
)

const { node } = fc.letrec<{ node: JsonValue }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.constantFrom(1, -2.5, true, null, 'static', '10', 'yes', ''),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(key, tie('node'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))

/** Values that no quoting of YAML changes: those are for the tests of injections. */
const plainWord = fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,12}$/)
const element = fc.record({
  s: plainWord,
  n: fc.oneof(fc.integer({ min: -1000, max: 2_000_000 }), fc.constantFrom(0.5, 1.25)),
  t: fc.boolean(),
  l: fc.array(plainWord, { maxLength: 3 }),
  m: fc.record({ k: plainWord }),
})

const delimiters = fc.constantFrom(['{{', '}}'], ['${{', '}}'], ['<<', '>>'], ['[[', ']]'])

function fill(value: JsonValue, left: string, right: string): JsonValue {
  if (typeof value === 'string')
    return value
      .replaceAll('OPEN', `${left} `)
      .replaceAll('CLOSE', ` ${right}`)
      .replaceAll(`${left} -`, `${left}-`)
      .replaceAll(`- ${right}`, `-${right}`)
      .replaceAll(`${left} /*`, `${left}/*`)
      .replaceAll(`*/ ${right}`, `*/${right}`)
  if (Array.isArray(value)) return value.map((item) => fill(item, left, right))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([name, item]) => [
    fill(name, left, right),
    fill(item as JsonValue, left, right),
  ])
  return Object.fromEntries(entries) as JsonObject
}

function render(
  set: GitOpsSet,
  elements: readonly JsonObject[],
  force: 'leaf' | 'text',
): KubeObject[] | undefined {
  try {
    const prepared = prepareTemplates(set, { helpers, force })
    const sources = elements.map((item) => ({ element: item, generatorPath: '' }))
    const options = { nowMs: 0, warn: () => undefined, disposition: 'stall' as const }
    return renderAll(prepared, sources, options).map(({ object }) => object)
  } catch {
    return undefined
  }
}

describe('the two ways of rendering', () => {
  it('give the same objects wherever both give any', () => {
    let compared = 0
    fc.assert(
      fc.property(
        node,
        fc.array(element, { minLength: 1, maxLength: 2 }),
        delimiters,
        (data, elements, [left = '', right = '']) => {
          const content = { apiVersion: 'v1', kind: 'ConfigMap', data: fill(data, left, right) }
          const set: GitOpsSet = {
            apiVersion: 'sets.gitops.pro/v1alpha1',
            kind: 'GitOpsSet',
            metadata: {
              name: 'demo',
              namespace: 'team',
              annotations: { 'sets.gitops.pro/delimiters': `${left},${right}` },
            },
            spec: { templates: [{ content }] },
          }
          const asText = render(set, elements, 'text')
          const asLeaves = render(set, elements, 'leaf')
          if (asText === undefined || asLeaves === undefined) return
          compared++
          expect(asLeaves).toEqual(asText)
        },
      ),
      { numRuns: 2_000, seed: 20_260_301 },
    )
    expect(compared).toBeGreaterThan(500)
  })
})
