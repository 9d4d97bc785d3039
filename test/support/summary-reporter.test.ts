import { expect, test } from 'vitest'
import type { TestModule } from 'vitest/node'

import { summarize } from './summary-reporter.ts'

test('counts tests of all files', () => {
  expect(summarize([fakeModule(['passed', 'passed']), fakeModule(['failed', 'passed'])], [])).toEqual([
    '3 passed, 1 failed',
  ])
})

test('errors outside of tests are failures', () => {
  expect(summarize([fakeModule([], ['does not parse'])], ['unhandled'])).toEqual(['0 passed, 2 failed'])
})

test('tests that did not run are told before the last line', () => {
  expect(summarize([fakeModule(['passed', 'skipped', 'pending'])], [])).toEqual([
    '2 did not run',
    '1 passed, 0 failed',
  ])
})

function fakeModule(states: readonly string[], errors: readonly string[] = []): TestModule {
  return {
    errors: () => errors,
    children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })), allSuites: () => [] },
  } as unknown as TestModule
}
