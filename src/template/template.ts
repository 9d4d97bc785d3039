import { byteLength, normalizeBytes } from '../../helpers/go/bytes.ts'
import type { HelperTable } from '../../helpers/define.ts'
import type { Value } from '../../helpers/go/value.ts'
import { builtins } from './builtins.ts'
import { compile, newSlots } from './compile.ts'
import { TemplateError } from './errors.ts'
import { collectFacts } from './facts.ts'
import type { TemplateFacts } from './facts.ts'
import { lowerHandlebars } from './handlebars/lower.ts'
import type { Delimiters } from './lexer.ts'
import { Budget } from './limits.ts'
import { parse } from './parser.ts'
import type { Parsed } from './parser.ts'
import type { Source } from './position.ts'
import { Site } from './site.ts'
import { State } from './state.ts'
import type { CompiledBody, Runtime } from './state.ts'

export interface TemplateOptions {
  /** What errors call the template. */
  readonly name?: string
  /** Of Go templates; `{{` and `}}` unless given. */
  readonly delimiters?: Delimiters
  readonly helpers: HelperTable
  readonly engine?: 'go' | 'handlebars'
}

const defaultDelimiters: Delimiters = { left: '{{', right: '}}' }

/** Parses and compiles a template. Throws TemplateError (stage `parse`). */
export function parseTemplate(source: string, options: TemplateOptions): Template {
  const named = { name: options.name ?? 'template', text: source }
  const findCallable = (name: string) =>
    Object.hasOwn(options.helpers, name) ? options.helpers[name] : builtins.get(name)
  if (options.engine === 'handlebars') return new Template(named, lowerHandlebars(named, findCallable), '{{')
  const delimiters = options.delimiters ?? defaultDelimiters
  return new Template(named, parse(named, { delimiters, findCallable }), delimiters.left)
}

/** A compiled template. Holds no state of executions, so it can be kept and shared. */
export class Template implements TemplateFacts {
  readonly name: string
  readonly definedNames: readonly string[]
  readonly calledTemplates: readonly string[]
  readonly isLiteral: boolean
  readonly literalText: string | undefined
  readonly usesChanging: readonly string[]
  readonly usesMutating: boolean
  /** Whether the source's first character belongs to an action. */
  readonly startsWithAction: boolean
  readonly #root: CompiledBody
  readonly #site: Site

  constructor(source: Source, parsed: Parsed, leftDelimiter: string) {
    this.name = source.name
    const facts = collectFacts(parsed)
    this.definedNames = facts.definedNames
    this.calledTemplates = facts.calledTemplates
    this.isLiteral = facts.isLiteral
    this.literalText = facts.literalText
    this.usesChanging = facts.usesChanging
    this.usesMutating = facts.usesMutating
    this.startsWithAction = source.text.startsWith(leftDelimiter)
    this.#root = compile(source, parsed)
    this.#site = new Site({ source, name: source.name }, 0, () => source.name)
  }

  /** Renders the template. Throws TemplateError (stage `exec`), also where a limit is reached. */
  execute(data: Value, runtime: Runtime): string {
    const state = new State(runtime, newSlots(this.#root, data))
    try {
      this.#root.exec(state, data)
    } catch (error) {
      throw this.#toTemplateError(error)
    }
    const text = normalizeBytes(state.out)
    const overrun = state.settle(byteLength(text))
    if (overrun !== undefined) throw this.#site.fail(overrun)
    return text
  }

  #toTemplateError(error: unknown): unknown {
    if (error instanceof TemplateError || !(error instanceof RangeError)) return error
    // Nested blocks times nested templates can fill the stack before maxDepth is reached.
    return this.#site.fail('templates or values are nested too deeply', error)
  }
}

/** A runtime with fresh limits, for one object. */
export function newRuntime(options: Partial<Runtime> = {}): Runtime {
  const { budget = new Budget(), nowMs = Date.now(), warn = () => undefined } = options
  return { budget, nowMs, warn }
}
