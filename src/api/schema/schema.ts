import type { JsonObject, JsonValue } from '../../lib/json.ts'

/** What a string must be, beyond being one. Checked by validate-format.ts; `pattern` is what the CRD can say of it. */
export type Format =
  | 'duration'
  | 'interval'
  | 'prometheusDuration'
  | 'percent'
  | 'cron'
  | 'timeZone'
  | 'httpUrl'
  | 'httpsUrl'
  | 'jsonPath'
  | 'promql'
  | 'objectName'
  | 'namespace'
  | 'identifier'
  | 'nonEmpty'
  | 'date-time'

interface Documented {
  /** One or two sentences for the CRD and docs/spec.md. */
  readonly doc: string
  /** What an absent field means, as docs/spec.md prints it. */
  readonly default?: string | number | boolean
}

export interface StringSchema extends Documented {
  readonly type: 'string'
  readonly enum?: readonly string[]
  readonly format?: Format
  readonly pattern?: string
  readonly maxLength?: number
  /** The default is also written into stored objects, as the Go controller's CRD does. */
  readonly isStoredDefault?: true
}

export interface BooleanSchema extends Documented {
  readonly type: 'boolean'
}

export interface IntegerSchema extends Documented {
  readonly type: 'integer'
  readonly minimum?: number
  readonly maximum?: number
}

export interface ListSchema extends Documented {
  readonly type: 'array'
  readonly items: Schema
  readonly maxItems?: number
}

/** A map of strings. */
export interface MapSchema extends Documented {
  readonly type: 'map'
}

/** Any JSON value, kept as it is. */
export interface AnySchema extends Documented {
  readonly type: 'any'
}

/** Any JSON object, kept as it is. */
export interface AnyObjectSchema extends Documented {
  readonly type: 'anyObject'
}

/** A condition over several fields, once for the API server (CEL) and once for us. */
export interface Rule {
  readonly cel: string
  readonly message: string
  readonly holds: (value: Readonly<Record<string, unknown>>) => boolean
  /** The field that is wrong, where it is one. */
  readonly field?: string
}

export interface ObjectSchema extends Documented {
  readonly type: 'object'
  readonly fields: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly rules?: readonly Rule[]
  /** What an unknown field is called in a finding. Default: field. */
  readonly fieldNoun?: string
}

export type Schema =
  | StringSchema
  | BooleanSchema
  | IntegerSchema
  | ListSchema
  | MapSchema
  | AnySchema
  | AnyObjectSchema
  | ObjectSchema

/** The TypeScript type of what a schema describes. A test holds it equal to types.ts. */
export type TypeOf<S> = S extends { type: 'string'; enum: readonly (infer E)[] }
  ? E
  : S extends { type: 'string' }
    ? string
    : S extends { type: 'boolean' }
      ? boolean
      : S extends { type: 'integer' }
        ? number
        : S extends { type: 'map' }
          ? Record<string, string>
          : S extends { type: 'any' }
            ? JsonValue
            : S extends { type: 'anyObject' }
              ? JsonObject
              : S extends { type: 'array'; items: infer I }
                ? TypeOf<I>[]
                : S extends { type: 'object'; fields: infer F }
                  ? FieldsOf<F, S extends { required: readonly (infer R)[] } ? R : never>
                  : never

type FieldsOf<F, R> = Flat<
  { -readonly [K in keyof F as K extends R ? K : never]: TypeOf<F[K]> } & {
    -readonly [K in keyof F as K extends R ? never : K]?: TypeOf<F[K]>
  }
>

type Flat<T> = { [K in keyof T]: T[K] }
