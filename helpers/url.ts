import type { CallContext, Helper } from './define.ts'
import { HelperError } from './define.ts'
import { kindOf } from './go/kind.ts'
import { formatUrl, hostnameOf, parseUrl, parseUserinfo } from './go/url.ts'
import { getKey, newMap, setKey } from './go/value.ts'
import type { ValueMap } from './go/value.ts'
import { example, inFamily, map, string } from './typed.ts'

const define = inFamily('url')

function urlParse(text: string, context: CallContext): ValueMap {
  context.charge(text.length * 3)
  const parts = withPrefix('unable to parse url', () => parseUrl(text))
  const result = newMap()
  for (const [key, value] of Object.entries({ ...parts, hostname: hostnameOf(parts.host) })) {
    setKey(result, key, value)
  }
  return result
}

function urlJoin(parts: ValueMap, context: CallContext): string {
  const part = (key: string): string => textOf(parts, key)
  const joined = {
    scheme: part('scheme'),
    host: part('host'),
    path: part('path'),
    query: part('query'),
    opaque: part('opaque'),
    fragment: part('fragment'),
    userinfo: withPrefix('unable to parse userinfo in dict', () => parseUserinfo(part('userinfo'))),
  }
  context.charge(Object.values(joined).reduce((sum, text) => sum + text.length * 3, 0))
  return formatUrl(joined)
}

function textOf(parts: ValueMap, key: string): string {
  const value = getKey(parts, key)
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  throw new HelperError(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`)
}

function withPrefix<T>(prefix: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof HelperError) throw new HelperError(`${prefix}: ${error.message}`)
    throw error
  }
}

export const url: readonly Helper[] = [
  define({
    name: 'urlParse',
    params: [string('url')],
    doc: 'Splits a URL into a map with `scheme`, `userinfo`, `host`, `hostname`, `path`, `query`, `fragment` and `opaque`.',
    example: example('{{ (urlParse "https://git.example:8443/org/app?x=1").hostname }}', 'git.example'),
    call: ([text], context) => urlParse(text, context),
  }),
  define({
    name: 'urlJoin',
    params: [map('parts')],
    doc: 'Puts a URL together from a map such as `urlParse` gives; parts that are missing are left out.',
    example: example(
      '{{ urlJoin (dict "scheme" "https" "host" "git.example" "path" "/org/app") }}',
      'https://git.example/org/app',
    ),
    call: ([parts], context) => urlJoin(parts ?? newMap(), context),
  }),
]
