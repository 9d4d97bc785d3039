import { expect, test } from 'vitest'
import { WideNumber } from '../../helpers/go/value.ts'
import { stringifyForYaml } from '../../src/kube/apply-body.ts'

test('escapes what YAML would fold or refuse, and nothing else', () => {
  const text = 'a\u0085b\u2028c\u2029d\ufeffe\u007ff😀"\\\n'
  const json = stringifyForYaml({ text })
  expect(json).toBe('{"text":"a\\u0085b\\u2028c\\u2029d\\ufeffe\\u007ff😀\\"\\\\\\n"}')
  expect(JSON.parse(json)).toEqual({ text })
})

test('keeps all digits', () => {
  expect(stringifyForYaml({ n: new WideNumber('9007199254740993') })).toBe('{"n":9007199254740993}')
})
