import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import { toRunes } from './go/bytes.ts'
import { toStr } from './go/print.ts'
import { quoteString } from './go/quote.ts'
import type { Value } from './go/value.ts'
import { any, example, inFamily, int, string } from './typed.ts'

const define = inFamily('strings')

function repeat(count: bigint, text: string, context: CallContext): string {
  if (count < 0n) throw new HelperError(`cannot repeat a text ${count} times: give 0 or more`)
  context.charge(Number(count) * text.length)
  return text === '' ? '' : text.repeat(Number(count))
}

/** An empty `old` stands between all characters, and at both ends. */
function replaceAll(old: string, replacement: string, text: string, context: CallContext): string {
  const parts = old === '' ? ['', ...toRunes(text), ''] : text.split(old)
  context.charge(text.length + (parts.length - 1) * replacement.length)
  return parts.join(replacement)
}

/** The texts of all values but nil, with a space between them. */
function joinValues(values: readonly Value[], spell: (value: Value) => string, context: CallContext): string {
  const out = values
    .filter((value) => value !== null)
    .map(spell)
    .join(' ')
  context.charge(out.length)
  return out
}

export const textHelpers: readonly Helper[] = [
  define({
    name: 'hello',
    params: [],
    doc: 'A greeting, to try templates with.',
    example: example('{{ hello }}', 'Hello!'),
    call: () => 'Hello!',
  }),
  define({
    name: 'toString',
    params: [any('value')],
    doc: 'The value as text, as an action prints it; nil is `<nil>`.',
    example: example('{{ toString 5 | printf "%q" }}', '"5"'),
    call: ([value]) => toStr(value),
  }),
  define({
    name: 'quote',
    params: [],
    rest: any('value'),
    doc: 'The values as text in double quotes, with escapes, separated by spaces. Leaves out nil.',
    example: example('{{ quote "a" 5 nil "say \\"hi\\"" }}', '"a" "5" "say \\"hi\\""'),
    call: (values, context) => joinValues(values, (value) => quoteString(toStr(value)), context),
  }),
  define({
    name: 'squote',
    params: [],
    rest: any('value'),
    doc: 'The values as text in single quotes, without escapes, separated by spaces. Leaves out nil.',
    example: example('{{ squote "a" 5 nil }}', "'a' '5'"),
    call: (values, context) => joinValues(values, (value) => `'${toStr(value)}'`, context),
  }),
  define({
    name: 'cat',
    params: [],
    rest: any('value'),
    doc: 'The values as text, separated by spaces. Leaves out nil.',
    example: example('{{ cat "replicas:" 3 nil true }}', 'replicas: 3 true'),
    call: (values, context) => joinValues(values, toStr, context),
  }),
  define({
    name: 'repeat',
    params: [int('count'), string('text')],
    doc: 'The text that many times.',
    example: example('{{ repeat 3 "ab" }}', 'ababab'),
    call: ([count, text], context) => repeat(count, text, context),
  }),
  define({
    name: 'replace',
    params: [string('old'), string('new'), string('text')],
    doc: 'Replaces every occurrence. Both are plain text, not patterns.',
    example: example('{{ "a.b.c" | replace "." "-" }}', 'a-b-c'),
    call: ([old, replacement, text], context) => replaceAll(old, replacement, text, context),
  }),
  define({
    name: 'plural',
    params: [string('one'), string('many'), int('count')],
    doc: 'The first text when the count is 1, the second otherwise.',
    example: example('{{ len (list "a" "b") | plural "pod" "pods" }}', 'pods'),
    call: ([one, many, count]) => (count === 1n ? one : many),
  }),
]
