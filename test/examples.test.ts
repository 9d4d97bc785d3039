import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { dump, load, loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'

import { runCli } from './cli/run-cli.ts'
import { findCommands, listExamples, readWanted, ROOT, wantFile } from './support/example-files.ts'

const examples = listExamples()
const isUpdate = process.env['UPDATE_GOLDEN'] === '1'

it('every folder is in the index, and every entry of the index is a folder', () => {
  const index = readFileSync(join(ROOT, 'examples/README.md'), 'utf8')
  const entries = [...index.matchAll(/^\| \[([^\]]+)\]\(([^)]+)\) \|/gm)]
  expect(entries.map((match) => match[1] ?? '').sort()).toEqual(examples.map(({ name }) => name))
  for (const match of entries) expect(match[2]).toBe(match[1])
})

describe.each(examples)('example $name', ({ name, setFiles, renders, readme }) => {
  it('has a set, a README with two commands, and a command for each file with sets', () => {
    expect(setFiles).toContain(`examples/${name}/set.yaml`)
    expect(findCommands(readme)).toHaveLength(2)
    expect(renders.map((args) => args[1] ?? '').sort()).toEqual([...setFiles].sort())
  })

  it('names only files that exist', () => {
    const paths = findCommands(readme).flatMap((words) =>
      words.filter((word) => word.startsWith('examples/')),
    )
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  it.each(renders.map((args) => ({ file: args[1] ?? '', args })))(
    'renders $file to what it should',
    async ({ file, args }) => {
      expect(args.some((arg) => arg === '--offline' || arg === '--replay')).toBe(true)
      const { code, out, err } = await runCli(args)
      expect({ code, err }).toEqual({ code: 0, err: '' })
      const path = join(ROOT, wantFile(file))
      if (isUpdate) writeFileSync(path, out)
      expect(
        existsSync(path),
        `${wantFile(file)} is missing: run the test with UPDATE_GOLDEN=1, and read what it wrote`,
      ).toBe(true)
      expect(out).toBe(readFileSync(path, 'utf8'))
    },
  )

  it.each(setFiles)('%s: what looks like a number stays text where Kubernetes wants text', (file) => {
    for (const { kind, metadata, data } of readWanted(file)) {
      const texts = [
        ...Object.values(metadata.annotations ?? {}),
        ...(kind === 'ConfigMap' ? Object.values(data ?? {}) : []),
      ]
      expect(texts.filter((text) => typeof text !== 'string')).toEqual([])
    }
  })

  it('validates', async () => {
    expect(await runCli(['validate', ...setFiles])).toMatchObject({ code: 0 })
  })
})

describe('the recipe of the beginning', () => {
  const folder = 'examples/prometheus-right-sizing'

  it('writes the quantities that it always wrote', () => {
    const [{ spec } = { spec: undefined }] = readWanted(`${folder}/seed.yaml`)
    const [{ patch }] = (spec as { patches: [{ patch: string }] }).patches
    expect((load(patch) as { value: string }[]).map(({ value }) => value)).toEqual(['368640Ki', '307200Ki'])
  })

  it('asks for the same memory when made safe', () => {
    const [{ spec } = { spec: undefined }] = readWanted(`${folder}/set.yaml`)
    const [{ patch }] = (spec as { patches: [{ patch: string }] }).patches
    expect(patch).toMatch(/requests:\s+memory: 300Mi\s+limits:\s+memory: 360Mi/)
  })
})

describe('Dremio’s scaling', () => {
  type Element = Record<string, unknown>
  interface SetDocument {
    spec: {
      generators: [
        { matrix: { generators: [{ list: { elements: Element[] } }, { list: { elements: Element[] } }] } },
      ]
    }
  }

  /** What the first set renders with these engines in place of its own. */
  async function renderEngines(
    ...engines: Element[]
  ): Promise<{ kind: string; spec: Record<string, unknown> }[]> {
    const text = readFileSync(join(ROOT, 'examples/dremio-autoscaling/set.yaml'), 'utf8')
    const [set] = loadAll(text) as SetDocument[]
    set!.spec.generators[0].matrix.generators[1].list.elements = engines
    const { code, out, err } = await runCli(['render', '-', '--offline'], dump(set))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return loadAll(out) as { kind: string; spec: Record<string, unknown> }[]
  }

  const engine = { engine: 'e', statefulSet: 'dremio-executor-e' }

  it('can be turned off for an engine, which stays deployed', async () => {
    const objects = await renderEngines({ ...engine, nodeLifecycleService: { enabled: false } })
    expect(objects.map(({ kind }) => kind)).toEqual(['Kustomization'])
  })

  it('goes by an engine’s own metrics alone where the default ones are off', async () => {
    const own = {
      type: 'Pods',
      pods: { metric: { name: 'm' }, target: { type: 'AverageValue', averageValue: '5' } },
    }
    const scalingMetrics = { default: { enabled: false }, userDefinedMetrics: [own] }
    const [hpa] = await renderEngines({ ...engine, nodeLifecycleService: { scalingMetrics } })
    expect(hpa?.spec['metrics']).toEqual([own])
  })

  it('goes by an engine’s own policies alone where the default one is off', async () => {
    const own = { type: 'Pods', value: 4, periodSeconds: 30 }
    const scaleUp = {
      defaultPolicy: { enabled: false },
      userDefinedPolicies: [own],
      selectPolicy: 'Min',
      stabilizationWindowSeconds: 0,
    }
    const [hpa] = await renderEngines({ ...engine, nodeLifecycleService: { scalingBehavior: { scaleUp } } })
    expect(hpa?.spec['behavior']).toMatchObject({
      scaleUp: { policies: [own], selectPolicy: 'Min', stabilizationWindowSeconds: 0 },
      scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 600 }] },
    })
  })

  it('leaves the policies to Kubernetes where there are none', async () => {
    const scaleUp = { defaultPolicy: { enabled: false } }
    const [hpa] = await renderEngines({ ...engine, nodeLifecycleService: { scalingBehavior: { scaleUp } } })
    expect(hpa?.spec['behavior']).toMatchObject({ scaleUp: { policies: null } })
  })

  it('differs for an engine in what the engine names, and in nothing else', async () => {
    const [first, , , second] = await renderEngines(
      { ...engine, count: 2 },
      {
        ...engine,
        engine: 'f',
        statefulSet: 'f',
        count: 2,
        nodeLifecycleService: { maxEngines: 10, scalingMetrics: { default: { cpuAverageUtilization: 50 } } },
      },
    )
    const text = JSON.stringify(first?.spec)
      .replaceAll('dremio-executor-e', 'f')
      .replace('"maxReplicas":50', '"maxReplicas":10')
    expect(JSON.stringify(second?.spec)).toBe(
      text.replace('"averageUtilization":70', '"averageUtilization":50'),
    )
  })
})
