import type { JsonObject } from '../../helpers/go/value.ts'
import { build, type BuildPorts } from '../pipeline.ts'
import { openPorts } from './build-ports.ts'
import { checkSet, toProblem, type CheckedSet } from './check-set.ts'
import type { CliContext, ExitCode } from './context.ts'
import { readInput, type InputObject } from './input.ts'
import { withInputObjects } from './input-objects.ts'
import { formatObjects, type OutputFormat } from './output.ts'
import { reportProblems, type Problem } from './problem.ts'
import { startProgress } from './progress.ts'
import type { RenderSettings } from './render-settings.ts'

type ValidSet = Extract<CheckedSet, { kind: 'valid' }>

/**
 * Renders every set of the input and prints the objects; objects of other kinds pass as they are. Prints nothing but
 * problems where there is one: half of an output must not be applied.
 */
export async function renderSets(
  paths: readonly string[],
  settings: RenderSettings,
  format: OutputFormat,
  context: CliContext,
): Promise<ExitCode> {
  const input = await readInput(paths, context)
  const checked = input.objects.map((object) => ({
    object,
    check: object.isSet ? checkSet(object) : undefined,
  }))
  const invalid = checked.flatMap(({ check }) => (check?.kind === 'invalid' ? check.problems : []))
  const problems: Problem[] = [...input.problems, ...invalid]
  if (problems.length > 0) return reportProblems(problems, context)
  const open = await openPorts(settings, context)
  const values = input.objects.map((object) => object.value)
  const ports = { ...open.ports, reader: withInputObjects(open.ports.reader, values) }
  try {
    const objects: JsonObject[] = []
    for (const { object, check } of checked) {
      if (check?.kind !== 'valid') objects.push(object.value)
      else await renderSet({ object, check, ports, settings, context }, objects, problems)
    }
    if (problems.length === 0) context.out(formatObjects(objects, format))
    return reportProblems(problems, context)
  } finally {
    await open.close()
  }
}

interface Job {
  readonly object: InputObject
  readonly check: ValidSet
  readonly ports: BuildPorts
  readonly settings: RenderSettings
  readonly context: CliContext
}

async function renderSet(job: Job, objects: JsonObject[], problems: Problem[]): Promise<void> {
  const { object, check, ports, settings, context } = job
  const { name } = check.set.metadata
  const stop = startProgress(`rendering ${name}`, context)
  const options = { prepared: check.prepared, enabled: settings.enabled, signal: context.signal }
  const result = await build(check.set, ports, options).finally(stop)
  for (const warning of result.warnings) context.err(`warning: ${object.file}: ${name}: ${warning}\n`)
  if (result.error !== undefined) {
    problems.push(toProblem(object, result.error))
    return
  }
  for (const rendered of result.objects) objects.push(rendered.object)
}
