import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli, setYaml, temporaryFolder } from './run-cli.ts'

const templates = (name: string) =>
  `templates: [{content: {apiVersion: v1, kind: ConfigMap, metadata: {name: "${name}"}}}]`
const listSet = (name: string) =>
  setYaml(`generators: [{list: {elements: [{id: 1}]}}]\n${templates(`${name}-{{ .Element.id }}`)}`, name)
const apiSet = (url: string) =>
  setYaml(`generators: [{apiClient: {endpoint: "${url}", interval: 1h}}]\n${templates('{{ .Element.id }}')}`)

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\ndata:\n  a: |\n    ---\n    b\n'
const names = async (...args: string[]) =>
  (await runCli(['render', '--offline', '-o', 'name', ...args])).out.split('\n')

describe('render', () => {
  it('reads files, folders and standard input, and passes other kinds', async () => {
    using folder = temporaryFolder({
      'b.yaml': `${listSet('b')}---\n${configMap}---\n# nothing\n`,
      'a/a.yml': listSet('a'),
      'a/values.yaml': 'just: values\n',
      'a/note.txt': listSet('ignored'),
      '.hidden/c.yaml': listSet('hidden'),
    })
    const want = ['configmap/a-1', 'configmap/b-1', 'configmap/other', '']
    expect(await names(folder.path)).toEqual(want)
    expect(await names(join(folder.path, 'a'), join(folder.path, 'b.yaml'))).toEqual(want)
    const { code, out } = await runCli(['render', '-', '--offline', '-o', 'name'], listSet('stdin'))
    expect({ code, out }).toEqual({ code: 0, out: 'configmap/stdin-1\n' })
  })

  it('splits documents as YAML does, not at every three dashes', async () => {
    const { out } = await runCli(['render', '-', '--offline'], `${configMap}---\n${listSet('x')}`)
    expect(out).toContain('data:\n  a: |\n    ---\n    b\n')
    expect(out.match(/^---$/gm)).toHaveLength(2)
  })

  it('takes the sets out of a List, and other versions of the group for sets', async () => {
    const item = listSet('listed').replace(/^/gm, '    ').replace('    apiVersion', '  - apiVersion')
    const list = `apiVersion: v1\nkind: List\nitems:\n${item}`
    expect((await runCli(['render', '-', '--offline', '-o', 'name'], list)).out).toBe('configmap/listed-1\n')
    const broken = await runCli(['render', '-', '--offline'], list.replace('list:', 'lits:'))
    expect(broken.err).toContain('<stdin>:10:')
  })

  it('prints JSON with every digit', async () => {
    const set = setYaml(
      'generators: [{list: {elements: [{id: 1234567890123456789}]}}]\n' +
        'templates: [{content: {apiVersion: v1, kind: X, metadata: {name: x}, spec: {id: 1234567890123456789}}}]',
    )
    const { out } = await runCli(['render', '-', '--offline', '-o', 'json'], set)
    expect(out).toContain('"id": 1234567890123456789')
    expect(JSON.parse(out)).toMatchObject({ kind: 'List', items: [{ kind: 'X' }] })
  })

  it('prints nothing where one set of several fails', async () => {
    const broken = listSet('broken').replace('.Element.id', '.Element.nope')
    const { code, out, err } = await runCli(['render', '-', '--offline'], `${listSet('fine')}---\n${broken}`)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('nope')
  })

  it('names what needs a cluster or the network when it may use neither', async () => {
    const api = await runCli(['render', '-', '--offline'], apiSet('https://example.com/x?token=hunter2'))
    expect(api.code).toBe(3)
    expect(api.err.split('\n')[0]).toContain('asking example.com needs the network, and --offline is set')
    const config = setYaml(`generators: [{config: {kind: ConfigMap, name: a}}]\n${templates('x')}`)
    const { err } = await runCli(['generate', '-', '-d', '--enabled-generators', 'Config'], config)
    expect(err).toContain('reading the ConfigMap team/a needs a cluster, and --disable-cluster-access is set')
  })

  it('records answers and replays them', async () => {
    using folder = temporaryFolder({})
    const dir = join(folder.path, 'answers')
    const server = createServer((_request, response) => response.end('[{"id": "from-api"}]'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const set = apiSet('http://api.example.com/items')
    const args = ['render', '-', '-o', 'name', '--endpoint', `http://api.example.com=${target}`]
    const recorded = await runCli([...args, '--record', dir], set)
    server.close()
    expect(recorded).toEqual({ code: 0, out: 'configmap/from-api\n', err: '' })
    expect(readdirSync(dir).length).toBeGreaterThan(0)
    const replayed = await runCli([...args.slice(0, 4), '--replay', dir], set)
    // Recorded behind --endpoint: the request is known by the address that the set names.
    expect(replayed).toEqual({ code: 0, out: 'configmap/from-api\n', err: '' })
  })

  it.each([
    [['render'], 'name a file, a folder, or -'],
    [['render', '/nowhere/x.yaml'], 'there is no such file or folder'],
    [['render', '-', '--ofline'], 'Did you mean --offline?'],
    [['render', '-', '-o', 'xml'], 'Allowed choices are yaml, json, name'],
    [['render', '-', '--endpoint', 'x'], 'is not FROM=TO'],
    [['render', '-', '--record', 'a', '--offline'], '--record needs the network'],
    [['render', '-', '--enabled-generators', 'Lits'], 'did you mean List?'],
    [['rendre'], 'unknown command "rendre"; did you mean render?'],
    [['controller', '--log-levle', 'x'], 'unknown flag --log-levle; did you mean --log-level?'],
    [[], 'Usage: gitopsset'],
  ])('%j is wrong usage', async (args, message) => {
    const { code, out, err } = await runCli(args, listSet('x'))
    expect(code).toBe(2)
    expect(out + err).toContain(message)
  })

  it('lets only enabled generators run', async () => {
    const { code, err } = await runCli(
      ['render', '-', '--offline', '--enabled-generators', 'Config,Matrix'],
      listSet('x'),
    )
    expect(code).toBe(3)
    expect(err).toContain('generator List not enabled')
  })
})
