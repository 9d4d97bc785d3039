import type { JsonObject } from '../../helpers/go/value.ts'
import type { Disposition } from '../errors.ts'
import { BUILD_LIMITS } from '../lib/limits.ts'
import type { KubeObject } from '../api/types.ts'
import { toKubeObject } from './decode.ts'
import { renderError } from './failure.ts'
import type { SourceOrigin } from './leaf-place.ts'
import { ObjectContext, type ObjectContextOptions } from './object-context.ts'
import { DocumentsInLeaf } from './plain-leaf.ts'
import type { PreparedTemplate, PreparedTemplates } from './prepare.ts'
import type { ContentProgram } from './program.ts'
import { makeScope, type Repetition } from './scope.ts'
import { mapStrings, neutralize, renderText } from './text-program.ts'

/** An element and the generator that it comes from. */
export interface SourceElement {
  readonly element: JsonObject
  /** `spec.generators[0].list`. */
  readonly generatorPath: string
}

/** Where a rendered object comes from. */
export interface ObjectSource {
  readonly templateIndex: number
  readonly elementIndex: number
  readonly repeatIndex: number | undefined
  readonly generatorPath: string
}

/** Parts of `object` may be shared with other objects and are frozen: copy before changing. */
export interface RenderedObject {
  readonly object: KubeObject
  readonly apply: 'Object' | 'Fields'
  readonly source: ObjectSource
}

export interface RenderLimits {
  readonly maxObjects: number
  readonly maxObjectBytes: number
  readonly maxSetBytes: number
  /** Rendering is synchronous: this bounds how long a set can hold up everybody else. */
  readonly maxSetSteps: number
}

export const RENDER_LIMITS: RenderLimits = { ...BUILD_LIMITS, maxSetSteps: 50_000_000 }

export interface RenderOptions {
  /** The time of the evaluation, in milliseconds since 1970. */
  readonly nowMs: number
  readonly warn: (message: string) => void
  readonly limits?: RenderLimits
  /** Of failures: stall where all elements stand in the spec. */
  readonly disposition: Disposition
}

/** One of the limits of a set. */
class LimitExceeded extends Error {
  override readonly name = 'LimitExceeded'
}

/**
 * Renders every template for every element: elements in order, for each the templates in order, for each its
 * repetitions. Pure: depends on nothing but its arguments. Throws AppError with the element and the field.
 */
export function renderAll(
  prepared: PreparedTemplates,
  elements: readonly SourceElement[],
  options: RenderOptions,
): RenderedObject[] {
  const renderer = new Renderer(prepared, options)
  for (const [elementIndex, source] of elements.entries()) {
    for (const template of prepared.templates) renderer.render(template, source, elementIndex)
  }
  return renderer.objects
}

class Renderer {
  readonly objects: RenderedObject[] = []
  private readonly prepared: PreparedTemplates
  private readonly options: RenderOptions
  private readonly limits: RenderLimits
  private readonly contextOptions: ObjectContextOptions
  private outputBytes = 0
  private steps = 0

  constructor(prepared: PreparedTemplates, options: RenderOptions) {
    this.prepared = prepared
    this.options = options
    this.limits = options.limits ?? RENDER_LIMITS
    const { nowMs, warn } = options
    this.contextOptions = { nowMs, warn, maxOutputBytes: this.limits.maxObjectBytes }
  }

  render(template: PreparedTemplate, source: SourceElement, elementIndex: number): void {
    const job: Job = { template, source, elementIndex, repetition: undefined }
    if (template.repeat === undefined) return this.renderObject(job)
    const values = this.guard(
      job,
      { path: `${template.path}.repeat` },
      () => template.repeat?.(source.element) ?? [],
    )
    values.forEach((value, index) => this.renderObject({ ...job, repetition: { value, index } }))
  }

  private renderObject(job: Job): void {
    const context = this.newContext(job)
    try {
      const isWanted = job.template.when?.(context) ?? true
      const objects = isWanted ? this.renderContent(job, context) : []
      this.countUse(context)
      for (const object of objects) this.add(object, job)
    } catch (error) {
      throw this.explain(error, job, context.origin ?? job.template)
    }
  }

  private renderContent(job: Job, context: ObjectContext): KubeObject[] {
    const { content } = job.template
    if (content === undefined) return this.renderAsText(job, context)
    try {
      return [toKubeObject(content(context))]
    } catch (error) {
      if (!(error instanceof DocumentsInLeaf)) throw error
    }
    if (this.writesDocuments(job, content)) return this.renderAsText(job, this.newContext(job))
    return [toKubeObject(content(this.newContext(job, { keepsMarkers: true })))]
  }

  /** Whether leaves begin documents whatever the values are. */
  private writesDocuments(job: Job, content: ContentProgram): boolean {
    try {
      content(this.newContext(job, { change: neutralize }))
      return false
    } catch (error) {
      return error instanceof DocumentsInLeaf
    }
  }

  private renderAsText(job: Job, context: ObjectContext): KubeObject[] {
    return renderText(job.template.text(), context, (change) => this.newContext(job, { change }))
  }

  private newContext(job: Job, variant: ContextVariant = {}): ObjectContext {
    const { change, keepsMarkers = false } = variant
    const parts = {
      element: job.source.element,
      elementIndex: job.elementIndex,
      repetition: job.repetition,
      gitOpsSet: this.prepared.gitOpsSet,
    }
    const scope = makeScope(parts, job.template.mutates)
    const changed = change === undefined ? scope : (mapStrings(scope, change) as typeof scope)
    return new ObjectContext(changed, this.contextOptions, keepsMarkers)
  }

  private countUse({ runtime: { budget } }: ObjectContext): void {
    const { maxSetBytes, maxSetSteps } = this.limits
    this.outputBytes += budget.outputBytes
    this.steps += budget.steps
    if (this.outputBytes > maxSetBytes)
      throw new LimitExceeded(`the set's templates write more than ${maxSetBytes} bytes; split it`)
    if (this.steps > maxSetSteps)
      throw new LimitExceeded(`the set's templates take more than ${maxSetSteps} steps; split it`)
  }

  private add(object: KubeObject, job: Job): void {
    const { maxObjects } = this.limits
    if (this.objects.length >= maxObjects)
      throw new LimitExceeded(`the set renders more than ${maxObjects} objects; split it`)
    const { template, source, elementIndex, repetition } = job
    this.objects.push({
      object,
      apply: template.apply,
      source: {
        templateIndex: template.index,
        elementIndex,
        repeatIndex: repetition?.index,
        generatorPath: source.generatorPath,
      },
    })
  }

  private guard<T>(job: Job, origin: SourceOrigin, run: () => T): T {
    try {
      return run()
    } catch (error) {
      throw this.explain(error, job, origin)
    }
  }

  private explain(error: unknown, job: Job, origin: SourceOrigin): unknown {
    return renderError(error, {
      origin,
      elementIndex: job.elementIndex,
      generatorPath: job.source.generatorPath,
      disposition: this.options.disposition,
    })
  }
}

interface Job {
  readonly template: PreparedTemplate
  readonly source: SourceElement
  readonly elementIndex: number
  readonly repetition: Repetition | undefined
}

interface ContextVariant {
  readonly change?: (text: string) => string
  readonly keepsMarkers?: boolean
}
