import type { Helper } from './define.ts'
import { HelperError } from './define.ts'
import { parseJson } from './go/json.ts'
import { marshalJson, UnsupportedValueError } from './go/json-marshal.ts'
import { isList } from './go/value.ts'
import type { Value } from './go/value.ts'
import { jsonToYaml } from './go/yaml/emit.ts'
import { yamlToJson } from './go/yaml/read.ts'
import { YamlError } from './go/yaml/yaml-error.ts'
import { any, example, inFamily, string, withMust } from './typed.ts'

const define = inFamily('defaults')

const oneLine = { escapeHtml: true, indent: 0 } as const
const pretty = { escapeHtml: true, indent: 2 } as const
const raw = { escapeHtml: false, indent: 0 } as const

/** The text, or "" for a value that has no JSON form (NaN, infinity). Limits still fail. */
function orEmpty(write: () => string): string {
  try {
    return write()
  } catch (error) {
    if (error instanceof UnsupportedValueError) return ''
    throw error
  }
}

/** The value, or nil for a text that cannot be read. */
function orNil(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof HelperError) return null
    throw error
  }
}

/** As sigs.k8s.io/yaml: by way of JSON. */
function toYaml(value: Value): string {
  return jsonToYaml(parseJson(marshalJson(value, oneLine))).replace(/\n$/, '')
}

function fromYaml(text: string): Value {
  try {
    return yamlToJson(text)
  } catch (error) {
    if (error instanceof YamlError) throw new HelperError(error.message)
    throw error
  }
}

export const jsonHelpers: readonly Helper[] = [
  define({
    name: 'toJson',
    params: [any('value')],
    doc: 'The value as JSON on one line, with sorted keys, and `<`, `>` and `&` escaped. "" for what JSON has no form for.',
    example: example('{{ toJson (dict "b" 1 "a" (list "x" nil)) }}', '{"a":["x",null],"b":1}'),
    call: ([value]) => orEmpty(() => marshalJson(value, oneLine)),
  }),
  define({
    name: 'mustToJson',
    params: [any('value')],
    doc: 'As `toJson`, but fails for what JSON has no form for.',
    example: example('{{ mustToJson (list 1 "a") }}', '[1,"a"]'),
    call: ([value]) => marshalJson(value, oneLine),
  }),
  define({
    name: 'toPrettyJson',
    params: [any('value')],
    doc: 'The value as JSON, indented by two spaces. "" for what JSON has no form for.',
    example: example('{{ toPrettyJson (dict "a" 1) }}', '{\n  "a": 1\n}'),
    call: ([value]) => orEmpty(() => marshalJson(value, pretty)),
  }),
  define({
    name: 'mustToPrettyJson',
    params: [any('value')],
    doc: 'As `toPrettyJson`, but fails for what JSON has no form for.',
    example: example('{{ mustToPrettyJson (list 1) }}', '[\n  1\n]'),
    call: ([value]) => marshalJson(value, pretty),
  }),
  ...withMust(
    define({
      name: 'toRawJson',
      params: [any('value')],
      doc: 'The value as JSON on one line, without escapes for HTML.',
      example: example('{{ toRawJson (list "<b>" "&") }}', '["<b>","&"]'),
      call: ([value]) => marshalJson(value, raw),
    }),
  ),
  define({
    name: 'fromJson',
    params: [string('text')],
    doc: 'The value of a JSON text; nil if it is malformed. All numbers are float64.',
    example: example('{{ (fromJson "{\\"a\\":{\\"b\\":1}}").a.b }}', '1'),
    call: ([text]) => orNil(() => parseJson(text)),
  }),
  define({
    name: 'mustFromJson',
    params: [string('text')],
    doc: 'The value of a JSON text; fails if it is malformed.',
    example: example('{{ mustFromJson "[1,[2]]" }}', '[1 [2]]'),
    call: ([text]) => parseJson(text),
  }),
]

export const yamlHelpers: readonly Helper[] = [
  define({
    name: 'toYaml',
    params: [any('value')],
    doc: 'The value as YAML, without a line end after it. "" for what YAML has no form for here (NaN, infinity).',
    example: example('{{ toYaml (dict "b" (list 1 "yes") "a" "x") }}', 'a: x\nb:\n- 1\n- "yes"'),
    call: ([value]) => orEmpty(() => toYaml(value)),
  }),
  define({
    name: 'mustToYaml',
    params: [any('value')],
    doc: 'As `toYaml`, but fails for what YAML has no form for here.',
    example: example('{{ mustToYaml (list 1 "a") }}', '- 1\n- a'),
    call: ([value]) => toYaml(value),
  }),
  define({
    name: 'fromYaml',
    params: [string('text')],
    doc: 'The value of the first YAML document of a text; nil if it is malformed.',
    example: example('{{ (fromYaml "a: {b: 1}").a.b }}', '1'),
    call: ([text]) => orNil(() => fromYaml(text)),
  }),
  define({
    name: 'mustFromYaml',
    params: [string('text')],
    doc: 'The value of the first YAML document of a text; fails if it is malformed.',
    example: example('{{ mustFromYaml "[a, b]" }}', '[a b]'),
    call: ([text]) => fromYaml(text),
  }),
  define({
    name: 'fromYamlArray',
    params: [string('text')],
    doc: 'The list in a YAML text; an empty list if it is malformed or no list.',
    example: example('{{ fromYamlArray "- a\\n- b" }} {{ fromYamlArray "a: b" }}', '[a b] []'),
    call: ([text]) => {
      const value = orNil(() => fromYaml(text))
      return isList(value) ? value : []
    },
  }),
]
