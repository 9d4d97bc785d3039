import { afterEach, expect, test } from 'vitest'
import { TemplateError } from '../../src/template/errors.ts'
import { render, renderHandlebars } from './render.ts'

/** Ways out of template engines that have been found elsewhere, and some of our own. */
const goPayloads = [
  '{{ .constructor }}',
  '{{ .constructor.constructor }}',
  '{{ .__proto__ }}',
  '{{ .__proto__.polluted }}',
  '{{ .prototype }}',
  '{{ .toString }}',
  '{{ .hasOwnProperty }}',
  '{{ .valueOf }}',
  '{{ .__defineGetter__ }}',
  '{{ .__lookupGetter__ }}',
  '{{ .s.length }}',
  '{{ .s.constructor }}',
  '{{ .l.length }}',
  '{{ .l.constructor }}',
  '{{ .l.push 1 }}',
  '{{ .n.toFixed }}',
  '{{ .s.replace "a" "b" }}',
  '{{ $.constructor }}',
  '{{ (list).constructor }}',
  '{{ (dict).__proto__ }}',
  '{{ (dict "a" 1).constructor.name }}',
  '{{ index . "constructor" }}',
  '{{ index . "__proto__" }}',
  '{{ index . "__proto__" "polluted" }}',
  '{{ index .l "length" }}',
  '{{ index .l "constructor" }}',
  '{{ get . "constructor" }}',
  '{{ get . "__proto__" }}',
  '{{ hasKey . "constructor" }}',
  '{{ hasKey . "__proto__" }}',
  '{{ dig "constructor" "name" "none" . }}',
  '{{ dig "__proto__" "x" "none" . }}',
  '{{ pluck "constructor" . }}',
  '{{ pick . "constructor" "__proto__" | toJson }}',
  '{{ omit . "constructor" | toJson }}',
  '{{ set . "__proto__" (dict "polluted" "yes") | toJson }}',
  '{{ set (dict) "__proto__" (dict "polluted" "yes") }}{{ (dict).polluted }}',
  '{{ set (dict) "constructor" "x" | toJson }}',
  '{{ dict "__proto__" (dict "polluted" "yes") | toJson }}',
  '{{ merge (dict) (dict "__proto__" (dict "polluted" "yes")) | toJson }}',
  '{{ merge (dict "__proto__" (dict)) (dict "__proto__" (dict "polluted" "yes")) | toJson }}',
  '{{ mergeOverwrite (dict "constructor" (dict)) (dict "constructor" (dict "prototype" (dict "polluted" 1))) }}',
  '{{ merge . (fromJson `{"__proto__":{"polluted":"yes"}}`) | toJson }}',
  '{{ fromJson `{"__proto__":{"polluted":"yes"}}` | deepCopy | toJson }}',
  '{{ fromJson `{"constructor":{"prototype":{"polluted":"yes"}}}` | merge (dict) | toJson }}',
  '{{ (fromJson `{"__proto__":{"polluted":"yes"}}`).polluted }}',
  '{{ fromYaml "__proto__: {polluted: true}" | toJson }}',
  '{{ (fromYaml "<<: {__proto__: {polluted: true}}").polluted }}',
  '{{ fromYaml "a: !!js/function danger" }}',
  '{{ unset . "__proto__" | toJson }}',
  '{{ keys . | toJson }}{{ values . | len }}',
  '{{ range $k, $v := . }}{{ $k }},{{ end }}',
  '{{ range $k, $v := (dict "__proto__" 1) }}{{ $k }}{{ end }}',
  '{{ call .constructor "return process" }}',
  '{{ call (index . "constructor") }}',
  '{{ template "__proto__" }}',
  '{{ template "constructor" . }}',
  '{{ define "__proto__" }}x{{ end }}{{ template "__proto__" }}',
  '{{ constructor }}',
  '{{ __proto__ }}',
  '{{ toString.constructor }}',
  '{{ hasOwnProperty "a" }}',
  '{{ require "fs" }}',
  '{{ process.env }}',
  '{{ env "HOME" }}',
  '{{ expandenv "$HOME" }}',
  '{{ getHostByName "localhost" }}',
  '{{ printf "%s" .constructor }}',
  '{{ regexReplaceAll "(.)" "x" "${constructor}" }}',
  '{{ regexReplaceAll "(?P<__proto__>x)" "x" "${__proto__}" }}',
  '{{ jsonPath "{.constructor}" . }}',
  '{{ jsonPath "{.__proto__}" . }}',
  '{{ jsonPath "{[?(@.constructor.constructor(\'return process\')())]}" . }}',
  '{{ (now).constructor }}',
  '{{ (semver "1.2.3").constructor }}',
  '{{ (semver "1.2.3").__proto__ }}',
  '{{ (semver "1.2.3").toGoString }}',
  '{{ (now).kind }}{{ (now).typeName }}',
  '{{ typeOf (index (list (dict)) 0) }}',
  '{{ urlJoin (dict "__proto__" "x" "host" "h") }}',
  '{{ toDate "constructor" "x" }}',
  '{{ dateInZone "2006" 0 "__proto__" }}',
  '{{ dateInZone "2006" 0 "../../etc/passwd" }}',
]

const handlebarsPayloads = [
  '{{constructor}}',
  '{{constructor.constructor}}',
  '{{__proto__}}',
  '{{__proto__.polluted}}',
  '{{this.constructor}}',
  '{{s.constructor}}',
  '{{s.length}}',
  '{{l.constructor}}',
  '{{l.push}}',
  '{{lookup this "constructor"}}',
  '{{lookup this "__proto__"}}',
  '{{lookup l "constructor"}}',
  '{{lookup (lookup this "constructor") "name"}}',
  '{{#with constructor}}{{name}}{{/with}}',
  '{{#with (lookup this "constructor")}}x{{/with}}',
  '{{#with "constructor" as |c|}}{{lookup ../this c}}{{/with}}',
  '{{#each __proto__}}{{@key}}{{/each}}',
  '{{#each this}}{{@key}},{{/each}}',
  '{{#if constructor}}reached{{/if}}',
  '{{#if __proto__}}reached{{/if}}',
  '{{#constructor}}reached{{/constructor}}',
  '{{helperMissing}}',
  '{{blockHelperMissing}}',
  '{{log "x"}}',
  '{{#with (helperMissing)}}x{{/with}}',
  '{{(lookup this "constructor") "x"}}',
  '{{__defineGetter__ "x" constructor}}',
  '{{__lookupGetter__ "x"}}',
  '{{@root.constructor}}',
  '{{@root.__proto__}}',
  '{{@constructor}}',
  '{{@__proto__.constructor}}',
  '{{@data}}',
  '{{../constructor}}',
  '{{[constructor]}}',
  '{{[__proto__].[constructor]}}',
  '{{l.[constructor]}}',
  '{{l.[-1]}}{{l.[1e3]}}{{l.[length]}}',
  '{{toString}}',
  '{{valueOf}}',
  '{{upper constructor}}',
  '{{default "none" constructor.name}}',
  '{{eq constructor=1}}',
  '{{upper __proto__="x"}}',
  '{{{constructor}}}',
  '{{&__proto__}}',
  '{{set this "__proto__" (dict "polluted" "yes")}}',
]

const forbidden = /function|native code|\[Function|=> |process\.|reached|root:x|Object\(/

function attempt(run: () => string): string {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    expect(error.message).not.toContain('internal error')
    return ''
  }
}

const newData = () => ({ s: 'text', n: 1, l: ['a'], own: { deep: true } })

afterEach(() => {
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  expect(([] as unknown as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('there are enough payloads', () => {
  expect(goPayloads.length + handlebarsPayloads.length).toBeGreaterThanOrEqual(60)
})

test.each(goPayloads)('go: %s', (payload) => {
  const output = attempt(() => render(payload, newData()))
  expect(output).not.toMatch(forbidden)
})

test.each(handlebarsPayloads)('handlebars: %s', (payload) => {
  const output = attempt(() => renderHandlebars(payload, newData()))
  expect(output).not.toMatch(forbidden)
})
