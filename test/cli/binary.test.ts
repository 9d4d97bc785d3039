import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { setYaml, temporaryFolder } from './run-cli.ts'

const binary = join(import.meta.dirname, '../../bin/gitopsset.js')
const set = setYaml(
  'generators: [{list: {elements: [{id: a}]}}]\ntemplates: [{content: {apiVersion: v1, kind: X, metadata: {name: "{{ .Element.id }}"}}}]',
)

const run = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, [binary, ...args], { input, encoding: 'utf8', env: {} })

describe('bin/gitopsset.js', () => {
  it('prints to standard output and ends with the code of its command', () => {
    const rendered = run(['render', '-', '--offline', '-o', 'name'], set)
    expect([rendered.status, rendered.stdout, rendered.stderr]).toEqual([0, 'x/a\n', ''])
    const broken = run(['render', '-', '--offline'], set.replace('list', 'lits'))
    expect([broken.status, broken.stdout]).toEqual([2, ''])
    expect(broken.stderr).toContain('<stdin>:7:17: ')
  })

  it('prints large outputs whole', () => {
    const elements = Array.from({ length: 5_000 }, (_, index) => `{id: "${'x'.repeat(200)}${index}"}`).join(
      ', ',
    )
    const { status, stdout } = run(
      ['render', '-', '--offline', '-o', 'name'],
      set.replace('{id: a}', elements),
    )
    expect(status).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(5_000)
  })

  it('loads nothing heavy to render a list', () => {
    using folder = temporaryFolder({
      'log-imports.mjs': `import { registerHooks } from 'node:module'
registerHooks({ resolve: (specifier, context, next) => {
  if (!/^[./]|^node:|^file:/.test(specifier)) process.stderr.write(specifier + '\\n')
  return next(specifier, context)
} })`,
    })
    const args = ['--import', join(folder.path, 'log-imports.mjs'), binary, 'render', '-', '--offline']
    const { stderr } = spawnSync(process.execPath, args, { input: set, encoding: 'utf8', env: {} })
    const packages = new Set(stderr.split('\n').filter((name) => /^[@a-z]/.test(name)))
    expect([...packages].sort()).toEqual(['commander'])
  })
})
