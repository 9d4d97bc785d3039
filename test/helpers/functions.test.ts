import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allHelpers, helpers } from '../../helpers/index.ts'
import { functionsDoc, ownFunctions } from '../../scripts/functions-doc.ts'
import { render } from './render.ts'

interface FunctionList {
  readonly builtins: readonly string[]
  readonly functions: readonly string[]
  readonly removedFromSprig: readonly string[]
}

function readText(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
}

const listed = JSON.parse(readText('test/conformance/data/functions.json')) as FunctionList
const names = Object.keys(helpers)

test('there are the functions of Sprig and of the Go controller, our own, and no others', () => {
  expect(names.toSorted()).toEqual([...listed.functions, ...ownFunctions].toSorted())
})

test('functions that read the surroundings of the controller are unknown', () => {
  for (const name of listed.removedFromSprig) {
    expect(() => render(`{{ ${name} "x" }}`)).toThrow(`function "${name}" not defined`)
  }
})

test.each(listed.builtins.filter((name) => name !== 'break' && name !== 'continue'))(
  'the function %s of text/template is there',
  (name) => {
    expect(() => render(`{{ if false }}{{ ${name} 1 2 }}{{ end }}`)).not.toThrow()
  },
)

test('every function is described', () => {
  for (const helper of allHelpers) {
    const parameters = [...helper.params, ...(helper.rest === undefined ? [] : [helper.rest])]
    expect(helper.doc, helper.name).toMatch(/^\S.*\.$/s)
    expect(new Set(parameters.map(({ name }) => name)).size, helper.name).toBe(parameters.length)
  }
})

test('docs/functions.md is up to date (npm run functions writes it)', () => {
  expect(readText('docs/functions.md')).toBe(functionsDoc(allHelpers))
})
