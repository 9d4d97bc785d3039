import type { HelperTable } from '../../helpers/define.ts'
import { helpers } from '../../helpers/index.ts'
import { isJsonObject } from '../../helpers/go/json-tree.ts'
import type { JsonObject, JsonValue, ValueMap } from '../../helpers/go/value.ts'
import { jsonToYaml } from '../../helpers/go/yaml/emit.ts'
import type { GitOpsSet, TemplateEntry } from '../api/types.ts'
import { AppError } from '../errors.ts'
import { TemplateError } from '../template/errors.ts'
import { parseTemplate, type Template } from '../template/template.ts'
import { findDelimiters, type Delimiters } from './delimiters.ts'
import { templateError } from './failure.ts'
import type { CompileSource } from './leaf.ts'
import { compileContent, type ContentProgram } from './program.ts'
import { compileRepeat, type RepeatProgram } from './repeat.ts'
import type { TextProgram } from './text-program.ts'
import { compileWhen, type WhenProgram } from './when.ts'

/** A set's templates, compiled. Holds no state of renderings: keep it for as long as the spec does not change. */
export interface PreparedTemplates {
  readonly templates: readonly PreparedTemplate[]
  readonly gitOpsSet: ValueMap
  /** Functions whose result differs from call to call, that the templates use. */
  readonly changingFunctions: readonly string[]
}

export interface PreparedTemplate {
  readonly index: number
  /** `spec.templates[0]`. */
  readonly path: string
  readonly apply: 'Object' | 'Fields'
  readonly repeat: RepeatProgram | undefined
  readonly when: WhenProgram | undefined
  /** Leaf by leaf; undefined where leaves depend on each other, so that only the whole text can be rendered. */
  readonly content: ContentProgram | undefined
  readonly text: () => TextProgram
  /** Functions change their arguments: data must be copied for every object. */
  readonly mutates: boolean
}

export interface PrepareOptions {
  /** The functions that templates may call; all of ours, where not given. */
  readonly helpers?: HelperTable
  /** For tests: use one way of rendering only. */
  readonly force?: 'leaf' | 'text'
}

/** Compiles all templates of a set. Throws AppError (TemplateInvalid, stall). */
export function prepareTemplates(set: GitOpsSet, options: PrepareOptions = {}): PreparedTemplates {
  const compiler = new SetCompiler(set, options)
  const templates = (set.spec.templates ?? []).map((entry, index) => compiler.prepare(entry, index))
  const { name, namespace } = set.metadata
  return {
    templates,
    gitOpsSet: { Name: name, Namespace: namespace },
    changingFunctions: [...compiler.changing],
  }
}

class SetCompiler {
  readonly changing = new Set<string>()
  private readonly set: GitOpsSet
  private readonly options: PrepareOptions
  private readonly delimiters: Delimiters
  /** Facts of the templates of the entry being prepared. */
  private compiled: Template[] = []

  constructor(set: GitOpsSet, options: PrepareOptions) {
    this.set = set
    this.options = options
    this.delimiters = findDelimiters(set)
  }

  prepare(entry: TemplateEntry, index: number): PreparedTemplate {
    const path = `spec.templates[${index}]`
    this.compiled = []
    const when = compileWhen(entry.when, {
      path: `${path}.when`,
      engine: this.set.spec.engine ?? 'go',
      delimiters: this.delimiters,
      compile: this.compile,
    })
    const content = this.compileLeaves(entry.content, `${path}.content`)
    let text: TextProgram | undefined
    const makeText = () => (text ??= this.compileText(entry.content, `${path}.content`))
    if (content === undefined) makeText()
    const mutates = this.compiled.some((template) => template.usesMutating)
    for (const template of this.compiled) for (const name of template.usesChanging) this.changing.add(name)
    const repeat = compileRepeat(entry.repeat, `${path}.repeat`)
    return { index, path, apply: entry.apply ?? 'Object', repeat, when, content, text: makeText, mutates }
  }

  private readonly compile: CompileSource = (source, origin) => {
    const { name, namespace } = this.set.metadata
    try {
      const template = parseTemplate(source, {
        name: `${namespace}/${name}`,
        helpers: this.options.helpers ?? helpers,
        delimiters: this.delimiters,
        engine: this.set.spec.engine ?? 'go',
      })
      this.compiled.push(template)
      return template
    } catch (error) {
      throw error instanceof TemplateError ? templateError(error, origin) : error
    }
  }

  private readonly isTemplate = (text: string): boolean =>
    text.includes(this.set.spec.engine === 'handlebars' ? '{{' : this.delimiters.left)

  /** The content leaf by leaf, or undefined where leaves depend on each other. */
  private compileLeaves(content: JsonValue, path: string): ContentProgram | undefined {
    if (this.options.force === 'text') return undefined
    const before = this.compiled
    this.compiled = []
    const compiler = { compile: this.compile, isTemplate: this.isTemplate }
    try {
      const program = compileContent(content, path, compiler)
      const leaves = this.compiled
      this.compiled = [...before, ...leaves]
      return isIndependent(leaves) ? program : undefined
    } catch (error) {
      this.compiled = before
      if (!(error instanceof AppError) || this.options.force === 'leaf') throw error
      this.requireText(content, path, error)
      return undefined
    }
  }

  /** A leaf that does not compile alone is right only if the whole text does. */
  private requireText(content: JsonValue, path: string, leafError: AppError): void {
    const before = this.compiled
    try {
      this.compileText(content, path)
    } catch {
      throw leafError
    } finally {
      this.compiled = before
    }
  }

  private compileText(content: JsonValue, path: string): TextProgram {
    const template = this.compile(jsonToYaml(content), { path })
    const root: JsonObject = isJsonObject(content) ? content : {}
    const isComputed = Object.keys(root).some(this.isTemplate)
    const fixed = (name: string) => {
      const value = Object.hasOwn(root, name) ? root[name] : undefined
      return isComputed || (typeof value === 'string' && this.isTemplate(value)) ? undefined : value
    }
    return { template, origin: { path }, expected: { apiVersion: fixed('apiVersion'), kind: fixed('kind') } }
  }
}

/** Whether no leaf uses a named template of another. */
function isIndependent(leaves: readonly Template[]): boolean {
  const defined = new Set<string>()
  for (const leaf of leaves) {
    for (const name of leaf.definedNames) {
      if (defined.has(name)) return false
      defined.add(name)
    }
  }
  return leaves.every((leaf) => leaf.calledTemplates.every((name) => leaf.definedNames.includes(name)))
}
