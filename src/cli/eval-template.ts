import { helpers } from '../../helpers/index.ts'
import { getKey, isMap, setKey, type Value } from '../../helpers/go/value.ts'
import { newRuntime, parseTemplate } from '../template/template.ts'
import type { CliContext } from './context.ts'

export interface Evaluation {
  readonly template: string
  readonly data: Value
  readonly engine: 'go' | 'handlebars'
  readonly delimiters: readonly [string, string] | undefined
}

/** The text that a template renders to. Throws TemplateError. */
export function evaluateTemplate(evaluation: Evaluation, context: CliContext): string {
  const { template, data, engine, delimiters } = evaluation
  const compiled = parseTemplate(template, {
    helpers,
    engine,
    ...(delimiters === undefined ? {} : { delimiters: { left: delimiters[0], right: delimiters[1] } }),
  })
  const warn = (message: string) => context.err(`warning: ${message}\n`)
  return compiled.execute(data, newRuntime({ warn }))
}

/** In a set's scope these two are integers; every number of generator data is a float. */
export function withIndexes(data: Value): Value {
  if (!isMap(data)) return data
  for (const key of ['ElementIndex', 'RepeatIndex']) {
    const index = getKey(data, key)
    if (typeof index === 'number' && Number.isSafeInteger(index)) setKey(data, key, BigInt(index))
  }
  return data
}
