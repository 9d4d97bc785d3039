import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { parseJson } from '../../helpers/go/json.ts'
import type { Value } from '../../helpers/go/value.ts'
import { yamlToJson } from '../../helpers/go/yaml/read.ts'
import { YamlError } from '../../helpers/go/yaml/yaml-error.ts'
import { prettyError, TemplateError } from '../template/errors.ts'
import { type CliContext, EXIT, type ExitCode, UsageError } from './context.ts'
import { evaluateTemplate, withIndexes } from './eval-template.ts'

interface Flags {
  data?: string
  engine: 'go' | 'handlebars'
  delimiters?: string
  jsonl?: boolean
}

export function define(command: Command): Command {
  return command
    .argument('[template]', 'the template; without it, it is read from standard input')
    .option('--data <file>', 'JSON or YAML file with the data, decoded as the data of generators is')
    .option('--delimiters <left,right>', 'delimiters of actions')
    .option(
      '--jsonl',
      'read a line {name?, template, data?, delims?, engine?} for each template from standard input',
    )
    .addOption(
      new Option('--engine <language>', 'language of the template')
        .choices(['go', 'handlebars'])
        .default('go'),
    )
}

export async function run(command: Command, context: CliContext): Promise<ExitCode> {
  const flags = command.opts<Flags>()
  if (flags.jsonl === true) {
    const { evalLines } = await import('./eval-lines.ts')
    return evalLines(await context.readStdin(), flags.engine, context)
  }
  const template = command.args[0] ?? (await context.readStdin())
  const data = flags.data === undefined ? {} : await readData(flags.data, context)
  try {
    const delimiters = parseDelimiterFlag(flags.delimiters)
    context.out(evaluateTemplate({ template, data, engine: flags.engine, delimiters }, context))
    return EXIT.done
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { line, column } = error.position
    context.err(`template:${line}:${column}: ${prettyError(error)}\n`)
    return EXIT.invalid
  }
}

function parseDelimiterFlag(text: string | undefined): readonly [string, string] | undefined {
  if (text === undefined) return undefined
  const [left = '', right = '', ...rest] = text.split(',')
  if (left === '' || right === '' || rest.length > 0) {
    throw new UsageError('--delimiters: two delimiters are needed, separated by a comma, for example [[,]]')
  }
  return [left, right]
}

async function readData(file: string, context: CliContext): Promise<Value> {
  const text = file === '-' ? await context.readStdin() : await readDataFile(file)
  try {
    return withIndexes(file.endsWith('.json') ? parseJson(text) : yamlToJson(text))
  } catch (error) {
    const place = error instanceof YamlError ? `:${error.line}:${error.column}` : ''
    throw new UsageError(`--data: ${file}${place}: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

async function readDataFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw new UsageError(`--data: cannot read ${file}`)
  }
}
