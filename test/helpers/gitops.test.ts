import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value } from '../../helpers/go/value.ts'
import { render } from './render.ts'

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

describe('sanitize', () => {
  it('reads a long text once', () => {
    expect(render('{{ sanitize (print "a" (repeat 1000000 "(") "b" (repeat 1000000 "(")) }}')).toBe('ab')
  })
})

describe('slugify', () => {
  it.each([
    ['Équipe Web/Paris (EU)', 'equipe-web-paris-eu'],
    ['--a__B--', 'a-b'],
    ['ﬁle №5', 'file-no5'],
    [`${'a'.repeat(62)}-b`, 'a'.repeat(62)],
  ])('%s', (text, want) => {
    expect(render('{{ slugify . }}', text)).toBe(want)
  })

  it('always gives a DNS label, or says why not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          expect(render('{{ slugify . }}', text)).toMatch(label)
        } catch (error) {
          expect(String(error)).toContain('has no letter a-z and no digit')
        }
      }),
    )
  })
})

describe('promValue', () => {
  const sample = { metric: { pod: 'a' }, value: [1_700_000_000.1, '5.24288e+08'] }

  it.each([
    ['a sample', sample],
    ['its value', sample.value],
    ['a result', [sample]],
    ['an answer', { status: 'success', data: { resultType: 'vector', result: [sample] } }],
    ['an element', { labels: {}, value: 524_288_000 }],
    ['a number', 524_288_000],
    ['a text', '524288000'],
  ])('reads %s', (_name, data) => {
    expect(render('{{ promValue . }}', data)).toBe('524288000')
  })

  it.each([
    ['an empty result', { data: { result: [] } }, 'found an empty result'],
    ['two samples', [sample, sample], 'found 2 samples'],
    ['NaN', { value: [1, 'NaN'] }, 'the sample is NaN'],
    ['an infinity', { value: [1, '+Inf'] }, 'the sample is Infinity'],
    ['nothing', null, 'found a value of kind invalid'],
    ['many levels', JSON.parse(`${'{"data":'.repeat(50)}1${'}'.repeat(50)}`) as Value, 'too many levels'],
    ['a word', 'many', 'found a value of kind string'],
    ['another map', { name: 'x' }, 'found a map without value'],
  ])('refuses %s', (_name, data, message) => {
    expect(() => render('{{ promValue . }}', data)).toThrow(message)
  })
})

describe('jsonPath', () => {
  const data = {
    items: [
      { name: 'a', on: true },
      { name: 'b', on: false },
    ],
  }

  it.each([
    ['{{ jsonPath "{.items[1].name}" . }}', 'b'],
    ['{{ jsonPath ".items[0].name" . }}', 'a'],
    ['{{ jsonPath "items" . | len }}', '2'],
    ['{{ jsonPath "{.items[*].name}" . }}', '[a b]'],
    ['{{ jsonPath "{.items[?(@.on==true)].name}" . }}', '[a]'],
  ])('%s', (template, want) => {
    expect(render(template, data)).toBe(want)
  })

  it('says what is wrong', () => {
    expect(() => render('{{ jsonPath "{.nope}" . }}', data)).toThrow('nope is not found')
    expect(() => render('{{ jsonPath "{.a" . }}', data)).toThrow('jsonPath')
  })
})
