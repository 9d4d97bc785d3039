import { type Command, Option } from 'commander'
import { checkSet } from './check-set.ts'
import { type CliContext, EXIT, type ExitCode } from './context.ts'
import { readInput } from './input.ts'
import { reportProblems } from './problem.ts'

export function define(command: Command): Command {
  return command
    .argument('[path...]', 'files, folders, or - for standard input')
    .addOption(
      new Option('-o, --output <format>', 'form of the output').choices(['text', 'json']).default('text'),
    )
}

/** Checks sets without asking anybody: fields, templates, JSONPaths, schedules, durations, queries. */
export async function run(command: Command, context: CliContext): Promise<ExitCode> {
  const { output } = command.opts<{ output: 'text' | 'json' }>()
  const input = await readInput(command.args, context)
  const sets = input.objects.filter((object) => object.isSet)
  const problems = [
    ...input.problems,
    ...sets.flatMap((object) => {
      const check = checkSet(object)
      return check.kind === 'invalid' ? check.problems : []
    }),
  ]
  if (output === 'json') {
    const lines = problems.map(({ file, place, message }) => ({
      file,
      line: place?.line,
      column: place?.column,
      message,
    }))
    context.out(`${JSON.stringify({ sets: sets.length, problems: lines }, null, 2)}\n`)
    return problems.length === 0 ? EXIT.done : EXIT.invalid
  }
  if (problems.length === 0)
    context.out(`${sets.length} ${sets.length === 1 ? 'set is' : 'sets are'} valid\n`)
  return reportProblems(problems, context)
}
