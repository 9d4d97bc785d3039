import { describe, expect, test } from 'vitest'
import { render, renderError } from './render.ts'

describe('flow', () => {
  test('fail stops with its message, at its place', () => {
    expect(renderError('a\n{{ fail "too many" }}')).toMatch(
      /^template: test:2:3: .*error calling fail: too many$/,
    )
    expect(render('{{ if false }}{{ fail "no" }}{{ end }}ok')).toBe('ok')
  })

  test('required lets everything pass but nil and ""', () => {
    expect(render('{{ required "m" 0 }} {{ "x" | required "m" }} {{ required "m" list }}')).toBe('0 x []')
    expect(renderError('{{ required "a name is needed" "" }}')).toContain('a name is needed')
    expect(renderError('{{ required "a name is needed" .n }}', { n: null })).toContain('a name is needed')
  })
})
