import { describe, expectTypeOf, it } from 'vitest'
import type { JsonValue } from '../../helpers/go/value.ts'
import type { TypeOf } from '../../src/api/schema/schema.ts'
import type { SPEC_SCHEMA } from '../../src/api/schema/spec.ts'
import type { GitOpsSetSpec } from '../../src/api/types.ts'

/** The same type with every intersection merged, so that only fields count; any-JSON fields stay as they are. */
type Plain<T> = [JsonValue] extends [T]
  ? T
  : T extends readonly (infer I)[]
    ? Plain<I>[]
    : T extends object
      ? { [K in keyof T]: string extends keyof T ? T[K] : Plain<T[K]> }
      : T

describe('the schema', () => {
  it('describes the types, field by field', () => {
    expectTypeOf<Plain<TypeOf<typeof SPEC_SCHEMA>>>().toEqualTypeOf<Plain<GitOpsSetSpec>>()
  })
})
