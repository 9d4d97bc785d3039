import type { Engine } from '../api/types.ts'
import type { Delimiters } from './delimiters.ts'
import type { CompileSource } from './leaf.ts'
import type { ObjectContext } from './object-context.ts'

/** Whether a template is rendered for an element. */
export type WhenProgram = (context: ObjectContext) => boolean

interface WhenOptions {
  readonly path: string
  readonly engine: Engine
  readonly delimiters: Delimiters
  readonly compile: CompileSource
}

/** Compiles `when`: an expression without delimiters, which is true as the condition of an `if` is. */
export function compileWhen(expression: string | undefined, options: WhenOptions): WhenProgram | undefined {
  if (expression === undefined || expression.trim() === '') return undefined
  const origin = { path: options.path }
  const template = options.compile(asCondition(unwrap(expression.trim(), options), options), origin)
  return (context) => context.execute(template, origin) !== ''
}

/** An expression between delimiters means the same. */
function unwrap(expression: string, { engine, delimiters }: WhenOptions): string {
  const { left, right } = engine === 'handlebars' ? { left: '{{', right: '}}' } : delimiters
  const isWrapped =
    expression.startsWith(left) && expression.indexOf(right) === expression.length - right.length
  return isWrapped ? expression.slice(left.length, -right.length).trim() : expression
}

function asCondition(expression: string, { engine, delimiters: { left, right } }: WhenOptions): string {
  if (engine !== 'handlebars') return `${left} if ${expression} ${right}1${left} end ${right}`
  const isCall = /\s/.test(expression) && !expression.startsWith('(')
  return `{{#if ${isCall ? `(${expression})` : expression}}}1{{/if}}`
}
