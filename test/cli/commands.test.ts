import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli, setYaml, temporaryFolder } from './run-cli.ts'

const data = join(import.meta.dirname, '../conformance/data')

describe('eval', () => {
  it('renders a template against data, decoded as generator data is', async () => {
    using folder = temporaryFolder({
      'data.json': '{"n": 3, "wide": 12345678901234567890, "ElementIndex": 2}',
      'data.yaml': 'list: [a, b]\n',
    })
    const json = ['--data', join(folder.path, 'data.json')]
    expect(
      (await runCli(['eval', '{{ .wide }} {{ printf "%d" .n }} {{ add1 .ElementIndex }}', ...json])).out,
    ).toBe('12345678901234567890 %!d(float64=3) 3')
    const yaml = ['--data', join(folder.path, 'data.yaml')]
    expect((await runCli(['eval', '-', ...yaml].slice(0, 1).concat(yaml), '{{ join "," .list }}')).out).toBe(
      'a,b',
    )
    expect(
      (await runCli(['eval', '{{#each list}}<{{this}}>{{/each}}', '--engine', 'handlebars', ...yaml])).out,
    ).toBe('<a><b>')
    expect((await runCli(['eval', '[[ len .list ]]', '--delimiters', '[[,]]', ...yaml])).out).toBe('2')
  })

  it('shows where a template fails', async () => {
    const { code, out, err } = await runCli(['eval', 'a\n{{ .x.y }}'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^template:2:\d+: .*map has no entry for key "x"\n2 \| \{\{ \.x\.y \}\}\n *\^\n$/)
  })

  it('answers lines with lines, in order', async () => {
    const lines = [
      '{"name": "a", "template": "{{ .v }}", "data": {"v": 9007199254740993}}',
      '{"template": "{{ nope }}"}',
      '',
      '{"name": "c", "template": "[[ .v ]] {{", "delims": ["[[", "]]"], "data": {"v": "x"}}',
      '{"name": "d", "template": "{{v}}", "data": {"v": 1}, "engine": "handlebars"}',
      '{"name": "e", "template": "{{ .v.w }}", "data": {}}',
    ]
    const { code, out } = await runCli(['eval', '--jsonl'], lines.join('\n'))
    expect(code).toBe(0)
    const results = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(results).toEqual([
      { name: 'a', output: '9007199254740992' },
      { error: expect.stringContaining('function "nope" not defined') as string, stage: 'parse' },
      { name: 'c', output: 'x {{' },
      { name: 'd', output: '1' },
      { name: 'e', error: expect.stringContaining('no entry for key "v"') as string, stage: 'exec' },
    ])
  })

  it('says which line is none', async () => {
    const { code, out, err } = await runCli(
      ['eval', '--jsonl'],
      '{"template": "a"}\nnot json\n{"template": 5}\n',
    )
    expect({ code, out }).toEqual({ code: 2, out: '{"output":"a"}\n' })
    expect(err).toContain('<stdin>:2:1: not JSON')
    expect(err).toContain('<stdin>:3:1: template must be a text')
  })

  it.each([
    ['handlebars.jsonl', 'handlebars'],
    ['floats.jsonl', 'go'],
  ])('renders the recorded templates of %s', async (file, engine) => {
    const text = readFileSync(join(data, file), 'utf8')
    const { out } = await runCli(['eval', '--jsonl', '--engine', engine], text)
    const parse = (lines: string) =>
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { want?: string; output?: string; stage?: string })
    expect(parse(out).map(({ output, stage }) => output ?? stage)).toEqual(
      parse(text).map(({ want, stage }) => want ?? stage),
    )
  })
})

describe('validate', () => {
  const broken = setYaml(
    'generators: [{lists: {}}]\ntemplates:\n  - content: {kind: "{{ a"}\n  - content: {kind: X}\n  - content: {kind: "{{ b }}"}',
  )

  it('tells every mistake, template by template', async () => {
    const templatesOnly = broken.replace('lists', 'list')
    const { code, err } = await runCli(['validate', '-'], templatesOnly)
    expect(code).toBe(2)
    expect(err).toMatch(/<stdin>:9:\d+: spec\.templates\[0\]\.content\.kind: /)
    expect(err).toMatch(/<stdin>:11:\d+: spec\.templates\[2\]\.content\.kind: .*"b" not defined/)
  })

  it('prints JSON for programs', async () => {
    const { code, out } = await runCli(['validate', '-', '-o', 'json'], broken)
    expect(code).toBe(2)
    expect(JSON.parse(out)).toEqual({
      sets: 1,
      problems: [
        {
          file: '<stdin>',
          line: 7,
          column: 17,
          message: 'spec.generators[0].lists: unknown generator "lists"; did you mean list?',
        },
      ],
    })
  })

  it('counts what is right', async () => {
    const fine = setYaml('generators: [{list: {}}]')
    expect(await runCli(['validate', '-'], `${fine}---\n${fine}`)).toEqual({
      code: 0,
      out: '2 sets are valid\n',
      err: '',
    })
  })
})

describe('functions', () => {
  it('lists and explains them', async () => {
    const { out } = await runCli(['functions'])
    expect(out).toMatch(/^strings$/m)
    expect(out).toMatch(/^ {2}toMemory +\S/m)
    expect((await runCli(['functions', 'toMemory'])).out).toMatch(/^toMemory .*\n\n.*\n\nExample:\n {2}\{\{/)
    expect(JSON.parse((await runCli(['functions', 'upper', '-o', 'json'])).out)).toMatchObject([
      { name: 'upper' },
    ])
  })

  it('knows near names', async () => {
    expect(await runCli(['functions', 'toMemroy'])).toMatchObject({
      code: 2,
      err: 'error: there is no function "toMemroy"; did you mean toMemory?\n',
    })
  })
})

describe('help', () => {
  it('is there for everything', async () => {
    expect((await runCli(['--help'])).out).toContain('Commands:')
    expect((await runCli(['render', '--help'])).out).toContain('--replay <dir>')
    const { out } = await runCli(['controller', '--help'])
    expect(out).toMatch(/^Watching:$/m)
    expect(out).toContain('GITOPSSET_LOG_LEVEL')
    expect((await runCli(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
