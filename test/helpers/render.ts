import { expect } from 'vitest'
import type { Value } from '../../helpers/go/value.ts'
import { helpers } from '../../helpers/index.ts'
import { TemplateError } from '../../src/template/errors.ts'
import { Budget } from '../../src/template/limits.ts'
import { newRuntime, parseTemplate } from '../../src/template/template.ts'

/** A template and what it prints. */
export type Case = readonly [template: string, want: string]

export function render(template: string, data: Value = null, budget = new Budget()): string {
  return parseTemplate(template, { name: 'test', helpers }).execute(data, newRuntime({ budget }))
}

/** The message of the error that rendering ends with. */
export function renderError(template: string, data: Value = null, budget = new Budget()): string {
  try {
    render(template, data, budget)
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError)
    return error instanceof Error ? error.message : ''
  }
  throw new Error(`rendered without an error: ${template}`)
}
