import { expect, test } from 'vitest'
import { parseWarnings } from '../../src/kube/warnings.ts'

test.each([
  [undefined, []],
  ['299 - "unknown field \\"spec.x\\""', ['unknown field "spec.x"']],
  [
    ['299 - "one"', '299 - "two"', '299 - "one"'],
    ['one', 'two'],
  ],
  ['299 - "a", 299 - "b, c"', ['a', 'b, c']],
  ['199 - "other"', []],
  ['garbage', []],
])('%j', (header, want) => expect(parseWarnings(header)).toEqual(want))
