import { describe, expect, test } from 'vitest'
import { allHelpers } from '../../helpers/index.ts'
import { render } from './render.ts'

describe('the example of', () => {
  test.each(allHelpers.map((helper) => [helper.name, helper] as const))(
    '%s prints what it says',
    (_, helper) => {
      const { template, output, matches, data } = helper.example
      const printed = render(template, data)
      if (matches === undefined) {
        expect(printed).toBe(output)
      } else {
        expect(printed).toMatch(matches)
        if (!output.includes('…')) expect(output).toMatch(matches)
      }
    },
  )

  test.each(allHelpers.map((helper) => [helper.name, helper] as const))('%s uses it', (name, helper) => {
    expect(helper.example.template.split(/[^A-Za-z0-9_]+/)).toContain(name)
  })
})

test('an example has a pattern instead of a fixed output just where the result changes', () => {
  for (const helper of allHelpers) {
    const changes = helper.changing === true && helper.example.matches === undefined
    expect([helper.name, changes]).toEqual([helper.name, false])
  }
})
