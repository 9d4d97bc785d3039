import { jsonHelpers, yamlHelpers } from './defaults-json.ts'
import type { Helper } from './define.ts'
import { isTrue } from './go/truth.ts'
import { any, bool, example, inFamily } from './typed.ts'

const define = inFamily('defaults')

const choiceHelpers: readonly Helper[] = [
  define({
    name: 'default',
    params: [any('default')],
    rest: any('value'),
    doc: 'The value; the default if it is empty (false, 0, "", nil, an empty list or map).',
    example: example('{{ default "none" "" }} {{ .replicas | default 2 }}', 'none 3', { replicas: 3 }),
    call: ([fallback, value = null]) => (isTrue(value) ? value : fallback),
  }),
  define({
    name: 'empty',
    params: [any('value')],
    doc: 'Whether the value is false, 0, "", nil, or an empty list or map.',
    example: example('{{ empty "" }} {{ empty "x" }}', 'true false'),
    call: ([value]) => !isTrue(value),
  }),
  define({
    name: 'coalesce',
    params: [],
    rest: any('value'),
    doc: 'The first value that is not empty; nil if there is none.',
    example: example('{{ coalesce 0 "" "a" "b" }}', 'a'),
    call: (values) => values.find(isTrue) ?? null,
  }),
  define({
    name: 'all',
    params: [],
    rest: any('value'),
    doc: 'Whether no value is empty.',
    example: example('{{ all 1 "a" true }} {{ all 1 "" }}', 'true false'),
    call: (values) => values.every(isTrue),
  }),
  define({
    name: 'any',
    params: [],
    rest: any('value'),
    doc: 'Whether some value is not empty.',
    example: example('{{ any 0 "" "a" }} {{ any 0 "" }}', 'true false'),
    call: (values) => values.some(isTrue),
  }),
  define({
    name: 'ternary',
    params: [any('yes'), any('no'), bool('condition')],
    doc: 'The first value if the condition is true, the second otherwise.',
    example: example('{{ eq .env "prod" | ternary 3 1 }}', '3', { env: 'prod' }),
    call: ([yes, no, condition]) => (condition ? yes : no),
  }),
]

/** Functions that stand in for missing values, and that read and write JSON and YAML. */
export const defaults: readonly Helper[] = [...choiceHelpers, ...jsonHelpers, ...yamlHelpers]
