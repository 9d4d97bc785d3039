import type { ObjectSchema, Schema } from './schema/schema.ts'
import { SPEC_SCHEMA } from './schema/spec.ts'
import type { GitOpsSetSpec } from './types.ts'

/** A spec in which every field that has a default is set. */
export type ResolvedSpec = GitOpsSetSpec &
  Required<
    Pick<
      GitOpsSetSpec,
      | 'suspend'
      | 'engine'
      | 'mode'
      | 'interval'
      | 'conflicts'
      | 'deletionPolicy'
      | 'timeout'
      | 'wait'
      | 'dependsOn'
      | 'generators'
      | 'templates'
    >
  > & { prune: Required<NonNullable<GitOpsSetSpec['prune']>> }

/** Fills in what the author left out, also in each generator. The given spec stays as it is. */
export function withDefaults(spec: GitOpsSetSpec): ResolvedSpec {
  const given = { prune: {}, dependsOn: [], generators: [], templates: [], ...spec }
  return fillObject(given, SPEC_SCHEMA) as unknown as ResolvedSpec
}

function fill(value: unknown, schema: Schema): unknown {
  if (schema.type === 'array' && Array.isArray(value) && schema.items.type === 'object') {
    const { items } = schema
    return value.map((item) => fill(item, items))
  }
  return schema.type === 'object' ? fillObject(value as Record<string, unknown>, schema) : value
}

function fillObject(value: Readonly<Record<string, unknown>>, schema: ObjectSchema): Record<string, unknown> {
  const filled: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(schema.fields)) {
    const given = value[name]
    const result = given === undefined ? field.default : fill(given, field)
    if (result !== undefined) filled[name] = result
  }
  // A body makes a request a POST, whatever the method says: the Go controller's rule.
  if (Object.hasOwn(schema.fields, 'method') && filled['body'] !== undefined) filled['method'] = 'POST'
  return filled
}
