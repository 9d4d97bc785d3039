import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { helpers } from '../../helpers/index.ts'
import { parseJson } from '../../helpers/go/json.ts'
import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import type { GitOpsSet, TemplateEntry } from '../../src/api/types.ts'
import type { KubeObject } from '../../src/ports.ts'
import { finishObject } from '../../src/render/finish.ts'
import { prepareTemplates } from '../../src/render/prepare.ts'
import { renderAll } from '../../src/render/render.ts'
import { findBuiltinScope } from '../../src/render/scopes.ts'

interface Vector {
  readonly name: string
  readonly templates: TemplateEntry[]
  readonly elements: JsonObject[]
  readonly delimiters?: string
  readonly objects?: KubeObject[]
  readonly error?: string
  readonly stage?: 'parse' | 'exec' | 'repeat' | 'decode' | 'object'
}

const vectors = readFileSync(new URL('../conformance/data/objects.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => parseJson(line) as unknown as Vector)

function makeSet({ templates, delimiters }: Vector): GitOpsSet {
  const annotations =
    delimiters === undefined ? {} : { annotations: { 'sets.gitops.pro/delimiters': delimiters } }
  return {
    apiVersion: 'sets.gitops.pro/v1alpha1',
    kind: 'GitOpsSet',
    metadata: { name: 'demo', namespace: 'team', ...annotations },
    spec: { templates },
  }
}

/** Without the refusal of duplicates, which the original does not have. */
function render(vector: Vector): JsonValue[] {
  const set = makeSet(vector)
  const prepared = prepareTemplates(set, { helpers })
  const elements = vector.elements.map((element) => ({ element, generatorPath: 'spec.generators[0].list' }))
  const rendered = renderAll(prepared, elements, {
    nowMs: 0,
    warn: () => undefined,
    disposition: 'stall',
  })
  return rendered.map(({ object }) =>
    finishObject(object, set, {
      findScope: () => findBuiltinScope({ group: '', kind: object.kind }),
      isOwned: true,
    }),
  )
}

/** Recorded results that the design changes on purpose, and what comes instead: an error, or these object names. */
const changed: Readonly<
  Record<string, { readonly why: string; readonly error?: RegExp; readonly check?: string }>
> = {
  'render-basic-07': {
    why: 'a line break in a value stays, where YAML text folds it into a space (as in the case tpl-quoting-of-values)',
    check: 'l1\nl2',
  },
  'render-delimiters-04': { why: 'one delimiter is an error', error: /does not hold two delimiters/ },
  'render-delimiters-05': { why: 'three delimiters are an error', error: /does not hold two delimiters/ },
  'render-delimiters-06': { why: 'empty delimiters are an error', error: /does not hold two delimiters/ },
  'render-many-01': {
    why: 'ElementIndex counts elements (as in the case index-several-templates)',
    check: 'two-1',
  },
  'render-many-02': {
    why: 'ElementIndex counts elements (as in the case index-several-templates)',
    check: 'd-1',
  },
}

describe('recorded objects', () => {
  it.each(vectors.filter(({ name, error }) => error === undefined && !Object.hasOwn(changed, name)))(
    '$name',
    (vector) => {
      expect(render(vector)).toEqual(vector.objects)
    },
  )
})

describe('recorded errors', () => {
  const failing = vectors.filter(({ error }) => error !== undefined)
  it.each(failing.filter(({ stage }) => stage !== 'decode'))('$name', (vector) => {
    expect(() => render(vector)).toThrow()
  })

  // Values do not go through YAML text here, so what only breaks there renders.
  it.each(failing.filter(({ stage }) => stage === 'decode'))('$name renders', (vector) => {
    expect(render(vector).length).toBeGreaterThan(0)
  })
})

describe('results that differ on purpose', () => {
  it.each(Object.entries(changed))('%s', (name, { error, check }) => {
    const vector = vectors.find((item) => item.name === name)
    if (vector === undefined) throw new Error(`no vector ${name}`)
    if (error !== undefined) expect(() => render(vector)).toThrow(error)
    else expect(JSON.stringify(render(vector))).toContain(JSON.stringify(check).slice(1, -1))
  })
})
