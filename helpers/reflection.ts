import type { Helper } from './define.ts'
import { isDeepEqual } from './go/deep-equal.ts'
import { kindOf, typeOf } from './go/kind.ts'
import { any, example, inFamily, string } from './typed.ts'

const define = inFamily('reflection')

/** Functions that tell Go's types of values. Numbers of data are float64; whole numbers in a template are int. */
export const reflection: readonly Helper[] = [
  define({
    name: 'kindOf',
    params: [any('value')],
    doc: "The kind of the value's type: `string`, `int`, `float64`, `bool`, `slice`, `map` …, and `invalid` for nil.",
    example: example('{{ kindOf (list 1) }} {{ kindOf 1 }} {{ kindOf .n }}', 'slice int float64', { n: 1 }),
    call: ([value]) => kindOf(value),
  }),
  define({
    name: 'kindIs',
    params: [string('kind'), any('value')],
    doc: 'Whether the value is of that kind.',
    example: example('{{ kindIs "map" (dict) }}', 'true'),
    call: ([kind, value]) => kindOf(value) === kind,
  }),
  define({
    name: 'typeOf',
    params: [any('value')],
    doc: 'The Go type of the value, and `<nil>` for nil.',
    example: example('{{ typeOf (splitList "," "a,b") }}', '[]string'),
    call: ([value]) => typeOf(value),
  }),
  define({
    name: 'typeIs',
    params: [string('type'), any('value')],
    doc: 'Whether the value is of that Go type.',
    example: example('{{ typeIs "int" 1 }} {{ typeIs "int" .n }}', 'true false', { n: 1 }),
    call: ([type, value]) => typeOf(value) === type,
  }),
  define({
    name: 'typeIsLike',
    params: [string('type'), any('value')],
    doc: 'Whether the value is of that Go type, or a pointer to it.',
    example: example('{{ typeIsLike "semver.Version" (semver "1.2.3") }}', 'true'),
    call: ([type, value]) => typeOf(value) === type || typeOf(value) === `*${type}`,
  }),
  define({
    name: 'deepEqual',
    params: [any('left'), any('right')],
    doc: 'Whether two values are the same through and through, types included: 1 and 1.0 differ.',
    example: example('{{ deepEqual (list 1 2) (list 1 2) }} {{ deepEqual 1 1.0 }}', 'true false'),
    call: ([left, right], context) => isDeepEqual(left, right, context),
  }),
]
