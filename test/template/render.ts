import type { Value } from '../../helpers/go/value.ts'
import { helpers } from '../../helpers/index.ts'
import { TemplateError } from '../../src/template/errors.ts'
import { Budget } from '../../src/template/limits.ts'
import type { TemplateLimits } from '../../src/template/limits.ts'
import { newRuntime, parseTemplate } from '../../src/template/template.ts'
import type { TemplateOptions } from '../../src/template/template.ts'

export interface RenderOptions extends Partial<TemplateOptions> {
  readonly limits?: Partial<TemplateLimits>
}

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5)

/** Renders a template with all helpers, at a fixed time. */
export function render(source: string, data: Value = null, options: RenderOptions = {}): string {
  const template = parseTemplate(source, { helpers, name: 'tmpl', ...options })
  return template.execute(data, newRuntime({ nowMs, budget: new Budget(options.limits) }))
}

export function renderHandlebars(source: string, data: Value = null, options: RenderOptions = {}): string {
  return render(source, data, { ...options, engine: 'handlebars' })
}

/** The error that a template fails with. */
export function failure(source: string, data: Value = null, options: RenderOptions = {}): TemplateError {
  try {
    render(source, data, options)
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error(`the template did not fail: ${source}`)
}
