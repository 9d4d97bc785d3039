import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli, setYaml, temporaryFolder } from './run-cli.ts'

const TEMPLATE =
  'templates: [{content: {apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ .Element.n }}"}}}]'
const LIST = 'generators: [{list: {elements: [{n: a}]}}]'

const withTemplate = (template: string) => setYaml(`${LIST}\ntemplates:\n${template}`)
const withGenerator = (generator: string) => setYaml(`generators:\n${generator}\n${TEMPLATE}`)
const withApi = (fields: string) =>
  withGenerator(`  - apiClient: {endpoint: https://x, interval: 1h, ${fields}}`)

/** What is wrong, the input, where (line:column), and a part of the message. */
const CASES: readonly (readonly [what: string, text: string, place: string, message: string])[] = [
  ['an unclosed flow mapping', 'a: {b: c', '1:9', ''],
  ['a tab as indentation', 'a:\n\tb: c\n', '2:1', ''],
  ['wrong indentation', setYaml('generators:\n  - list: {}\n - list: {}'), '9:4', ''],
  ['an unquoted template', withTemplate('  - content: {name: {{ .Element.n }}}'), '9:', ''],
  ['a document that is a list', '- a\n- b\n', '1:1', 'not a Kubernetes object'],
  ['a wrong version', setYaml(LIST).replace('v1alpha1', 'v1'), '1:1', 'apiVersion: must be'],
  ['a misspelt kind', setYaml(LIST).replace('GitOpsSet', 'GitopsSet'), '2:1', 'kind: must be GitOpsSet'],
  ['a set without name', setYaml(LIST).replace('name: demo', 'labels: {}'), '3:1', 'name is required'],
  ['a misspelt field of the spec', setYaml('generator: []'), '7:3', 'did you mean generators?'],
  ['a misspelt generator', withGenerator('  - lits: {}'), '8:7', 'did you mean list?'],
  ['two generators in one', withGenerator('  - list: {}\n    cluster: {}'), '8:7', 'exactly one generator'],
  ['an empty generator', withGenerator('  - {}'), '8:7', 'exactly one generator'],
  ['elements that are no list', withGenerator('  - list:\n      elements: {a: b}'), '9:9', 'must be a list'],
  ['a template that is no object', withTemplate('  - content: text'), '9:7', 'must be an object'],
  ['a duration that is none', withApi('timeout: soon'), '8:', '"soon" is not a duration'],
  [
    'an interval that is too short',
    withGenerator('  - apiClient:\n      endpoint: https://x\n      interval: 1s'),
    '10:9',
    'shorter than 5s',
  ],
  [
    'a URL with another scheme',
    withGenerator('  - apiClient:\n      endpoint: ftp://x\n      interval: 1h'),
    '9:9',
    'must start with http',
  ],
  [
    'a URL with a password',
    withGenerator('  - apiClient:\n      endpoint: https://a:b@x\n      interval: 1h'),
    '9:9',
    'user or password',
  ],
  [
    'a cron schedule that is none',
    withGenerator('  - apiClient:\n      endpoint: https://x\n      schedule: 0 25 * * *'),
    '10:9',
    'cron',
  ],
  [
    'a time zone that is none',
    withGenerator(
      '  - apiClient:\n      endpoint: https://x\n      schedule: 0 4 * * *\n      timeZone: Mars/One',
    ),
    '11:9',
    'IANA',
  ],
  ['a JSONPath that is none', withApi('jsonPath: "{.items[}"'), '8:', 'unterminated array'],
  [
    'a repeat without braces',
    withTemplate('  - repeat: .items\n    content: {kind: X}'),
    '9:7',
    'no path in braces',
  ],
  [
    'PromQL with an open bracket',
    withGenerator(
      '  - prometheus:\n      endpoint: https://x\n      interval: 1h\n      query: sum(rate(x[5m])',
    ),
    '11:9',
    'is missing',
  ],
  [
    'an unclosed action',
    withTemplate('  - content:\n      kind: X\n      name: "{{ .Element.n"'),
    '11:',
    'unclosed action',
  ],
  [
    'an unknown function',
    withTemplate('  - content:\n      kind: X\n      name: "a {{ slugg .Element.n }}"'),
    '11:',
    '"slugg" not defined',
  ],
  [
    'an if without end',
    withTemplate('  - content:\n      kind: X\n      data: |\n        a\n        {{ if .Element.n }}'),
    '13:30',
    'unexpected EOF',
  ],
  [
    'an undefined variable',
    withTemplate('  - content:\n      kind: X\n      data: |\n        a: b\n        c: {{ $x }}'),
    '13:',
    'undefined variable',
  ],
  [
    'delimiters that are none',
    setYaml(LIST).replace(
      '  namespace',
      '  annotations:\n    sets.gitops.pro/delimiters: "${{"\n  namespace',
    ),
    '6:5',
    'two delimiters',
  ],
  [
    'an element without the key',
    withTemplate(
      '  - content:\n      apiVersion: v1\n      kind: X\n      metadata: {name: "{{ .Element.nope }}"}',
    ),
    '12:',
    'no entry for key "nope"',
  ],
]

describe('bad input', () => {
  it('has at least 25 cases', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(25)
  })

  it.each(CASES)('%s', async (...[, text, place, message]) => {
    using folder = temporaryFolder({ 'set.yaml': text })
    const file = join(folder.path, 'set.yaml')
    const { code, out, err } = await runCli(['render', file, '--offline'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err.slice(file.length)).toMatch(/^:\d+:\d+: ./)
    expect(err.slice(file.length)).toMatch(new RegExp(`^:${place}`))
    expect(err).toContain(message)
    expect(err).toMatch(/\n \d+ \| .*\n *\^\n/)
  })
})
