import { type Command, Option } from 'commander'
import type { Helper, Param } from '../../helpers/define.ts'
import { allHelpers } from '../../helpers/index.ts'
import { findNearest } from '../lib/nearest.ts'
import { type CliContext, EXIT, type ExitCode, UsageError } from './context.ts'

export function define(command: Command): Command {
  return command
    .argument('[name]', 'one function; without it all are listed')
    .addOption(
      new Option('-o, --output <format>', 'form of the output').choices(['text', 'json']).default('text'),
    )
}

export function run(command: Command, context: CliContext): Promise<ExitCode> {
  const { output } = command.opts<{ output: 'text' | 'json' }>()
  const name = command.args[0]
  const chosen = name === undefined ? allHelpers : [findHelper(name)]
  if (output === 'json') context.out(`${JSON.stringify(chosen.map(toJson), null, 2)}\n`)
  else context.out(name === undefined ? listByFamily(chosen) : chosen.map(describeHelper).join('\n'))
  return Promise.resolve(EXIT.done)
}

function findHelper(name: string): Helper {
  const helper = allHelpers.find((candidate) => candidate.name === name)
  if (helper !== undefined) return helper
  const nearest = findNearest(
    name,
    allHelpers.map((candidate) => candidate.name),
  )
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`
  throw new UsageError(`there is no function ${JSON.stringify(name)}${hint}`)
}

function listByFamily(list: readonly Helper[]): string {
  const families = [...new Set(list.map((helper) => helper.family))]
  const width = Math.max(...list.map((helper) => helper.name.length))
  const sections = families.map((family) => {
    const members = list.filter((helper) => helper.family === family)
    return `${family}\n${members.map((helper) => `  ${helper.name.padEnd(width)}  ${helper.doc}\n`).join('')}`
  })
  return sections.join('\n')
}

function describeHelper(helper: Helper): string {
  const { template, output } = helper.example
  return `${signature(helper)}\n\n${helper.doc}\n\nExample:\n  ${template}\n  → ${output.replaceAll('\n', '\n    ')}\n`
}

function signature(helper: Helper): string {
  const rest = helper.rest === undefined ? [] : [`${paramText(helper.rest)}…`]
  return [helper.name, ...helper.params.map(paramText), ...rest].join(' ')
}

function paramText({ name, type }: Param): string {
  return `${name}:${typeof type === 'string' ? type : type.go}`
}

function toJson(helper: Helper): object {
  const { name, family, doc, example } = helper
  return {
    name,
    family,
    signature: signature(helper),
    doc,
    example: { template: example.template, output: example.output },
  }
}
