import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { render } from './render.ts'

describe('URLs', () => {
  it.each([
    ['{{ (urlParse "https://git.example:8443/a%20b?x=1#f").path }}', '/a b'],
    ['{{ (urlParse "https://u:p%40@[fe80::1%25en0]:80/").userinfo }}', 'u:p%40'],
    ['{{ (urlParse "https://[fe80::1%25en0]:80/").hostname }}', 'fe80::1%en0'],
    ['{{ (urlParse "mongodb://a:1,b:2/db").host }}', 'a:1,b:2'],
    ['{{ (urlParse "oci://r.example/charts").scheme }}', 'oci'],
    ['{{ urlJoin (dict "host" "h" "path" "p q") }}', '//h/p%20q'],
    ['{{ urlJoin (dict "path" "a:b/c") }}', './a:b/c'],
    ['{{ urlJoin (dict "scheme" "http" "host" "h" "fragment" "é") }}', 'http://h#%C3%A9'],
  ])('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  it.each([
    ['{{ urlParse "http://h:x/" }}', 'invalid port ":x" after host'],
    ['{{ urlParse "http://h/%zz" }}', 'invalid URL escape "%zz"'],
    ['{{ urlParse "http://[::1" }}', "missing ']' in host"],
    ['{{ urlParse "http://[1.2.3.4]" }}', 'invalid host'],
    ['{{ urlParse "http://a@b c@h/" }}', 'invalid userinfo'],
    [
      '{{ urlParse "a:b" | printf "%s" }}{{ urlParse "1a:b" }}',
      'first path segment in URL cannot contain colon',
    ],
    ['{{ urlParse "http://h/\\n" }}', 'invalid control character in URL'],
    ['{{ urlJoin (dict "host" 1) }}', 'unable to parse host key, must be of type string, but int found'],
    ['{{ urlJoin (dict "userinfo" "a b") }}', 'unable to parse userinfo in dict'],
  ])('%s fails', (template, message) => {
    expect(() => render(template)).toThrow(message)
  })

  it('put together from their parts have the same parts', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const joined = render('{{ urlJoin (urlParse .) }}', url)
        expect(render('{{ urlParse . }}', joined)).toBe(render('{{ urlParse . }}', url))
      }),
    )
  })
})
