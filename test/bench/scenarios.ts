import { helpers } from '../../helpers/index.ts'
import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import { jsonToYaml } from '../../helpers/go/yaml/emit.ts'
import { yamlToJson } from '../../helpers/go/yaml/read.ts'
import type { GitOpsSet } from '../../src/api/types.ts'
import { build, builtinScopes, type BuildPorts } from '../../src/pipeline.ts'
import { newRuntime, parseTemplate } from '../../src/template/template.ts'
import { fakeArtifacts, fakeHttp, fakeReader, fixedClock, silentLog } from '../generate/fakes.ts'
import { measureCommand, measureInProcess, type Measurement } from './measure.ts'
import { kustomizations, matrix } from './sets.ts'

export interface Result extends Measurement {
  readonly name: string
  /** Elements, objects or templates that were worked on. */
  readonly count: number
  /** Wall time that the project promises on two idle cores. */
  readonly targetMs?: number
  readonly targetRssMib?: number
}

interface Size {
  readonly name: string
  readonly count: number
  readonly targetMs?: number
  readonly targetRssMib?: number
}

/** The command from start to the end of its output. */
export function commandScenarios(isShort: boolean): Result[] {
  const runs = isShort ? 1 : 5
  const lists: Size[] = [
    { name: 'command: one set, one element', count: 1, targetMs: 120 },
    { name: 'command: Kustomizations from a list', count: 1_000, targetMs: 250 },
    ...(isShort
      ? []
      : [{ name: 'command: Kustomizations from a list', count: 10_000, targetMs: 500, targetRssMib: 200 }]),
  ]
  const side = isShort ? 20 : 100
  const pairs: Size = {
    name: `command: matrix ${side}×${side} of ConfigMaps`,
    count: side * side,
    ...(!isShort && { targetMs: 700 }),
  }
  return [
    ...lists.map((size) => ({ ...size, ...measureCommand(kustomizations(size.count), runs) })),
    { ...pairs, ...measureCommand(matrix(side), runs) },
  ]
}

/** Parts on their own, in this process. */
export async function partScenarios(isShort: boolean): Promise<Result[]> {
  const count = isShort ? 1_000 : 10_000
  const runs = isShort ? 1 : 5
  const text = kustomizations(count)
  const objects = await buildObjects(parseSet(text))
  const template = parseTemplate('./apps/{{ .Element.name }}/{{ .Element.team | upper }}', { helpers })
  const scope = { Element: { name: 'app', team: 'core' } }
  const executions = count * 10
  const runTemplates = () => {
    for (let index = 0; index < executions; index++) template.execute(scope, newRuntime({ nowMs: 0 }))
  }
  const emit = () => objects.map((object) => jsonToYaml(object))
  return [
    { name: 'template only', count: executions, ...(await measureInProcess(runTemplates, runs)) },
    { name: 'YAML only: read', count, ...(await measureInProcess(() => yamlToJson(text), runs)) },
    { name: 'YAML only: write', count, ...(await measureInProcess(emit, runs)) },
  ]
}

/** The build of sets of growing size: the cost of an element must not grow with their number. */
export async function growthScenarios(isShort: boolean): Promise<Result[]> {
  const counts = isShort ? [100, 1_000] : [1_000, 10_000, 100_000]
  const results: Result[] = []
  for (const count of counts) {
    const set = parseSet(kustomizations(count))
    const runs = isShort ? 1 : count > 10_000 ? 2 : 5
    results.push({ name: 'build', count, ...(await measureInProcess(() => buildObjects(set), runs)) })
  }
  return results
}

function parseSet(text: string): GitOpsSet {
  return yamlToJson(text) as unknown as GitOpsSet
}

const ports: BuildPorts = {
  reader: fakeReader(),
  http: fakeHttp(() => ({ status: 500 })),
  artifacts: fakeArtifacts({}),
  scopes: builtinScopes,
  clock: fixedClock(),
  log: silentLog,
}

async function buildObjects(set: GitOpsSet): Promise<JsonValue[]> {
  const result = await build(set, ports)
  if (result.error !== undefined) throw result.error
  return result.objects.map(({ object }) => object as JsonObject)
}
