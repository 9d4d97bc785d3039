import { describe, expect, it } from 'vitest'
import { findDelimitersAnnotation, parseDelimiters } from '../../src/api/delimiters.ts'

describe('delimiters', () => {
  it.each([
    ['[[,]]', { left: '[[', right: ']]' }],
    [' ${{ , }} ', { left: '${{', right: '}}' }],
    ['${{', undefined],
    ['[[,', undefined],
    [',]]', undefined],
    ['a,b,c', undefined],
    ['', undefined],
  ])('%j', (text, want) => {
    expect(parseDelimiters(text)).toEqual(want)
  })

  it('come from the annotation of either group', () => {
    const annotations = { 'templates.weave.works/delimiters': '<<,>>' }
    expect(findDelimitersAnnotation({ annotations })?.value).toBe('<<,>>')
    expect(findDelimitersAnnotation({})).toBeUndefined()
  })
})
